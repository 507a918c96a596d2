#ifndef NIDS_CMARIADB_SHIM_H
#define NIDS_CMARIADB_SHIM_H

#include <mariadb/mysql.h>
#include <mariadb/errmsg.h>

#endif

#ifndef NIDS_CXMLPUSH_H
#define NIDS_CXMLPUSH_H

#include <stddef.h>

/// A push parser for untrusted XML: no DTD, no entity of the document's own, no network, bounded depth.
///
/// libxml2's own headers stay out of this one: they pull in ICU's, which clash with Foundation's.
typedef struct nids_xml_parser nids_xml_parser;

typedef struct {
    void *context;
    /// Names are UTF-8, NUL-terminated; `namespace_uri` is NULL when the element has none.
    void (*start_element)(void *context, const char *local_name, const char *namespace_uri);
    void (*end_element)(void *context, const char *local_name, const char *namespace_uri);
    void (*characters)(void *context, const char *bytes, size_t length);
} nids_xml_callbacks;

enum {
    NIDS_XML_OK = 0,
    NIDS_XML_MALFORMED = 1,
    NIDS_XML_FORBIDDEN = 2, /* a document type, an entity, a processing instruction that we refuse */
    NIDS_XML_TOO_DEEP = 3,
    NIDS_XML_NO_MEMORY = 4,
};

/// Returns NULL when memory is short.
nids_xml_parser *nids_xml_parser_create(nids_xml_callbacks callbacks, int maximum_depth);

/// Feeds bytes; returns one of NIDS_XML_*. After anything but NIDS_XML_OK no callback is made any more.
int nids_xml_parser_feed(nids_xml_parser *parser, const char *bytes, size_t length);

/// Ends the document: NIDS_XML_MALFORMED when it is incomplete.
int nids_xml_parser_finish(nids_xml_parser *parser);

/// The line at which parsing stopped, and libxml2's words for it ("" when there are none).
int nids_xml_parser_line(const nids_xml_parser *parser);
const char *nids_xml_parser_message(const nids_xml_parser *parser);

void nids_xml_parser_free(nids_xml_parser *parser);

#endif

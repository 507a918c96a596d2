import MariaDB
import TestSupport

extension MariaDBServer.Database {
    var configuration: MariaDBConfiguration {
        MariaDBConfiguration(
            host: host, port: port, name: name, user: user, password: password, connectTimeout: .seconds(5),
            statementTimeout: .seconds(30))
    }
}

import Foundation
import MariaDB
import Testing

@testable import NidsSync

@Suite("The settings of the observations' database")
struct ObservationSettingsTests {
    private func load(_ yaml: String = "", _ variables: [String: String] = [:]) throws -> Settings.Observations {
        let environment = SettingsLoaderTests.required.merging(variables) { $1 }
        return try SettingsLoader(file: SettingsFile(text: yaml, name: "nids.yaml"), environment: environment).load()
            .observations
    }

    private func configuration(
        _ yaml: String = "", _ variables: [String: String] = [:]
    ) throws -> MariaDBConfiguration {
        let named = ["DB_NAME": "n", "DB_USER": "u"].merging(variables) { $1 }
        guard case .mariaDB(let configuration) = try load(yaml, named) else {
            Issue.record("SQLite")
            throw ConfigurationError("SQLite", advice: "")
        }
        return configuration
    }

    @Test("several hosts are a YAML list, or one text with commas, each with a port of its own or the common one")
    func hosts() throws {
        let expected: [MariaDBAddress] = [
            .tcp(host: "db1", port: 3310), .tcp(host: "db2", port: 3307), .tcp(host: "fd00::1", port: 3308),
            .socket(path: "/run/mysqld/mysqld.sock"),
        ]
        let list = "observations:\n  port: 3310\n  host: [db1, 'db2:3307', '[fd00::1]:3308', /run/mysqld/mysqld.sock]\n"
        #expect(try configuration(list).servers == expected)
        let text = "db1, db2:3307,[fd00::1]:3308 ,/run/mysqld/mysqld.sock,"
        #expect(try configuration("", ["DB_HOST": text, "DB_PORT": "3310"]).servers == expected)
        #expect(try configuration("observations.host: db1\n").servers == [.tcp(host: "db1", port: 3306)])
    }

    @Test(
        "a host that is none, or stands there twice, is refused", arguments: ["db:70000", "a b", "db,db", "db,db:3306"])
    func wrongHosts(host: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try configuration("", ["DB_HOST": host]) }
        #expect(error.key == "observations.host")
    }

    @Test("TLS is as it is said, and otherwise chosen by where the server is")
    func tls() throws {
        #expect(try configuration("observations.host: db\n").tls == nil)
        for tls in MariaDBTLS.allCases {
            #expect(try configuration("observations: {host: db, tls: \(tls.rawValue)}\n").tls == tls)
        }
        let verified = try configuration("observations: {host: db, ca_file: \(#filePath)}\n")
        #expect(verified.caFile == #filePath)
        #expect(try configuration("", ["DB_HOST": "db", "NIDS_OBSERVATIONS_TLS": "required"]).tls == .required)
    }

    @Test("a CA file beside a choice that verifies nothing is refused", arguments: ["off", "required"])
    func uselessCAFile(tls: String) throws {
        let error = try #require(throws: ConfigurationError.self) {
            try configuration("observations: {host: db, tls: \(tls), ca_file: \(#filePath)}\n")
        }
        #expect(error.key == "observations.ca_file")
    }

    @Test(
        "a database without a host is refused: the observations would go to a file that nobody looks at",
        arguments: ["DB_NAME", "DB_USER", "DB_PASSWORD", "NIDS_OBSERVATIONS_NAME", "DB_PASSWORD_FILE"])
    func withoutHost(variable: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try load("", [variable: "hunter2"]) }
        #expect(error.place == .variable(variable))
        #expect(error.advice.contains("DB_HOST"))
        #expect(!"\(error)".contains("hunter2"))
        let inFile = try #require(throws: ConfigurationError.self) { try load("observations:\n  name: nids\n") }
        #expect(inFile.place == .file("nids.yaml", line: 2))
    }

    @Test("a port alone, and an empty host with nothing else, are SQLite")
    func sqlite() throws {
        #expect(try load("", ["DB_PORT": "3306", "DB_HOST": ""]) == .sqlite)
        #expect(try load("observations.host: []\n") == .sqlite)
    }

    @Test("the home is told without login and password, and is one with that of earlier versions")
    func home() throws {
        let home = try load("", ["DB_HOST": "db", "DB_NAME": "n", "DB_USER": "u", "DB_PASSWORD": "hunter2"]).home
        #expect(home == "mariadb://db:3306/n")
        #expect(
            try load("", ["DB_HOST": "localhost", "DB_NAME": "n", "DB_USER": "u"]).home == "mariadb://localhost:3306/n")
        #expect(
            try load("", ["DB_HOST": "/run/m.sock", "DB_NAME": "n", "DB_USER": "u"]).home
                == "mariadb:///run/m.sock:3306/n")
        #expect(try load().home == "sqlite")
    }

    @Test(
        "a cluster is the same home while one of its servers is",
        arguments: [
            ("mariadb://db1:3306/n", true), ("mariadb://db2:3306,db1:3306/n", true), ("mariadb://db3:3306/n", false),
            ("mariadb://db1:3307/n", false), ("mariadb://db1:3306/m", false), ("sqlite", false),
            ("mariadb:///run/m.sock:3311/n", true), ("", false),
        ])
    func sameHome(stored: String, isSame: Bool) throws {
        let settings = try load("", ["DB_HOST": "db1,db2,/run/m.sock", "DB_NAME": "n", "DB_USER": "u"])
        #expect(settings.isHome(stored) == isSame)
        #expect(settings.isHome(settings.home))
        #expect(try load().isHome("sqlite"))
        #expect(try !load().isHome("mariadb://db1:3306/n"))
    }
}

import MariaDB
import Testing

@Suite("Addresses of MariaDB servers")
struct MariaDBAddressTests {
    @Test(
        "are read as people write them",
        arguments: [
            ("db", MariaDBAddress.tcp(host: "db", port: 3306)), ("db:3307", .tcp(host: "db", port: 3307)),
            ("db_1.example.org", .tcp(host: "db_1.example.org", port: 3306)),
            ("10.0.0.5:1", .tcp(host: "10.0.0.5", port: 1)), ("::1", .tcp(host: "::1", port: 3306)),
            ("[::1]", .tcp(host: "::1", port: 3306)), ("[fd00::1]:3310", .tcp(host: "fd00::1", port: 3310)),
            ("fe80::1%eth0", .tcp(host: "fe80::1%eth0", port: 3306)), ("localhost", .socket(path: nil)),
            ("localhost:3306", .tcp(host: "localhost", port: 3306)),
            ("/run/mysqld/mysqld.sock", .socket(path: "/run/mysqld/mysqld.sock")),
        ])
    func read(text: String, address: MariaDBAddress) {
        #expect(MariaDBAddress(text) == address)
    }

    @Test("take the default port where they have none")
    func defaultPort() {
        #expect(MariaDBAddress("db", defaultPort: 3310) == .tcp(host: "db", port: 3310))
        #expect(MariaDBAddress("db:1", defaultPort: 3310) == .tcp(host: "db", port: 1))
        #expect(MariaDBAddress("::1", defaultPort: 3310) == .tcp(host: "::1", port: 3310))
    }

    @Test(
        "anything else is none",
        arguments: [
            "", " ", "db host", "db:", "db:0", "db:65536", "db:+1", "db:port", "mysql://db/nids", "anne:secret@db",
            "db?ssl=1", "[::1", "[db]:1", "[::1]3306", "1:2:3", "db/nids", "-db", "é",
            "/" + String(repeating: "s", count: 107),
            "db:99999999999999999999",
        ])
    func refused(text: String) {
        #expect(MariaDBAddress(text) == nil)
    }

    @Test("are shown as they can be written", arguments: ["db:3307", "[::1]:3306", "/run/mysqld/mysqld.sock"])
    func shown(text: String) {
        #expect(MariaDBAddress(text)?.description == text)
    }
}

@Suite("Networks of one's own")
struct LocalNetworkTests {
    @Test(
        "are loopback, private and link-local addresses",
        arguments: [
            "127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.1.1",
            "0.0.0.0", "::1", "::", "fd12:3456::1", "fc00::1", "fe80::1", "fe80::1%eth0", "::ffff:192.168.1.1",
        ])
    func local(address: String) {
        #expect(LocalNetwork.contains(address))
    }

    @Test(
        "are no others, and no names",
        arguments: [
            "8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.0.1", "11.0.0.1", "100.64.0.1", "2001:db8::1", "fec0::1",
            "::2", "::ffff:8.8.8.8", "localhost", "db", "", "127.1", "10.0.0.5.example.org",
        ])
    func others(address: String) {
        #expect(!LocalNetwork.contains(address))
    }
}

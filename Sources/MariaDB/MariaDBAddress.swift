internal import Glibc

/// The place at which one server listens: a TCP port, or a Unix socket.
public enum MariaDBAddress: Sendable, Hashable {
    /// A host's name or its IP address, and its port.
    case tcp(host: String, port: Int)
    /// A Unix socket; `nil` is the one that libmariadb was built for (`/run/mysqld/mysqld.sock` in Debian).
    case socket(path: String?)
}

extension MariaDBAddress {
    /// Reads an address as people write it: `db`, `db:3307`, `10.0.0.5:3307`, `::1`, `[::1]:3307`, `/run/mysqld.sock`.
    ///
    /// `localhost` without a port of its own is the Unix socket, whatever `defaultPort` says: that is libmariadb's
    /// rule, which Django's client and the `mariadb` command follow too. `localhost:3306` and `127.0.0.1` mean TCP.
    /// - Returns: `nil` for what cannot be an address.
    public init?(_ text: String, defaultPort: Int = 3306) {
        if text.hasPrefix("/") {
            // The kernel's sockaddr_un has room for 107 bytes and a NUL.
            guard text.utf8.count <= 107, !text.utf8.contains(0) else { return nil }
            self = .socket(path: text)
        } else if text == "localhost" {
            self = .socket(path: nil)
        } else {
            guard let (host, port) = Self.split(text), Self.isHost(host) else { return nil }
            guard let number = port.map(Self.port) ?? defaultPort, Self.ports.contains(number) else { return nil }
            self = .tcp(host: host, port: number)
        }
    }

    private static let ports = 1...65535

    /// Only digits: `Int("+3306")` is a number too.
    private static func port(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }

    private static func split(_ text: String) -> (host: String, port: Substring?)? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let (host, rest) = (text[text.index(after: text.startIndex)..<end], text[end...].dropFirst())
            guard host.contains(":"), rest.isEmpty || rest.hasPrefix(":") else { return nil }
            return (String(host), rest.isEmpty ? nil : rest.dropFirst())
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        // An IPv6 address without brackets has two colons at least, and no port.
        return parts.count == 2 ? (String(parts[0]), parts[1]) : (text, nil)
    }

    private static func isHost(_ text: String) -> Bool {
        guard !text.contains(":") else { return LocalNetwork.bytes(ofLiteral: text) != nil }
        return (1...253).contains(text.utf8.count) && !text.hasPrefix("-")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: ".-_".utf8.contains(byte)
                }
            }
    }
}

extension MariaDBAddress: CustomStringConvertible {
    /// As messages and configurations name it: `db.example.org:3306`, `[::1]:3306`, or the socket's path.
    public var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .socket(let path?): path
        case .socket(nil): "localhost (its Unix socket; write 127.0.0.1 for TCP)"
        }
    }
}

internal import Glibc

/// Addresses that lead no further than this machine or a network of one's own.
///
/// Loopback, RFC 1918, link-local (RFC 3927, RFC 4291) and unique local IPv6 addresses (RFC 4193); IPv4 addresses also
/// in their IPv6 form (`::ffff:10.0.0.5`).
public enum LocalNetwork {
    /// True for an IP address, as text, of such a network; false for any other text, a host's name included.
    public static func contains(_ address: String) -> Bool {
        bytes(ofLiteral: address).map(isLocal) ?? false
    }

    /// True where every address that the host's name has is one of such a network. Asks the resolver, and blocks.
    static func containsAll(of host: String) -> Bool {
        if let bytes = bytes(ofLiteral: host) { return isLocal(bytes) }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &found) == 0 else { return false }
        defer { freeaddrinfo(found) }
        var (entry, all) = (found, found != nil)
        while let current = entry {
            all = all && (bytes(of: current.pointee).map(isLocal) ?? false)
            entry = current.pointee.ai_next
        }
        return all
    }

    /// The 4 or 16 bytes of an address written as text, an IPv6 zone (`%eth0`) aside.
    static func bytes(ofLiteral text: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: four) { Array($0) } }
        var sixteen = in6_addr()
        let literal = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)[0]
        if inet_pton(AF_INET6, String(literal), &sixteen) == 1 { return withUnsafeBytes(of: sixteen) { Array($0) } }
        return nil
    }

    private static func bytes(of entry: addrinfo) -> [UInt8]? {
        guard let address = entry.ai_addr else { return nil }
        return switch entry.ai_family {
        case AF_INET:
            address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin_addr) { Array($0) }
            }
        case AF_INET6:
            address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin6_addr) { Array($0) }
            }
        default: nil
        }
    }

    private static func isLocal(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == 16 else {
            return switch (bytes[0], bytes[1]) {
            case (127, _), (10, _), (172, 16...31), (192, 168), (169, 254): true
            // 0.0.0.0 as a destination is this machine.
            default: bytes.allSatisfy { $0 == 0 }
            }
        }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        if isMapped { return isLocal(Array(bytes[12...])) }
        if bytes[..<15].allSatisfy({ $0 == 0 }) { return bytes[15] <= 1 }
        return bytes[0] & 0xFE == 0xFC || (bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80)
    }
}

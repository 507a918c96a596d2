import HTTPTypes

/// References such as a `Location` holds (RFC 3986, sections 4.1 and 5.2).
package enum URLReference {
    /// The absolute URL that a reference stands for in an answer to that request.
    static func resolve(_ reference: String, against request: HTTPRequest) -> String {
        let reference = reference.prefix { $0 != "#" }
        if hasScheme(reference) { return String(reference) }
        let scheme = request.scheme ?? "https"
        if reference.hasPrefix("//") { return "\(scheme):\(reference)" }
        let base = request.path ?? "/"
        let basePath = base.prefix { $0 != "?" }
        let path = reference.prefix { $0 != "?" }
        let query = reference[path.endIndex...]
        let target: String
        if reference.isEmpty {
            target = base
        } else if path.isEmpty {
            target = String(basePath + query)
        } else if path.hasPrefix("/") {
            target = removingDots(path) + query
        } else {
            let folder = basePath[...(basePath.lastIndex(of: "/") ?? basePath.startIndex)]
            target = removingDots(folder + path) + query
        }
        return "\(scheme)://\(request.authority ?? "")\(target)"
    }

    /// The reference without what may hold a secret: user and password, query, fragment.
    package static func printable(_ reference: String) -> String {
        let text = reference.prefix { $0 != "?" && $0 != "#" }
        guard let slashes = text.firstRange(of: "//") else { return String(text) }
        let authority = text[slashes.upperBound...].prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return String(text) }
        return String(text[..<slashes.upperBound] + text[text.index(after: at)...])
    }

    private static func hasScheme(_ reference: Substring) -> Bool {
        let scheme = reference.utf8.prefix { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return !scheme.isEmpty && reference.utf8.dropFirst(scheme.count).first == UInt8(ascii: ":")
    }

    /// RFC 3986, section 5.2.4.
    private static func removingDots(_ path: some StringProtocol) -> String {
        var kept: [Substring] = []
        let segments = Substring(path).split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for segment in segments {
            switch segment {
            case ".": break
            case "..": _ = kept.popLast()
            default: kept.append(segment)
            }
        }
        if segments.last == "." || segments.last == ".." { kept.append("") }
        return "/" + kept.joined(separator: "/")
    }
}

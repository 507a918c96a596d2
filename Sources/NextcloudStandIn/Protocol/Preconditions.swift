/// `If-Match` and `If-None-Match` as sabre/dav has them (RFC 9110, section 13.1).
struct Preconditions: Sendable {
    private let ifMatch: String?
    private let ifNoneMatch: String?
    private let isRead: Bool

    init(_ exchange: Exchange) {
        let request = exchange.request
        let isObeyed = !exchange.conditions.ignoresPreconditions
        ifMatch = isObeyed ? request["If-Match"] : nil
        ifNoneMatch = isObeyed ? request["If-None-Match"] : nil
        isRead = request.method == "GET" || request.method == "HEAD"
    }

    /// Checks them against what is there. True means that the client has it already (304).
    func check(_ node: Node?) throws(DAVError) -> Bool {
        let etag = node.map { "\"\($0.etag)\"" }
        if let ifMatch {
            guard let etag else {
                throw .precondition("If-Match", "An If-Match header was specified and the resource did not exist")
            }
            guard Self.matches(ifMatch, etag) else {
                throw .precondition(
                    "If-Match", "An If-Match header was specified, but none of the specified ETags matched.", etag: etag
                )
            }
        }
        if let ifNoneMatch, let etag, Self.matches(ifNoneMatch, etag) {
            if isRead { return true }
            throw .precondition(
                "If-None-Match",
                "An If-None-Match header was specified, but the ETag matched (or * was specified).")
        }
        return false
    }

    private static func matches(_ header: String, _ etag: String) -> Bool {
        header.split(separator: ",").contains { item in
            let item = item.drop { $0 == " " }.prefix { $0 != " " }
            return item == "*" || item == etag[...]
        }
    }
}

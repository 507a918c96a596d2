/// An error as sabre/dav words it, with the status that goes with it.
struct DAVError: Error, Sendable, Hashable {
    var status: Int
    /// PHP's class name.
    var exception: String
    var message: String
    /// The request header that caused it, told inside the body.
    var header: String?
    /// Nextcloud's `o:retry` and `o:reason`.
    var hasReason = false
    /// The path that 423 is about, where a lock with a token is meant.
    var lockedPath: String?
    /// Further headers of the answer.
    var headers: [String: String] = [:]
    /// True leaves `X-User-Id` out of the answer.
    var isAnonymous = false

    init(
        _ status: Int, _ exception: String, _ message: String, header: String? = nil, headers: [String: String] = [:],
        anonymous: Bool = false
    ) {
        self.status = status
        self.exception = exception
        self.message = message
        self.header = header
        self.headers = headers
        isAnonymous = anonymous
    }

    static func sabre(_ status: Int, _ name: String, _ message: String) -> DAVError {
        DAVError(status, #"Sabre\DAV\Exception\"# + name, message)
    }

    static func notFound(_ names: some Sequence<String>) -> DAVError {
        sabre(404, "NotFound", "File with name /\(names.joined(separator: "/")) could not be located")
    }

    static func precondition(_ header: String, _ message: String, etag: String? = nil) -> DAVError {
        DAVError(
            412, #"Sabre\DAV\Exception\PreconditionFailed"#, message, header: header,
            headers: etag.map { ["ETag": $0] } ?? [:])
    }

    static func invalidPath(_ reason: String) -> DAVError {
        var error = DAVError(400, #"OCA\DAV\Connector\Sabre\Exception\InvalidPath"#, reason)
        error.hasReason = true
        return error
    }

    static func locked(_ path: String) -> DAVError {
        DAVError(423, #"OCA\DAV\Connector\Sabre\Exception\FileLocked"#, "\"\(path)\" is locked")
    }

    static let disabled = DAVError(
        503, #"Sabre\DAV\Exception\ServiceUnavailable"#, #"OC\User\DisabledUserException: Account disabled"#,
        anonymous: true)

    /// The answer to a login that is none.
    static func unauthorized(_ reason: String) -> DAVError {
        DAVError(
            401, #"Sabre\DAV\Exception\NotAuthenticated"#, reason,
            headers: ["WWW-Authenticate": "Basic realm=\"Nextcloud\", charset=\"UTF-8\""], anonymous: true)
    }

    /// Nextcloud's 423 for a file that somebody has open.
    static func open(_ path: String) -> DAVError {
        var error = sabre(423, "Locked", "")
        error.lockedPath = path
        return error
    }

    static let maintenance = DAVError(
        503, #"OCA\DAV\Exception\ServerMaintenanceMode"#, "System is in maintenance mode.", anonymous: true)

    /// The stand-in's own disk failed.
    static func storage(_ error: StandInError) -> DAVError {
        sabre(500, "ServiceUnavailable", error.description)
    }

    /// The document that sabre/dav answers with.
    var document: [UInt8] {
        let reason = XMLText.escaped(message)
        var text = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
        text += "<d:error xmlns:d=\"DAV:\" xmlns:s=\"http://sabredav.org/ns\""
        text += hasReason ? " xmlns:o=\"http://owncloud.org/ns\">\n" : ">\n"
        text += "  <s:exception>\(exception)</s:exception>\n"
        text += reason.isEmpty ? "  <s:message/>\n" : "  <s:message>\(reason)</s:message>\n"
        if let header { text += "  <s:header>\(header)</s:header>\n" }
        if let lockedPath {
            let href = XMLText.escaped(lockedPath)
            text += "  <d:lock-token-submitted>\n    <d:href>\(href)</d:href>\n  </d:lock-token-submitted>\n"
        }
        if hasReason {
            text += "  <o:retry xmlns:o=\"o:\">false</o:retry>\n  <o:reason xmlns:o=\"o:\">\(reason)</o:reason>\n"
        }
        return Array((text + "</d:error>\n").utf8)
    }
}

/// The reason for which the body of a download is not believed to be the file that was listed: a passing fault, not the file's.
public enum UnexpectedBody: Sendable, Hashable {
    /// A web page: a portal, a login page, a firewall's question.
    case webPage(bytes: Int, title: String?)
    /// Less than was listed; nothing at all included.
    case incomplete(bytes: Int, of: Int)
    /// More than was listed.
    case longer(bytes: Int, than: Int)
    /// Another version than the one listed, by its ETag.
    case otherVersion(listed: ETag, answered: ETag)
    /// Encoded, though no encoding was asked for.
    case encoded(String, bytes: Int)
}

extension UnexpectedBody: CustomStringConvertible {
    /// The body as the predicate of a sentence.
    public var description: String {
        switch self {
        case .webPage(let bytes, let title):
            "\(ForeignText.webPage(title: title)) of \(bytes) bytes instead of the file"
        case .incomplete(0, let length): "nothing: 0 of \(length) bytes"
        case .incomplete(let bytes, let length):
            (bytes == length / 2 ? "half of it" : "a part of it") + ": \(bytes) of \(length) bytes"
        case .longer(let bytes, let length): "\(bytes) bytes where \(length) are listed"
        case .otherVersion(let listed, let answered):
            "another version than the one listed (\(answered.headerValue), listed \(listed.headerValue))"
        case .encoded(let encoding, let bytes): "\(bytes) bytes encoded as \(encoding), which nobody asked for"
        }
    }
}

/// The body of a request.
public enum HTTPBody: Sendable {
    case none
    case bytes([UInt8])
    /// Parts sent one after another; files are read while they are sent, never held whole in memory.
    case parts([Part])

    /// A text, as UTF-8.
    public static func text(_ text: String) -> HTTPBody { .bytes(Array(text.utf8)) }

    /// A file of this machine.
    public static func file(path: String) -> HTTPBody { .parts([.file(path: path)]) }

    /// A piece of a body.
    public enum Part: Sendable {
        case bytes([UInt8])
        /// A file's bytes as they are.
        case file(path: String)
        /// A file's bytes in Base64 (RFC 4648, section 4), without line breaks.
        case base64File(path: String)

        /// A text, as UTF-8.
        public static func text(_ text: String) -> Part { .bytes(Array(text.utf8)) }
    }
}

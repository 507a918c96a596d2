/// The error document of Sabre/DAV, on which Nextcloud is built: the exception's class and a message.
struct ServerFault {
    var exception: String?
    var message: String?

    /// Reads what there is; a body that is no such document gives neither.
    init(_ body: [UInt8]) {
        let reader = Reader()
        if let parser = try? XMLPushParser(reader) {
            try? parser.feed(Array(body.prefix(64 << 10)))
            try? parser.finish()
        }
        exception = Self.line(reader.exception, limit: 200)
        message = Self.line(reader.message, limit: 300)
    }

    /// One line without control characters: these words go into logs and onto terminals.
    private static func line(_ text: String, limit: Int) -> String? {
        let kept = text.unicodeScalars.filter { scalar in
            scalar.properties.isWhitespace || scalar.properties.generalCategory != .control
        }
        let line = String(String.UnicodeScalarView(kept)).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.isEmpty ? nil : String(line.prefix(limit))
    }

    private final class Reader: XMLPushHandler {
        var exception = ""
        var message = ""
        private var current = ""

        func start(_ name: XMLName) { current = name.isIn("http://sabredav.org/ns") ? name.local : "" }
        func end(_ name: XMLName) { current = "" }
        func text(_ bytes: UnsafeRawBufferPointer) {
            switch current {
            case "exception" where exception.utf8.count < 200: exception += String(decoding: bytes, as: UTF8.self)
            case "message" where message.utf8.count < 300: message += String(decoding: bytes, as: UTF8.self)
            default: break
            }
        }
    }
}

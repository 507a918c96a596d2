/// The error document of Sabre/DAV, on which Nextcloud is built: the exception's class and a message.
struct ServerFault {
    var exception: String?
    var message: String?
    /// The header field that was not met, where it is a precondition that failed.
    var header: String?

    /// True when the exception is one of Nextcloud's or ownCloud's own.
    var isNextclouds: Bool {
        ["OCA\\", "OCP\\", "OC\\"].contains { exception?.hasPrefix($0) == true || message?.hasPrefix($0) == true }
    }

    /// True when a rule of the server refuses the file or its name: Nextcloud answers 500 to some of them.
    var isRule: Bool { exception?.hasSuffix("ForbiddenException") == true || refusesName }

    /// True when it refuses the name of a file or folder.
    var refusesName: Bool {
        guard let exception else { return false }
        return exception.hasSuffix("InvalidPath") || exception.hasSuffix("InvalidPathException")
            || message?.hasPrefix("Invalid path") == true
    }

    /// Reads what there is; a body that is no such document gives neither.
    init(_ body: [UInt8]) {
        let reader = Reader()
        if let parser = try? XMLPushParser(reader) {
            var prologue = XMLPrologue()
            try? parser.feed(prologue.strip(Array(body.prefix(64 << 10))))
            try? parser.finish()
        }
        exception = Self.line(reader.exception, limit: 200)
        message = Self.line(reader.message, limit: 300)
        header = Self.line(reader.header, limit: 40)
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
        var header = ""
        private var current = ""

        func start(_ name: XMLName) { current = name.isIn("http://sabredav.org/ns") ? name.local : "" }
        func end(_ name: XMLName) { current = "" }
        func text(_ bytes: UnsafeRawBufferPointer) {
            switch current {
            case "exception" where exception.utf8.count < 200: exception += String(decoding: bytes, as: UTF8.self)
            case "message" where message.utf8.count < 300: message += String(decoding: bytes, as: UTF8.self)
            case "header" where header.utf8.count < 40: header += String(decoding: bytes, as: UTF8.self)
            default: break
            }
        }
    }
}

import CXMLPush

/// The reasons for which XML is not taken.
enum XMLPushError: Error {
    case malformed(line: Int, message: String)
    case forbidden(message: String)
    case tooDeep
    case noMemory
    /// Something else than the document came, or stands around it: the text says what.
    case foreign(String)
}

/// Takes what a push parser finds.
protocol XMLPushHandler: AnyObject {
    func start(_ name: XMLName)
    func end(_ name: XMLName)
    func text(_ bytes: UnsafeRawBufferPointer)
}

/// An element's name, valid during the call that brings it.
struct XMLName {
    fileprivate let localName: UnsafePointer<CChar>
    fileprivate let namespace: UnsafePointer<CChar>?

    var local: String { String(cString: localName) }
    func isIn(_ uri: StaticString) -> Bool { namespace.map { Self.equal($0, uri) } ?? false }
    /// True when that is its local name; no `String` is made of it.
    func isCalled(_ name: StaticString) -> Bool { Self.equal(localName, name) }

    private static func equal(_ text: UnsafePointer<CChar>, _ other: StaticString) -> Bool {
        var index = 0
        while index < other.utf8CodeUnitCount {
            if UInt8(bitPattern: text[index]) != other.utf8Start[index] { return false }
            index += 1
        }
        return text[index] == 0
    }
}

/// libxml2's push parser for bytes from outside: no DTD, no entities but XML's five, at most 64 levels.
final class XMLPushParser {
    static let maximumDepth: Int32 = 64

    private var parser: OpaquePointer?
    // The C side holds this unretained; it lives as long as the parser does.
    private let relay: Relay

    init(_ handler: any XMLPushHandler) throws(XMLPushError) {
        relay = Relay(handler)
        let callbacks = nids_xml_callbacks(
            context: Unmanaged.passUnretained(relay).toOpaque(),
            start_element: { context, name, uri in
                guard let name else { return }
                Relay.from(context)?.handler.start(XMLName(localName: name, namespace: uri))
            },
            end_element: { context, name, uri in
                guard let name else { return }
                Relay.from(context)?.handler.end(XMLName(localName: name, namespace: uri))
            },
            characters: { context, bytes, length in
                Relay.from(context)?.handler.text(UnsafeRawBufferPointer(start: bytes, count: length))
            })
        parser = nids_xml_parser_create(callbacks, Self.maximumDepth)
        if parser == nil { throw .noMemory }
    }

    deinit { nids_xml_parser_free(parser) }

    func feed(_ bytes: [UInt8]) throws(XMLPushError) {
        try check(
            bytes.withUnsafeBytes {
                nids_xml_parser_feed(parser, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
            })
    }

    func finish() throws(XMLPushError) { try check(nids_xml_parser_finish(parser)) }

    private func check(_ code: Int32) throws(XMLPushError) {
        let message = String(cString: nids_xml_parser_message(parser))
        switch Int(code) {
        case Int(NIDS_XML_OK): return
        case Int(NIDS_XML_FORBIDDEN): throw .forbidden(message: message)
        case Int(NIDS_XML_TOO_DEEP): throw .tooDeep
        case Int(NIDS_XML_NO_MEMORY): throw .noMemory
        default: throw .malformed(line: Int(nids_xml_parser_line(parser)), message: message)
        }
    }

    private final class Relay {
        // The handler holds the parser, or outlives it in the function that made both.
        unowned let handler: any XMLPushHandler
        init(_ handler: any XMLPushHandler) { self.handler = handler }
        static func from(_ context: UnsafeMutableRawPointer?) -> Relay? {
            context.map { Unmanaged<Relay>.fromOpaque($0).takeUnretainedValue() }
        }
    }
}

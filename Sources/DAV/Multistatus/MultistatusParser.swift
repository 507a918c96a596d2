/// Reads a multistatus (RFC 4918, section 13) as its bytes arrive.
///
/// Each propstat is judged by its own status: only properties of a 2xx one count. An entry that cannot be taken costs
/// that entry alone and is kept in `failures`: nothing may be inferred about it, or, where it does not say which it is,
/// about anything that the listing lacks.
final class MultistatusParser: XMLPushHandler {
    /// The longest text taken of one element; hrefs of 4,000 bytes are 12,000 when encoded.
    private static let textLimit = 32 << 10
    /// More failures than any server means: then the listing as a whole tells nothing.
    private static let failuresKept = 10_000

    private let collection: CollectionURL
    private var xml: XMLPushParser?
    private var order = ListingOrder()
    private var stack: [MultistatusElement] = [.document]
    private var text: [UInt8] = []
    private var response = ResponseBuilder()
    private var sawMultistatus = false
    private var resources: [Resource] = []
    private var surroundings = ListingSurroundings()
    /// The fault for which the document is not taken, kept until enough has come to say what stands there instead.
    private var pending: XMLPushError?
    private var hasEnded: Bool { sawMultistatus && stack.count == 1 }

    /// The entries that cannot be taken.
    private(set) var failures: [FailedEntry] = []
    /// The decoded path of the first href.
    private(set) var firstHref: [UInt8]?
    /// True once a resource of the collection was read.
    private(set) var sawResource = false

    init(collection: CollectionURL) throws(XMLPushError) {
        self.collection = collection
        xml = try XMLPushParser(self)
    }

    /// Takes bytes; returns the resources that they completed.
    func feed(_ bytes: [UInt8]) throws(XMLPushError) -> [Resource] {
        let hadEnded = hasEnded
        if pending == nil {
            do throws(XMLPushError) { try xml?.feed(surroundings.strip(bytes)) } catch { pending = error }
        } else {
            _ = surroundings.strip(bytes)
        }
        if hasEnded { surroundings.takeEnd(bytes, isWhole: hadEnded) }
        if let pending, surroundings.isTelling(sawMultistatus: sawMultistatus) || !hasEnded && sawMultistatus {
            throw explained(pending)
        }
        defer { resources.removeAll(keepingCapacity: true) }
        return resources
    }

    /// Ends the document.
    func finish() throws(XMLPushError) {
        if pending == nil {
            do throws(XMLPushError) { try xml?.finish() } catch { pending = error }
        }
        if let pending { throw explained(pending) }
        if !sawMultistatus { throw surroundings.explanationBefore ?? .malformed(line: 1, message: "not a multistatus") }
    }

    /// Adds what stands where XML should: libxml2 tells a line and a character alone.
    private func explained(_ error: XMLPushError) -> XMLPushError {
        if sawMultistatus { return (hasEnded ? surroundings.explanationBehind : nil) ?? error }
        return surroundings.explanationBefore ?? error
    }

    func start(_ name: XMLName) {
        text.removeAll(keepingCapacity: true)
        let element = MultistatusElement(name, inside: stack.last ?? .other)
        switch element {
        case .multistatus: sawMultistatus = true
        case .response: response = ResponseBuilder()
        case .href: if !response.href.isEmpty { response.hasFurtherHref = true }
        case .propstat: response.startPropstat()
        case .property(.resourceType): response.setKind(isCollection: false)
        case .collection: response.setKind(isCollection: true)
        case .error: fail(FailedEntry(path: nil, reason: "the server put an error into its answer"))
        default: break
        }
        stack.append(element)
    }

    func end(_ name: XMLName) {
        switch stack.popLast() ?? .other {
        case .href: if response.href.isEmpty { response.href = Array(text.trimmed) }
        case .responseStatus: response.status = Self.code(text)
        case .propstatStatus: response.propstatStatus = Self.code(text)
        case .property(let property): response.set(property, text.trimmed)
        case .propstat: response.endPropstat()
        case .response: endResponse()
        default: break
        }
        text.removeAll(keepingCapacity: true)
    }

    func text(_ bytes: UnsafeRawBufferPointer) {
        guard stack.last?.holdsText == true else { return }
        if text.count + bytes.count > Self.textLimit { response.isSpoiled = true }
        if !response.isSpoiled { text.append(contentsOf: bytes) }
    }

    private func endResponse() {
        if firstHref == nil { firstHref = CollectionURL.decodedPath(ofHref: response.href) }
        switch response.result(in: collection) {
        case .success(let resource):
            sawResource = true
            if let refusal = order.refusal(of: resource) { fail(refusal) } else { resources.append(resource) }
        case .failure(let failure):
            if failure.path != nil { sawResource = true }
            fail(failure)
        }
    }

    private func fail(_ failure: FailedEntry) {
        if failures.count < Self.failuresKept {
            failures.append(failure)
        } else if failures.count == Self.failuresKept {
            failures.append(FailedEntry(path: nil, reason: "more than \(Self.failuresKept) entries cannot be taken"))
        }
    }

    /// "HTTP/1.1 200 OK"
    private static func code(_ text: [UInt8]) -> Int {
        let parts = text.trimmed.split(separator: UInt8(ascii: " "), maxSplits: 2)
        return parts.count > 1 ? Int(String(decoding: parts[1], as: UTF8.self)) ?? 0 : 0
    }
}

extension [UInt8] {
    /// Without blanks at either end.
    fileprivate var trimmed: ArraySlice<UInt8> {
        var rest = self[...]
        while let first = rest.first, Self.isBlank(first) { rest.removeFirst() }
        while let last = rest.last, Self.isBlank(last) { rest.removeLast() }
        return rest
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

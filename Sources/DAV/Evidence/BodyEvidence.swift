import HTTPTypes

/// The agreement of an answer's ETags with the one listed.
public enum ETagAgreement: Sendable, Hashable {
    /// `ETag` or `OC-ETag` is the one listed, but for `W/` and the suffix of a compressing proxy.
    case agrees
    /// One side names none.
    case unknown
    /// Both name one, and they differ.
    case differs
}

/// Judges the body of a GET by what the listing said: the one table that decides whether bytes are the file.
///
/// | length | ETag | body | verdict |
/// |---|---|---|---|
/// | as listed or not listed | agrees | any | believed |
/// | as listed or not listed | unknown | a web page, not announced | a web page |
/// | as listed or not listed | unknown | any other | believed |
/// | as listed or not listed | differs | a web page, not announced | a web page |
/// | as listed or not listed | differs | any other | another version, unless the caller takes that |
/// | another | any | a web page, not announced | a web page |
/// | another | any | any other | encoded, incomplete or longer |
struct BodyEvidence {
    var etag: ETag?
    var ocETag: ETag?
    var contentType: String
    var contentEncoding: String?
    var length: Int
    /// The first bytes of the body.
    var beginning: [UInt8]

    init(_ head: HTTPResponse, length: Int, beginning: [UInt8]) {
        etag = head.headerFields[.eTag].flatMap(ETag.init)
        ocETag = head.headerFields.ocETag.flatMap(ETag.init)
        contentType = (head.headerFields[.contentType] ?? "").lowercased()
        contentEncoding = head.headerFields[.contentEncoding]
        self.length = length
        self.beginning = beginning
    }

    /// The ETag that a download is known by: the one that agrees, else OC-ETag, which no proxy changes.
    func usedETag(_ expected: BodyExpectation) -> (etag: ETag?, isOCETag: Bool) {
        if let etag, etag.agrees(with: expected.etag) { return (etag, false) }
        if let ocETag { return (ocETag, true) }
        return (etag, false)
    }

    func agreement(with expected: BodyExpectation) -> ETagAgreement {
        let answered = [etag, ocETag].compactMap(\.self)
        guard let listed = expected.etag, !answered.isEmpty else { return .unknown }
        return answered.contains { $0.agrees(with: listed) } ? .agrees : .differs
    }

    /// The reason not to believe the body, `nil` when it is believed.
    func refusal(_ expected: BodyExpectation) -> UnexpectedBody? {
        let agreement = agreement(with: expected)
        let hasListedLength = expected.length.map { $0 == length } ?? true
        if hasListedLength, agreement == .agrees { return nil }
        if !expected.allowsHTML, let page = webPage { return page }
        if let listed = expected.length, listed != length { return otherLength(listed) }
        if agreement == .differs, expected.refusesOtherETag, let listed = expected.etag,
            let answered = usedETag(expected).etag
        {
            return .otherVersion(listed: listed, answered: answered)
        }
        return nil
    }

    private func otherLength(_ listed: Int) -> UnexpectedBody {
        if let contentEncoding, contentEncoding.lowercased() != "identity" {
            let name = String(contentEncoding.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }.prefix(20))
            return .encoded(name, bytes: length)
        }
        return length < listed ? .incomplete(bytes: length, of: listed) : .longer(bytes: length, than: listed)
    }

    /// A web page by its bytes; a type alone says little, since PHP names HTML where it knows none.
    private var webPage: UnexpectedBody? {
        let isTyped = contentType.hasPrefix("text/html") || contentType.hasPrefix("application/xhtml")
        let text = ForeignText(beginning)
        if case .webPage(let title) = text { return .webPage(bytes: length, title: title) }
        guard isTyped, contentEncoding == nil else { return nil }
        // A piece of a page without its head, or a message in a page's place.
        if beginning.drop(while: { $0 <= 0x20 }).first == UInt8(ascii: "<") {
            return .webPage(bytes: length, title: nil)
        }
        return nil
    }
}

extension HTTPFields {
    /// ownCloud's and Nextcloud's copy of the ETag, for proxies that drop or change `ETag`.
    var ocETag: String? { HTTPField.Name("OC-ETag").flatMap { self[$0] } }
}

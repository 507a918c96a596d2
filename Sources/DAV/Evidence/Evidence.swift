import HTTPTypes

/// The proof in an answer other than the one wished for, and its giver: the one table that decides this.
struct Evidence: Sendable, Hashable {
    var answerer: Answerer
    var proof: Proof

    /// Judges an answer.
    ///
    /// | server asked | body | answerer | 404, 410 | 408, 425, 429, 5xx | others |
    /// |---|---|---|---|---|---|
    /// | any | Sabre/DAV's error document | the server | absence | nothing | answer |
    /// | any | any, status 407 | the proxy | – | – | nothing |
    /// | Nextcloud | a web page | a web page | nothing | nothing | nothing |
    /// | Nextcloud | anything else | a gateway | nothing | nothing | nothing; 413, 414, 431: answer |
    /// | Nextcloud | no web page, status below 400 | the server | – | – | nothing |
    /// | another | anything else | the server | claimed absence | nothing | answer |
    ///
    /// Nextcloud's WebDAV answers every error with Sabre/DAV's document (recorded: 400, 401, 403, 404, 405, 409, 412,
    /// 415, 423, 500, 503, 507), so another body is somebody else's. A limit of size is final whoever sets it.
    init(_ head: HTTPResponse, _ fault: ServerFault, body: [UInt8], isNextcloud: Bool) {
        let status = head.status.code
        let isFault = status >= 500 && status != 507 && !fault.isRule || [408, 425, 429].contains(status)
        let isAbsence = status == 404 || status == 410
        if fault.exception != nil {
            answerer = isNextcloud || fault.isNextclouds ? .nextcloud : .webDAV
            proof = isFault ? .nothing : isAbsence ? .absence : .answer
        } else if status == 407 {
            answerer = .proxy
            proof = .nothing
        } else if isNextcloud {
            answerer = Self.foreigner(head, body)
            proof = [413, 414, 431].contains(status) ? .answer : .nothing
        } else {
            answerer = [502, 504].contains(status) ? .gateway(name: Self.name(head)) : .webDAV
            proof = isFault ? .nothing : isAbsence ? .claimedAbsence : .answer
        }
    }

    private static func foreigner(_ head: HTTPResponse, _ body: [UInt8]) -> Answerer {
        if case .webPage(let title) = ForeignText(body) { return .webPage(title: title) }
        if head.status.code < 400 { return .nextcloud }
        return .gateway(name: name(head))
    }

    /// The software that answers, without its version's details.
    private static func name(_ head: HTTPResponse) -> String? {
        guard let server = head.headerFields[.server] else { return nil }
        let name = server.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-".contains($0)) }
        return name.isEmpty ? nil : String(name.prefix(40))
    }
}

import HTTP
import HTTPTypes

extension DAVError {
    init(_ error: HTTPError, path: String, _ method: HTTPRequest.Method? = nil) {
        if case .redirect(let status, let location) = error {
            self.init(
                .redirected(to: location), path: path, status: status, detail: "the server sends us to \(location)",
                operation: method.map(Operation.init))
        } else {
            self.init(
                .transport(error), path: path, detail: error.explanation, operation: method.map(Operation.init))
        }
    }

    /// The error that an answer's status stands for.
    init(
        _ head: HTTPResponse, body: [UInt8], path: String, _ method: HTTPRequest.Method? = nil,
        isNextcloud: Bool = false
    ) {
        let fault = ServerFault(body)
        let evidence = Evidence(head, fault, body: body, isNextcloud: isNextcloud)
        let isSchemeWrong = Self.speaksTLS(head, body)
        let detail = isSchemeWrong ? Self.schemeAdvice : Self.detail(head, body, fault, evidence)
        self.init(
            isSchemeWrong ? .wrongAddress : Self.kind(head, fault), path: path, status: head.status.code,
            exception: fault.exception, detail: detail, retryAfter: head.retryAfter,
            operation: method.map(Operation.init), answerer: evidence.answerer, proof: evidence.proof,
            currentETag: head.status.code == 412 ? head.headerFields[.eTag].flatMap(ETag.init) : nil,
            failedHeader: fault.header, date: head.date)
    }

    private static func kind(_ head: HTTPResponse, _ fault: ServerFault) -> Kind {
        let status = head.status.code
        let location = head.headerFields[.location].map(URLReference.printable)
        return switch status {
        case 401: .unauthorized
        case 403: .forbidden
        case 404, 410: .notFound
        case 405: .notAllowed
        case 409: .conflict
        case 412: .preconditionFailed
        case 423: .locked
        case 429: .tooManyRequests
        case 503 where fault.exception?.contains("Maintenance") == true: .maintenance
        case 503 where fault.message?.contains("DisabledUserException") == true: .accountDisabled
        case 507: .insufficientStorage
        // What a virus scanner or a rule of the administration answers to one file.
        case 500 where fault.exception?.hasSuffix("ForbiddenException") == true: .forbidden
        // 408 and 425 speak of this moment, not of this file.
        case 500...599, 408, 425: .serverFailure
        case 300...399 where location != nil: .redirected(to: location ?? "")
        case 400...499: .rejected
        default: .malformed
        }
    }

    private static func detail(
        _ head: HTTPResponse, _ body: [UInt8], _ fault: ServerFault, _ evidence: Evidence
    ) -> String {
        let status = head.status.code
        let isServers = evidence.answerer == .nextcloud || evidence.answerer == .webDAV
        // Nextcloud lists here what each of its authentication layers says.
        if status == 401, isServers { return "the server refuses this login or password" }
        if (300..<400).contains(status), let location = head.headerFields[.location].map(URLReference.printable) {
            return "the server sends us to \(location)"
        }
        if status == 503, fault.message?.contains("DisabledUserException") == true {
            return "the account is disabled in Nextcloud"
        }
        if status == 429 {
            let pause = head.retryAfter.map { ": it asks to wait \($0.components.seconds) s" } ?? ""
            return "the server or a proxy takes no more requests for the moment\(pause)"
        }
        if let message = fault.message { return message }
        if isServers { return fault.exception == nil ? "the server answers \(status)" : sentence(status) }
        if case .webPage = evidence.answerer {
            return "\(evidence.answerer) came instead of Nextcloud's answer (status \(status))"
        }
        return "\(evidence.answerer) answers \(status) instead of it"
    }

    /// Words for Nextcloud's errors that come without any.
    private static func sentence(_ status: Int) -> String {
        switch status {
        case 403: "this account may not do that there"
        case 423: "somebody has it open or locked"
        default: "the server answers \(status)"
        }
    }

    static let schemeAdvice = "that port speaks TLS: write https:// in the address"

    /// The words with which web servers answer plain http on a port of TLS (Apache, nginx, Go).
    private static func speaksTLS(_ head: HTTPResponse, _ body: [UInt8]) -> Bool {
        guard head.status.code == 400 || head.status.code == 497 else { return false }
        let text = String(decoding: body.prefix(4 << 10), as: UTF8.self).lowercased()
        return [
            "speaking plain http to an ssl-enabled", "plain http request was sent to https",
            "http request to an https server",
        ].contains(where: text.contains)
    }
}

extension DAVError.Operation {
    init(_ method: HTTPRequest.Method) {
        self =
            switch method.rawValue {
            case "GET", "HEAD": .reading
            case "PROPFIND": .listing
            case "PUT": .writing
            case "MKCOL": .makingFolder
            case "MOVE": .moving
            case "LOCK", "UNLOCK": .locking
            default: .other
            }
    }
}

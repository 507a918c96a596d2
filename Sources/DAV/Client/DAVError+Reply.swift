import HTTP
import HTTPTypes

extension DAVError {
    init(_ error: HTTPError, path: String) {
        if case .redirect(_, let location) = error {
            self.init(.redirected(to: location), path: path, detail: "the server sends us to \(location)")
        } else {
            self.init(.transport(error), path: path, detail: error.explanation)
        }
    }

    /// The error that an answer's status stands for.
    init(_ head: HTTPResponse, body: [UInt8], path: String) {
        let fault = ServerFault(body)
        let status = head.status.code
        let location = head.headerFields[.location].map(URLReference.printable)
        let kind: Kind =
            switch status {
            case 401: .unauthorized
            case 403: .forbidden
            case 404: .notFound
            case 405: .notAllowed
            case 409: .conflict
            case 412: .preconditionFailed
            case 423: .locked
            case 429: .tooManyRequests
            case 503 where fault.exception?.contains("Maintenance") == true: .maintenance
            case 507: .insufficientStorage
            // What a virus scanner or a rule of the administration answers to one file.
            case 500 where fault.exception?.hasSuffix("ForbiddenException") == true: .forbidden
            // 408 and 425 speak of this moment, not of this file.
            case 500...599, 408, 425: .serverFailure
            case 300...399 where location != nil: .redirected(to: location ?? "")
            case 400...499: .rejected
            default: .malformed
            }
        self.init(
            kind, path: path, status: status, exception: fault.exception,
            detail: Self.detail(status, location, fault), retryAfter: head.retryAfter)
    }

    private static func detail(_ status: Int, _ location: String?, _ fault: ServerFault) -> String {
        // Nextcloud lists here what each of its authentication layers says.
        if status == 401 { return "the server refuses this login or password" }
        if (300..<400).contains(status), let location { return "the server sends us to \(location)" }
        return fault.message ?? "the server answers \(status)"
    }
}

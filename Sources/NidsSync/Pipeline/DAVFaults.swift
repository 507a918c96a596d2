import DAV
import HTTP

/// Says what a fault of the WebDAV server means for the sheet that met it, and for the others.
struct DAVFaults: Sendable {
    let breaker: CircuitBreaker
    /// The server as the person wrote it, for sentences about it.
    let url: String

    /// The fault of one sheet's work; what concerns all of them opens a circuit.
    func fault(for error: DAVError) -> WorkFault {
        switch error.kind {
        case .unauthorized:
            breaker.refuse(.loginRefused(error.detail))
            return .waiting(reason: "Nextcloud refuses the login")
        case .insufficientStorage:
            breaker.open(
                .uploads,
                .uploads("the Nextcloud account's quota is used up: make room, and the results will be uploaded"),
                retryAfter: error.retryAfter)
            return .waiting(reason: "the quota in Nextcloud is used up")
        case .notFound:
            return .later(reason: "the scan is no longer there", after: .seconds(150), counts: false, visible: false)
        case .forbidden:
            return .later(
                reason: "Nextcloud does not let this account do that (\(error.detail)): give it the right to read "
                    + "the scans and to write in \(ResultNames.folderName)", after: .seconds(300), counts: true,
                visible: true)
        case .locked:
            return .later(
                reason: "\(error.path) is locked by somebody", after: error.retryAfter, counts: true, visible: false)
        case .transport(.tooLarge(let limit)):
            return .failed(reason: "the scan is larger than \(limit) bytes (nextcloud.max_scan_size)")
        case .transport(.file(let path, let reason)):
            return .later(reason: "\(path): \(reason)", after: .seconds(60), counts: true, visible: true)
        default:
            if error.concernsServer {
                breaker.open(.nextcloud, .nextcloud(error.explanation(of: url)), retryAfter: error.retryAfter)
                return .waiting(reason: error.detail)
            }
            return .later(reason: error.detail, after: error.retryAfter, counts: true, visible: !error.isRetryable)
        }
    }
}

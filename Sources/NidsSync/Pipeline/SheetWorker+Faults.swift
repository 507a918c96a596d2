import DAV
import HTTP
import Transcriber

extension SheetWorker {
    /// What a fault of the server means for the sheet that met it, and for the others.
    func interruption(for error: DAVError) -> WorkInterruption {
        switch error.kind {
        case .unauthorized:
            availability.refuse(.loginRefused(error.detail))
            return .waiting(reason: "Nextcloud refuses the login")
        case .insufficientStorage:
            availability.close(
                .uploads,
                .uploads("the Nextcloud account's quota is used up: make room, and the results will be uploaded"),
                retryAfter: error.retryAfter)
            return .waiting(reason: "the quota in Nextcloud is used up")
        case .notFound:
            return .later(
                reason: "the scan is no longer there", after: .seconds(150), counts: false, visible: false)
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
                availability.close(.nextcloud, .nextcloud(explain(error)), retryAfter: error.retryAfter)
                return .waiting(reason: error.detail)
            }
            return .later(
                reason: error.detail, after: error.retryAfter, counts: true, visible: !error.isRetryable)
        }
    }

    private func explain(_ error: DAVError) -> String {
        PassError.server(error, url: settings.nextcloud.url).description
    }

    /// Stops a sheet's work where something it needs cannot be had.
    func require(_ need: Availability.Need) throws {
        if let reason = availability.reason(need) { throw WorkInterruption.waiting(reason: reason) }
    }
}

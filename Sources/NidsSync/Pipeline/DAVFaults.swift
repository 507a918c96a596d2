import DAV
import Foundation
import HTTP

/// Says what a fault of the WebDAV server means for the sheet that met it, and for the others.
struct DAVFaults: Sendable {
    /// The pause before a file is asked for again that somebody has open, or that is not what was listed.
    static let pause = Duration.seconds(30)

    /// The first pause before a file is asked for again that nobody is known to have open: Nextcloud answers 423 while
    /// somebody uploads it, or while something else is being done in its folder.
    static let shortPause = Duration.seconds(4)

    let breaker: CircuitBreaker
    /// The server as the person wrote it, for sentences about it.
    let url: String

    /// The fault of one sheet's work; what concerns all of them opens a circuit.
    func fault(for error: DAVError) -> WorkFault {
        if error.refusesName { return .failed(reason: error.description) }
        switch error.kind {
        case .unauthorized: return refuse(error)
        case .insufficientStorage:
            breaker.open(
                .uploads,
                .uploads("the Nextcloud account's quota is used up: make room, and the results will be uploaded"),
                retryAfter: error.retryAfter)
            return .waiting(reason: "the quota in Nextcloud is used up")
        case .notFound where error.operation == .reading && error.proof != .nothing:
            return .later(reason: "the scan is no longer there", after: .seconds(150), counts: false, visible: false)
        case .forbidden where error.proof != .nothing:
            return .later(reason: error.description, after: .seconds(300), counts: true, visible: true)
        case .locked:
            return .occupied(
                reason: Self.words(open: error.path, by: "somebody"),
                after: max(error.retryAfter ?? .zero, error.operation == .reading ? Self.shortPause : Self.pause))
        case .unexpectedBody:
            noteForeign(error)
            return .later(
                reason: "\(error.description): it is fetched again", after: max(error.retryAfter ?? .zero, Self.pause),
                counts: true, visible: false)
        case .transport(.tooLarge(let limit)):
            return .failed(reason: "the scan is larger than \(limit) bytes (nextcloud.max_scan_size)")
        case .transport(.file(let path, let reason)):
            let words = "a scan cannot be kept while it is read: \(path): \(reason)"
            breaker.open(.machine, .machine(words))
            return .waiting(reason: words)
        default:
            if error.concernsServer {
                breaker.open(.nextcloud, .nextcloud(error.explanation(of: url)), retryAfter: error.retryAfter)
                return .waiting(reason: error.description)
            }
            noteForeign(error)
            noteMissingFolder(error)
            return .later(
                reason: error.description, after: error.retryAfter, counts: true,
                visible: !error.isRetryable && !error.lacksFolder)
        }
    }

    /// The words for a file that is open or locked.
    static func words(open path: String, by owner: String) -> String {
        "\(owner) has \(path) open in Nextcloud, or has locked it: it is tried again"
    }

    /// The fault of a 401 where the root takes the same login: it is that file's, or its storage's.
    func faultOfOneFile(for error: DAVError) -> WorkFault {
        .later(
            reason: "\(error.description) (the login itself is taken: it is this file or folder that refuses it)",
            after: .seconds(300), counts: true, visible: error.proof != .nothing)
    }

    /// The login is refused: nothing more is asked.
    func refuse(_ error: DAVError) -> WorkFault {
        breaker.refuse(.loginRefused(error.detail))
        return .waiting(reason: "Nextcloud refuses the login")
    }

    /// Answers of somebody else than the server: several in a row are no fault of single files.
    private func noteForeign(_ error: DAVError) {
        guard error.isForeign, error.kind != .serverFailure else { return }
        breaker.recordFailure(
            error.isOfWriting ? .uploads : .nextcloud, .nextcloud(error.explanation(of: url)),
            retryAfter: error.retryAfter)
    }

    /// The folders above ours are not made: where they are missing, nothing can be uploaded.
    private func noteMissingFolder(_ error: DAVError) {
        guard error.lacksFolder else { return }
        breaker.recordFailure(.uploads, .uploads(error.description), retryAfter: error.retryAfter)
    }
}

extension DAVError {
    /// Set where a page or a proxy answered in the server's place.
    fileprivate var isForeign: Bool {
        guard proof == .nothing else { return false }
        switch answerer {
        case .webPage, .gateway, .proxy: return true
        case .nextcloud, .webDAV, nil: return false
        }
    }

    fileprivate var isOfWriting: Bool {
        switch operation {
        case .writing, .makingFolder, .moving: true
        case .reading, .listing, .locking, .other, nil: false
        }
    }

    /// Set where a folder above ours is missing: the root was renamed, deleted, or is no longer shared.
    fileprivate var lacksFolder: Bool {
        isOfWriting && (kind == .notFound || kind == .conflict) && proof != .nothing
    }
}

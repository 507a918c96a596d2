import DAV
import Foundation
import HTTP

/// Our files in Nextcloud. The rules that hold for all of them stand here: how many are sent at once, that our own
/// changes are told from those of people, that nothing is asked of what fails just now, and that nothing above our
/// folder is ever made.
struct ResultsFolder: Sendable {
    /// Uploads at once.
    private static let concurrency = 8
    /// The time after which a folder that may not be written is tried again, in seconds.
    private static let rightsPause = BackoffSchedule.rights.longest

    let dav: DAVClient
    let state: StateDatabase
    let breaker: CircuitBreaker
    let ownUploads: OwnUploads
    private let uploads = Limiter(Self.concurrency)

    init(dav: DAVClient, state: StateDatabase, breaker: CircuitBreaker, ownUploads: OwnUploads) {
        self.dav = dav
        self.state = state
        self.breaker = breaker
        self.ownUploads = ownUploads
    }

    /// Stops the work on a sheet where the server cannot be asked.
    /// - Throws: `WorkFault.waiting`.
    func requireServer() throws(WorkFault) { try breaker.require(.nextcloud) }

    /// Stops the work on a sheet where nothing can be uploaded.
    /// - Throws: `WorkFault.waiting`.
    func requireUploads() throws(WorkFault) {
        try breaker.require(.uploads)
        try breaker.require(.nextcloud)
    }

    /// Writes a file, where the precondition holds.
    ///
    /// - Parameter modified: its modification time, in seconds since 1970.
    /// - Returns: its ETag, `nil` where the server does not tell a strong one.
    /// - Throws: `DAVError`, `WorkFault`.
    func put(
        _ place: RemotePath, _ bytes: [UInt8], _ precondition: Precondition, modified: Int?
    ) async throws -> ETag? {
        let outcome = try await uploads.run {
            try requireUploads()
            return try await changing(place, in: place.parent ?? .root) {
                try await dav.put(
                    place, bytes, contentType: "application/json", precondition,
                    modified: dav.isNextcloud ? modified : nil,
                    missing: .madeFrom(ResultNames.folder))
            }
        }
        breaker.recordSuccess(.uploads)
        return outcome.etag
    }

    /// Moves a file to a place where nothing lies.
    /// - Throws: `DAVError`, `WorkFault`.
    func move(_ from: RemotePath, to place: RemotePath) async throws {
        try await changing(from, in: place.parent ?? .root) {
            try await dav.move(from, to: place, missing: .madeFrom(ResultNames.folder))
        }
    }

    /// Changes a file in a folder, where that may be done: a folder that may not be written is tried by one sheet.
    private func changing<Value: Sendable>(
        _ file: RemotePath, in folder: RemotePath, _ change: () async throws -> Value
    ) async throws -> Value {
        try requireServer()
        if let wait = breaker.turn(.folder(folder), pause: Self.rightsPause) {
            throw later(breaker.reason(.folder(folder)) ?? Self.words(folder, "it may not be written"), after: wait)
        }
        do {
            let value = try await ownUploads.during(change)
            breaker.close(.folder(folder))
            return value
        } catch let error as DAVError where error.kind == .locked {
            throw await occupation(of: file, error)
        } catch let error as DAVError where error.kind == .forbidden && !error.refusesName {
            let reason = Self.words(folder, error.detail + (error.advice.map { ". \($0)" } ?? ""))
            let outage = Outage.rights(reason)
            let isNews = breaker.open(.folder(folder), outage, retryAfter: .seconds(Self.rightsPause))
            // Where every folder says so, the others need not be asked.
            if isNews { breaker.recordFailure(.uploads, outage, retryAfter: nil) }
            throw later(reason, after: .seconds(Self.rightsPause))
        }
    }

    /// What a 423 means. The answer names nobody; the file does, where the server can tell. Where nobody has it open,
    /// something else is being done in its folder, which is over in a moment.
    private func occupation(of file: RemotePath, _ error: DAVError) async -> any Error {
        let asked = error.retryAfter ?? .zero
        if error.operation == .makingFolder {
            return WorkFault.occupied(
                reason: "the folder of \(file) cannot be made: something else is being done above it in Nextcloud",
                after: max(asked, DAVFaults.shortPause))
        }
        var (owner, isFree) = ("somebody", dav.isNextcloud)
        do throws(DAVError) {
            if let lock = try await dav.lock(of: file) {
                (owner, isFree) = (lock.ownerName ?? lock.owner ?? owner, false)
            }
        } catch { isFree = isFree && error.kind == .notFound }
        return WorkFault.occupied(
            reason: DAVFaults.words(open: file.description, by: owner),
            after: max(asked, isFree ? DAVFaults.shortPause : DAVFaults.pause))
    }

    private func later(_ reason: String, after pause: Duration) -> WorkFault {
        .later(reason: reason, after: pause, counts: false, visible: false)
    }

    private static func words(_ folder: RemotePath, _ detail: String) -> String {
        "Nextcloud does not let this account write in \(folder): \(detail)"
    }
}

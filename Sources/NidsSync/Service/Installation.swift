import DAV
import Foundation
import Transcriber

/// This installation, as `.nids-sync.json` names it below the root: one at a time works there.
struct Installation: Sendable {
    static let claimPath = ResultNames.folder.appending(RemotePath(".nids-sync.json") ?? .root)

    /// A name of this machine that survives restarts and says nothing to strangers.
    var machine: String
    /// The machine's name for people.
    var host: String

    /// This machine.
    static var current: Installation {
        let identity =
            FileManager.default.contents(atPath: "/etc/machine-id").map { String(decoding: $0, as: UTF8.self).trimmed }
        let host = ProcessInfo.processInfo.hostName
        let source = identity.flatMap { $0.isEmpty ? nil : $0 } ?? host
        return Installation(
            machine: String(ContentDigest.hex(of: Array("nids-sync machine \(source)".utf8)).prefix(16)), host: host)
    }

    /// Claims the root, or checks that the claim there is ours.
    /// - Throws: `PassError.claimed` when another machine works there, `DAVError`.
    func claim(_ dav: DAVClient, state: StateStore, takeOver: Bool) async throws {
        let known = try await state.recall(.claim)
        if known != nil, !takeOver { return }
        if let found = try await read(dav) {
            try await accept(found, dav, state: state, takeOver: takeOver)
        } else {
            try await write(dav, state: state, .absent)
        }
    }

    /// Checks the claim again where the last listing shows it changed.
    func recheck(_ dav: DAVClient, state: StateStore) async throws {
        guard let listed = try await state.resultETag(Self.claimPath), listed != (try await state.recall(.claim)) else {
            return
        }
        try await state.forget(.claim)
        try await claim(dav, state: state, takeOver: false)
    }

    private func accept(
        _ found: (claim: Claim?, etag: ETag?), _ dav: DAVClient, state: StateStore, takeOver: Bool
    ) async throws {
        if found.claim?.machine == machine {
            if let installation = found.claim?.installation { try await state.remember(.installation, installation) }
            try await state.remember(.claim, found.etag?.value ?? "")
            return
        }
        guard takeOver else { throw PassError.claimed(by: found.claim?.host ?? "an unknown machine") }
        guard let etag = found.etag, !etag.isWeak else {
            throw DAVError(
                .preconditionFailed, path: Self.claimPath.description,
                detail: "its tag is weak just now: try --take-over again in a moment")
        }
        try await write(dav, state: state, .unchanged(etag))
    }

    private func write(_ dav: DAVClient, state: StateStore, _ precondition: Precondition) async throws {
        let installation = try await state.recall(.installation) ?? UUID().uuidString.lowercased()
        try await state.remember(.installation, installation)
        let body: JSONValue = [
            "installation": .string(installation),
            "machine": .string(machine),
            "host": .string(host),
            "note": "Written by nids-sync: which installation works on this folder. Leave it here.",
        ]
        let text = Array((body.serialized() + "\n").utf8)
        if let outcome = try await put(text, dav, precondition) {
            try await state.remember(.claim, outcome.etag?.value ?? "")
        } else if let found = try await read(dav) {
            // Another installation was quicker, or our own answer was lost.
            try await accept(found, dav, state: state, takeOver: false)
        }
    }

    /// `nil` when something else is there by now.
    private func put(_ text: [UInt8], _ dav: DAVClient, _ precondition: Precondition) async throws -> PutOutcome? {
        do throws(DAVError) {
            return try await dav.put(Self.claimPath, text, contentType: "application/json", precondition)
        } catch {
            guard error.kind == .preconditionFailed else { throw error }
            return nil
        }
    }

    private func read(_ dav: DAVClient) async throws -> (claim: Claim?, etag: ETag?)? {
        do throws(DAVError) {
            let found = try await dav.get(Self.claimPath, limit: 64 << 10)
            return (Claim(found.bytes), found.etag)
        } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
    }

    private struct Claim: Sendable {
        var installation: String?
        var machine: String?
        var host: String?

        init?(_ bytes: [UInt8]) {
            guard let value = try? JSONValue(parsing: bytes), value.object != nil else { return nil }
            installation = value["installation"]?.string
            machine = value["machine"]?.string
            host = value["host"]?.string
        }
    }
}

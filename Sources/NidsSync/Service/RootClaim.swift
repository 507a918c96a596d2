import DAV
import Foundation
import Transcriber

/// The claim of this installation on the root, in `.nids-sync.json`: one at a time works there.
struct RootClaim: Sendable {
    static let path = ResultNames.folder.appending(RemotePath(".nids-sync.json") ?? .root)

    /// A name of this machine that survives restarts and says nothing to strangers.
    var machine: String
    /// The machine's name for people.
    var host: String

    /// This machine.
    static var current: RootClaim {
        let identity =
            FileManager.default.contents(atPath: "/etc/machine-id").map { String(decoding: $0, as: UTF8.self).trimmed }
        let host = ProcessInfo.processInfo.hostName
        let source = identity.flatMap { $0.isEmpty ? nil : $0 } ?? host
        return RootClaim(
            machine: String(ContentDigest.hex(of: Array("nids-sync machine \(source)".utf8)).prefix(16)), host: host)
    }

    /// Claims the root, or checks that the claim there is ours.
    /// - Throws: `PassError.claimed` when another machine works there, `DAVError`.
    func claim(_ dav: DAVClient, state: StateDatabase, takeOver: Bool) async throws {
        let known = try await state.recall(.claim)
        if known != nil, !takeOver { return }
        // Between the look and the write another installation may be quicker, or a person delete what was there.
        for attempt in 0..<3 {
            if let found = try await read(dav) {
                // Told to take over from the one that was there, not from one that came since.
                if try await accept(found, dav, state: state, takeOver: takeOver && attempt == 0) { return }
            } else if try await write(dav, state: state, .absent) {
                return
            }
        }
        throw DAVError(
            .preconditionFailed, path: Self.path.description,
            detail: "the server takes no claim there, and shows none either")
    }

    /// Checks the claim again where the last listing shows it changed.
    /// - Throws: `PassError.claimed`, `DAVError`, `DatabaseError`.
    func recheck(_ dav: DAVClient, state: StateDatabase) async throws {
        guard let listed = try await state.read({ try $0.resultFiles.etag(of: Self.path) }),
            listed != (try await state.recall(.claim))
        else {
            return
        }
        try await state.forget(.claim)
        try await claim(dav, state: state, takeOver: false)
    }

    /// - Returns: `true` when the claim found is ours now, `false` when it changed meanwhile.
    private func accept(
        _ found: (claim: Claim?, etag: ETag?), _ dav: DAVClient, state: StateDatabase, takeOver: Bool
    ) async throws -> Bool {
        if found.claim?.machine == machine {
            if let installation = found.claim?.installation { try await state.remember(.installation, installation) }
            try await state.remember(.claim, found.etag?.value ?? "")
            return true
        }
        guard takeOver else { throw PassError.claimed(by: found.claim?.host ?? "an unknown machine") }
        guard let etag = found.etag, !etag.isWeak else {
            throw DAVError(
                .preconditionFailed, path: Self.path.description,
                detail: "its ETag is weak just now: try --take-over again in a moment")
        }
        return try await write(dav, state: state, .unchanged(etag))
    }

    /// - Returns: `true` when the claim was written, `false` when something else is there by now.
    private func write(_ dav: DAVClient, state: StateDatabase, _ precondition: Precondition) async throws -> Bool {
        let installation = try await state.recall(.installation) ?? UUID().uuidString.lowercased()
        try await state.remember(.installation, installation)
        let body: JSONValue = [
            "installation": .string(installation),
            "machine": .string(machine),
            "host": .string(host),
            "note": "Written by nids-sync: which installation works on this folder. Leave it here.",
        ]
        let text = Array((body.serialized() + "\n").utf8)
        guard let outcome = try await put(text, dav, precondition) else { return false }
        try await state.remember(.claim, outcome.etag?.value ?? "")
        return true
    }

    /// `nil` when something else is there by now.
    private func put(_ text: [UInt8], _ dav: DAVClient, _ precondition: Precondition) async throws -> PutOutcome? {
        do throws(DAVError) {
            return try await dav.put(Self.path, text, contentType: "application/json", precondition)
        } catch {
            guard error.kind == .preconditionFailed else { throw error }
            return nil
        }
    }

    private func read(_ dav: DAVClient) async throws -> (claim: Claim?, etag: ETag?)? {
        do throws(DAVError) {
            let found = try await dav.get(Self.path, limit: 64 << 10)
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
            host = value["host"]?.string.map(Self.line)
        }

        /// Whoever may write there chose the text, and it is shown on a terminal.
        private static func line(_ text: String) -> String {
            let scalars = text.unicodeScalars.prefix(100).filter { $0.properties.generalCategory != .control }
            return String(String.UnicodeScalarView(scalars))
        }
    }
}

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
    /// The folder of the state, in full; `nil` where installations of one machine are not told apart.
    var directory: String?

    /// A name of the place that says nothing to strangers.
    private var place: String? {
        directory.map { String(ContentDigest.hex(of: Array("nids-sync state \(machine) \($0)".utf8)).prefix(16)) }
    }

    /// This machine, with its state in a folder.
    static func current(stateDirectory: String) -> RootClaim {
        let identity =
            FileManager.default.contents(atPath: "/etc/machine-id").map { String(decoding: $0, as: UTF8.self).trimmed }
        let host = ProcessInfo.processInfo.hostName
        let source = identity.flatMap { $0.isEmpty ? nil : $0 } ?? host
        return RootClaim(
            machine: String(ContentDigest.hex(of: Array("nids-sync machine \(source)".utf8)).prefix(16)), host: host,
            directory: URL(filePath: stateDirectory).resolvingSymlinksInPath().path(percentEncoded: false))
    }

    /// Claims the root, or checks that the claim there is ours.
    /// - Throws: `PassError.claimed` when another machine works there, `PassError.claimedHere` when another
    ///   installation of this one does, `PassError.unwritableRoot`, `DAVError`.
    func claim(_ dav: DAVClient, state: StateDatabase, takeOver: Bool) async throws {
        let known = try await state.recall(.claim)
        let wasHere = try await wasHere(state)
        if known != nil, wasHere, !takeOver { return }
        // A state of another release does not know where it lay.
        if !wasHere, try await isCopy(state), !takeOver { throw PassError.claimedHere }
        // Between the look and the write another installation may be quicker, or a person delete what was there.
        for attempt in 0..<3 {
            if let found = try await read(dav) {
                // Told to take over from the one that was there, not from one that came since.
                let isMeant = takeOver && attempt == 0
                if try await accept(found, dav, state: state, takeOver: isMeant, hasMoved: !wasHere) { return }
            } else if try await write(dav, state: state, .absent) {
                return
            }
        }
        throw DAVError(
            .preconditionFailed, path: Self.path.description,
            detail: "the server takes no claim there, and shows none either")
    }

    /// Checks the claim again where the last listing shows it changed.
    /// - Throws: `PassError.claimed`, `PassError.claimedHere`, `DAVError`, `DatabaseError`.
    func recheck(_ dav: DAVClient, state: StateDatabase) async throws {
        let listed = try await state.read { try $0.resultFiles.etag(of: Self.path) }
        guard let known = try await state.recall(.claim), listed != known else { return }
        // Somebody deleted it: it comes back, unless another installation has been quicker.
        if listed == nil, try await isDoubtful(dav, state) { return }
        try await state.forget(.claim)
        try await claim(dav, state: state, takeOver: false)
    }

    /// `true` where nobody who can know says that it is there, or that it is not.
    private func isDoubtful(_ dav: DAVClient, _ state: StateDatabase) async throws -> Bool {
        do throws(DAVError) {
            _ = try await dav.properties(of: Self.path)
            return false
        } catch {
            if error.concernsServer { throw error }
            if error.kind != .notFound || error.proof == .nothing { return true }
        }
        // An empty folder in the place of a storage that is not mounted gets nothing written.
        return try await !ReadableNeighbours(state: state, dav: dav).isReadable(near: Self.path)
    }

    /// - Returns: `true` when the claim found is ours now, `false` when it changed meanwhile.
    private func accept(
        _ found: Found, _ dav: DAVClient, state: StateDatabase, takeOver: Bool, hasMoved: Bool
    ) async throws -> Bool {
        if let claim = found.claim, claim.machine == machine {
            let own = try await state.recall(.installation)
            // Of this place, where the state may have been lost meanwhile; or ours, and the state has moved since. A
            // copy of the state has the same name.
            if claim.place == place || claim.place == nil || claim.installation == own && hasMoved {
                return try await keep(claim, found, dav, state: state)
            }
            guard takeOver else { throw PassError.claimedHere }
        }
        // Left by a write that failed: it is nobody's claim.
        if found.length == 0 {
            return try await write(dav, state: state, found.etag.map(Precondition.unchanged) ?? .absent)
        }
        guard takeOver else { throw PassError.claimed(by: found.claim?.host ?? "an unknown machine") }
        guard let etag = found.etag, !etag.isWeak else {
            throw DAVError(
                .preconditionFailed, path: Self.path.description,
                detail: "its ETag is weak just now: try --take-over again in a moment")
        }
        return try await write(dav, state: state, .unchanged(etag))
    }

    /// Keeps a claim of ours, and has it say where the state lies by now.
    private func keep(
        _ claim: Claim, _ found: Found, _ dav: DAVClient, state: StateDatabase
    ) async throws -> Bool {
        if let installation = claim.installation { try await state.remember(.installation, installation) }
        if claim.place != place, let etag = found.etag, !etag.isWeak {
            return try await write(dav, state: state, .unchanged(etag))
        }
        try await remember(found.etag, found.length, state)
        return true
    }

    /// `true` where the state lay in this folder when it last claimed the root.
    private func wasHere(_ state: StateDatabase) async throws -> Bool {
        guard let directory else { return true }
        return try await state.recall(.directory) == directory
    }

    /// `true` where the state was copied from another folder, in which it still lies.
    private func isCopy(_ state: StateDatabase) async throws -> Bool {
        guard let other = try await state.recall(.directory) else { return false }
        return FileManager.default.fileExists(atPath: StateDatabase.file(in: other))
    }

    /// - Returns: `true` when the claim was written, `false` when something else is there by now.
    private func write(_ dav: DAVClient, state: StateDatabase, _ precondition: Precondition) async throws -> Bool {
        let installation = try await state.recall(.installation) ?? UUID().uuidString.lowercased()
        try await state.remember(.installation, installation)
        let body: JSONValue = [
            "installation": .string(installation),
            "machine": .string(machine),
            "host": .string(host),
            "state": JSONValue(place),
            "note": "Written by nids-sync: which installation works on this folder. Leave it here.",
        ]
        let text = Array((body.serialized() + "\n").utf8)
        if precondition == .absent, try await requireRoom(dav) == .root { try await makeFolder(dav) }
        guard let outcome = try await put(text, dav, precondition) else { return false }
        try await remember(outcome.etag, text.count, state)
        return true
    }

    private func remember(_ etag: ETag?, _ length: Int, _ state: StateDatabase) async throws {
        var file = Resource(path: Self.path)
        file.etag = etag
        file.length = length
        let (claim, directory) = (file, directory)
        try await state.write { tables in
            try tables.memory.remember(.claim, etag?.value ?? "")
            if let directory { try tables.memory.remember(.directory, directory) }
            // As if listed: the next listing that lacks it shows that somebody deleted it.
            try tables.resultFiles.store(claim, look: tables.memory.recall(.look).flatMap { Int($0) } ?? 0)
        }
    }

    /// Our folder is ours to make; nothing above it ever is.
    private func makeFolder(_ dav: DAVClient) async throws {
        do throws(DAVError) { try await dav.makeCollection(ResultNames.folder) } catch {
            guard error.kind == .forbidden, error.proof == .answer else { throw error }
            throw PassError.unwritableRoot(reason: error.detail)
        }
    }

    /// `nil` when something else is there by now.
    private func put(_ text: [UInt8], _ dav: DAVClient, _ precondition: Precondition) async throws -> PutOutcome? {
        do throws(DAVError) {
            return try await dav.put(
                Self.path, text, contentType: "application/json", precondition, missing: .madeFrom(ResultNames.folder))
        } catch {
            if error.kind == .preconditionFailed { return nil }
            if error.kind == .forbidden, error.proof == .answer { throw PassError.unwritableRoot(reason: error.detail) }
            if error.kind == .unauthorized { try await requireLogin(dav, error) }
            if [.conflict, .notAllowed].contains(error.kind) { try await requireRoom(dav) }
            throw error
        }
    }

    /// A 401 of our folder alone is no login that is refused: the root says that, and it was asked with the same login.
    /// - Throws: `PassError.unwritableRoot` where the root takes the login.
    private func requireLogin(_ dav: DAVClient, _ refusal: DAVError) async throws {
        guard (try? await dav.properties(of: .root, isCollection: true)) != nil else { return }
        throw PassError.unwritableRoot(
            reason:
                "writing \(Self.path) is refused with status 401, though the login itself is taken (\(refusal.detail))")
    }

    /// Told before any model is asked: a place where nothing can be written.
    ///
    /// - Returns: the claim, or the nearest collection above it that is there; `nil` where none is.
    /// - Throws: `PassError.unwritableRoot`, `DAVError`.
    @discardableResult
    private func requireRoom(_ dav: DAVClient) async throws -> RemotePath? {
        for place in [Self.path, ResultNames.folder, .root] {
            let found: Resource
            do throws(DAVError) { found = try await dav.properties(of: place) } catch {
                if error.kind == .notFound { continue }
                throw error
            }
            guard found.isCollection != (place == Self.path) else {
                let (present, wanted) = found.isCollection ? ("a folder", "a file") : ("a file", "a folder")
                throw PassError.unwritableRoot(
                    reason: "\(place) is \(present), and \(wanted) of ours belongs there: move it away")
            }
            // C and K: files and folders may be made inside.
            if place != Self.path, let rights = found.permissions, !rights.contains("C") || !rights.contains("K") {
                throw PassError.unwritableRoot(reason: "the account may read there and create nothing")
            }
            return place
        }
        return nil
    }

    private struct Found: Sendable {
        var claim: Claim?
        var etag: ETag?
        var length: Int
    }

    private func read(_ dav: DAVClient) async throws -> Found? {
        do throws(DAVError) {
            let (bytes, outcome) = try await dav.get(Self.path, limit: 64 << 10, expecting: .unknown)
            let claim = Claim(bytes)
            if claim == nil {
                // Half a body that ends cleanly is no claim of a stranger.
                let listed = try await dav.properties(of: Self.path)
                if let length = listed.length, length != bytes.count {
                    throw DAVError(
                        .incomplete, path: Self.path.description,
                        detail: "\(bytes.count) of \(length) bytes of it came", operation: .reading)
                }
            }
            return Found(claim: claim, etag: outcome.etag, length: bytes.count)
        } catch {
            if error.kind == .notFound { return nil }
            if error.kind != .unauthorized, !error.concernsServer, !error.isRetryable { try await requireRoom(dav) }
            throw error
        }
    }

    /// The words of a claim, as far as they can be made out.
    struct Claim: Sendable {
        var installation: String?
        var machine: String?
        var host: String?
        var place: String?

        init?(_ bytes: [UInt8]) {
            guard let value = try? JSONValue(parsing: bytes), value.object != nil else { return nil }
            installation = value["installation"]?.string
            machine = value["machine"]?.string
            place = value["state"]?.string
            host = value["host"]?.string.map(Self.line)
        }

        /// Whoever may write there chose the text, and it is shown on a terminal.
        private static func line(_ text: String) -> String {
            let scalars = text.unicodeScalars.prefix(100).filter { $0.properties.generalCategory != .control }
            return String(String.UnicodeScalarView(scalars))
        }
    }
}

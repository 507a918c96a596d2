import DAV
import Foundation
import Logging

extension Pass {
    /// A client for the root collection. What the server is, is asked once and remembered.
    func connect(_ options: PassOptions) async throws -> DAVClient {
        let credentials = Credentials(user: settings.nextcloud.user, password: settings.nextcloud.password)
        let finding = try await server(credentials)
        guard let files = CollectionURL(finding.filesURL) else { throw wrongRoot }
        let collection = files.appending(try rootPath)
        var dav = DAVClient(
            collection: collection, credentials: credentials, isNextcloud: finding.isNextcloud, http: http)
        if let stored = try await state.recall(.rootURL).flatMap(CollectionURL.init) {
            dav = dav.scoped(to: stored)
        } else {
            dav = dav.scoped(to: try await respelledRoot(dav))
            try await state.remember(.rootURL, dav.collection.description)
        }
        if !options.isDryRun {
            try await claim.claim(dav, state: state, takeOver: options.takeOver && !once.hasClaimed)
            once.hasClaimed = true
            try await findOutPreconditions(dav)
        }
        return dav
    }

    /// Found out once on our own file: a server may ignore `If-Match` and `If-None-Match`.
    private func findOutPreconditions(_ dav: DAVClient) async throws {
        // Nextcloud itself honours them, and an idle pass stays one request.
        guard !dav.isNextcloud, try await state.recall(.preconditions) == nil else { return }
        do {
            let bytes = try await dav.get(RootClaim.path, limit: 64 << 10, expecting: .unknown).bytes
            let support = try await PreconditionProbe(dav).support(
                on: RootClaim.path, content: bytes, contentType: "application/json")
            try await state.remember(
                .preconditions, String(decoding: try JSONEncoder().encode(support), as: UTF8.self))
            guard !support.honoursBoth else { return }
            // Each try wrote the same content once more, under a new ETag.
            let claim = try await dav.properties(of: RootClaim.path)
            try await state.remember(.claim, claim.etag?.value ?? "")
            logger.notice(
                """
                this server ignores If-Match or If-None-Match: what a person writes in the moment in which a result is \
                uploaded may be overwritten
                """)
        } catch let error as DAVError where !error.concernsServer {
            // The next pass tries again.
            logger.info("preconditions not found out", metadata: ["reason": "\(error.detail)"])
        }
    }

    private var rootPath: RemotePath {
        get throws {
            guard let root = RemotePath(PlaceSpelling.plain(settings.nextcloud.root)) else { throw wrongRoot }
            return root
        }
    }

    private var wrongRoot: ConfigurationError {
        ConfigurationError(
            "\"\(settings.nextcloud.root)\" is no folder below the account's files", key: "nextcloud.root",
            advice: "Write it as a path, for example Observations Media or Partage/Nids.")
    }

    private func server(_ credentials: Credentials) async throws -> ServerProbe.Finding {
        if let stored = try await state.recall(.server),
            let finding = try? JSONDecoder().decode(ServerProbe.Finding.self, from: Data(stored.utf8))
        {
            return finding
        }
        let finding = try await probe(credentials)
        if let doubt = finding.doubt {
            // Somebody else may have answered: used now, asked again next time.
            logger.warning("the server's answer is doubtful", metadata: ["reason": "\(doubt)"])
        } else {
            try await state.remember(.server, String(decoding: try JSONEncoder().encode(finding), as: UTF8.self))
        }
        return finding
    }

    private func probe(_ credentials: Credentials) async throws -> ServerProbe.Finding {
        let root = try rootPath
        do throws(DAVError) {
            return try await ServerProbe(http: http).probe(
                settings.nextcloud.url, credentials: credentials, root: root)
        } catch {
            // A plain server is known by its answer for the root.
            guard error.kind == .notFound, error.proof != .nothing else { throw error }
            throw PassError.missingRoot(settings.nextcloud.root, user: settings.nextcloud.user)
        }
    }

    private func respelledRoot(_ dav: DAVClient) async throws -> CollectionURL {
        do throws(DAVError) {
            return try await dav.respelledCollection()
        } catch {
            guard error.kind == .notFound, error.proof != .nothing else { throw error }
            throw PassError.missingRoot(settings.nextcloud.root, user: settings.nextcloud.user)
        }
    }
}

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
        if !options.isDryRun { try await claim.claim(dav, state: state, takeOver: options.takeOver) }
        return dav
    }

    private var rootPath: RemotePath {
        get throws {
            guard let root = RemotePath(settings.nextcloud.root) else { throw wrongRoot }
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
        let finding = try await ServerProbe(http: http).probe(
            settings.nextcloud.url, credentials: credentials, root: try rootPath)
        if let doubt = finding.doubt {
            // Somebody else may have answered: used now, asked again next time.
            logger.warning("the server's answer is doubtful", metadata: ["reason": "\(doubt)"])
        } else {
            try await state.remember(.server, String(decoding: try JSONEncoder().encode(finding), as: UTF8.self))
        }
        return finding
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

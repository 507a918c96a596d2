import Foundation
import NextcloudStandIn
import TestSupport

/// The servers that are started here, each over the same tree.
enum LocalServers {
    static let account = Account(user: "robin@example.org", password: "Geheimwort42", userID: "robin")

    /// An Apache that answers listings of unlimited depth.
    ///
    /// - Parameter fill: writes files into the folder that stands for the account's files.
    static func withApache<Value: Sendable>(
        filledBy fill: (String) throws -> Void, _ body: (MeasuredServer) async throws -> Value
    ) async throws -> Value {
        let options = ApacheServer.Options(
            depthInfinity: true, configuration: #"CustomLog "run/access.log" "%m %U %>s""#)
        return try await ApacheServer.run(options) { apache in
            try fill(apache.folder + "/dav")
            return try await body(MeasuredServer(apache))
        }
    }

    /// Our own stand-in for a Nextcloud, in this process.
    static func withStandIn<Value: Sendable>(
        filledBy fill: (String) throws -> Void, _ body: (NextcloudStandIn) async throws -> Value
    ) async throws -> Value {
        let store = try TemporaryDirectory()
        let files = store.file("files/\(account.userID)")
        try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: true)
        try fill(files)
        let standIn = try NextcloudStandIn(store: store.path, accounts: [account])
        try await standIn.start()
        do {
            let value = try await body(standIn)
            await standIn.stop()
            return value
        } catch {
            await standIn.stop()
            throw error
        }
    }
}

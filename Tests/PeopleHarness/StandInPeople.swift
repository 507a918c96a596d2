import NextcloudStandIn
import TestSupport

/// The stand-in for Nextcloud with an account for each of those who work on it.
public struct StandInPeople: Sendable {
    private let folder: TemporaryDirectory
    private let cloud: NextcloudStandIn

    /// Starts one, whose ETags change once a second as Nextcloud's do.
    /// - Throws: `StandInError`, `TestFailure`.
    public init() async throws {
        folder = try TemporaryDirectory()
        cloud = try NextcloudStandIn(
            store: folder.file("store"),
            accounts: ["service", "owner", "other"].map { Account(user: $0, password: "word of \($0)") })
        cloud.conditions.fileETags = .everySecond
        try await cloud.start()
    }

    /// It, as any server.
    public var server: PeopleServer {
        func login(_ name: String) -> PeopleServer.Login { .init(user: name, password: "word of \(name)") }
        return PeopleServer(url: cloud.url, service: login("service"), owner: login("owner"), other: login("other"))
    }

    /// Ends it.
    public func stop() async { await cloud.stop() }
}

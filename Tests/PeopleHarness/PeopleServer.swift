import DAV
import Foundation
import HTTP
import TestSupport

/// A server, the logins of those who work on it, and what it can do.
public struct PeopleServer: Sendable {
    /// Somebody's login.
    public struct Login: Sendable {
        /// The login as it is typed.
        public var user: String
        /// The password, best an app password.
        public var password: String
        /// The account's id on a Nextcloud.
        public var userID: String

        /// A login; the id is the login unless given.
        public init(user: String, password: String, userID: String? = nil) {
            self.user = user
            self.password = password
            self.userID = userID ?? user
        }
    }

    /// As it is typed, without a slash at the end.
    public var url: String
    /// The program's.
    public var service: Login
    /// Whose folder it is.
    public var owner: Login
    /// Somebody with whom it is shared, or the owner once more.
    public var other: Login
    /// True for a Nextcloud: the folder is then the owner's, and shared with the two others.
    var isNextcloud = false
    var hasTrash = false
    var hasVersions = false
    var hasLocks = false

    /// A server of which nothing is known yet.
    public init(url: String, service: Login, owner: Login? = nil, other: Login? = nil) {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.service = service
        self.owner = owner ?? service
        self.other = other ?? owner ?? service
    }

    /// The same server, with what it was found to be able to do.
    ///
    /// - Throws: `TestFailure` where a login is refused; `HTTPError`.
    public func probed() async throws -> PeopleServer {
        var server = self
        let visitor = Visitor(self, owner, name: "owner")
        let status = try await visitor.send("GET", url: url + "/status.php")
        server.isNextcloud = status.status == 200 && String(decoding: status.body, as: UTF8.self).contains("installed")
        guard server.isNextcloud else { return server }
        for login in [\PeopleServer.service, \.owner, \.other] { try await server.identify(login) }
        guard Set([server.service.userID, server.owner.userID, server.other.userID]).count == 3 else {
            throw TestFailure("on a Nextcloud the service and the two people need an account each")
        }
        let owner = Visitor(server, server.owner, name: "owner")
        server.hasTrash = try await owner.answers(owner.trash, 207)
        (server.hasVersions, server.hasLocks) = try await owner.versionsAndLocks()
        return server
    }

    private mutating func identify(_ login: WritableKeyPath<PeopleServer, Login>) async throws {
        let visitor = Visitor(self, self[keyPath: login], name: "")
        let reply = try await visitor.ocs("GET", "/cloud/user")
        guard let id = (reply.data as? [String: Any])?["id"] as? String else {
            throw TestFailure("\(self[keyPath: login].user) is refused: \(reply.status)")
        }
        self[keyPath: login].userID = id
    }
}

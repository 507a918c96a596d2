import Foundation
public import HTTP
import HTTPTypes

/// What kind of server a URL leads to, and where this login's files are on it.
public struct ServerProbe: Sendable {
    /// What was found; worth remembering, since it takes two requests.
    public struct Finding: Sendable, Hashable, Codable {
        /// Whether it is a Nextcloud.
        public var isNextcloud: Bool
        /// The URL of the collection that holds this login's files.
        public var filesURL: String
        /// The server's version, as it says it.
        public var version: String?

        public init(isNextcloud: Bool, filesURL: String, version: String? = nil) {
            self.isNextcloud = isNextcloud
            self.filesURL = filesURL
            self.version = version
        }
    }

    private let http: HTTPClient

    public init(http: HTTPClient) { self.http = http }

    /// Asks `status.php` and, of a Nextcloud, the user's id, which its paths use and which may differ from the login.
    ///
    /// A URL whose `status.php` is no Nextcloud's is taken for a plain WebDAV collection.
    /// - Throws: `DAVError`: nobody there, maintenance mode, login refused.
    public func probe(_ url: String, credentials: Credentials) async throws(DAVError) -> Finding {
        let base = Self.base(of: url)
        let reply = try await get("\(base)/status.php", name: base)
        let isPassing = reply.status >= 500 && ![501, 505].contains(reply.status) || reply.status == 429
        if isPassing, Status(reply.body) == nil {
            throw DAVError(reply.head, body: reply.body, path: base)
        }
        // A redirect, say to https, is followed once and for all: credentials do not follow one to another origin.
        let home = reply.url.hasSuffix("/status.php") ? String(reply.url.dropLast("/status.php".count)) : base
        guard reply.status == 200, let status = Status(reply.body) else {
            let files = url.hasPrefix(base) ? home + url.dropFirst(base.count) : url
            return Finding(isNextcloud: false, filesURL: files)
        }
        if status.maintenance {
            throw DAVError(.maintenance, path: home, detail: "Nextcloud is in maintenance mode: we come back later")
        }
        let id = try await userID(home: home, credentials: credentials)
        let files = "\(home)/remote.php/dav/files/\(PercentEncoding.encode(id.utf8))"
        return Finding(isNextcloud: true, filesURL: files, version: status.version)
    }

    private func userID(home: String, credentials: Credentials) async throws(DAVError) -> String {
        var headers: HTTPFields = [.authorization: credentials.basicAuthorization, .accept: "application/json"]
        if let name = HTTPField.Name("OCS-APIRequest") { headers[name] = "true" }
        let reply = try await get("\(home)/ocs/v2.php/cloud/user?format=json", name: home, headers: headers)
        guard reply.status == 200 else { throw DAVError(reply.head, body: reply.body, path: home) }
        guard let answer = try? JSONDecoder().decode(UserAnswer.self, from: Data(reply.body)),
            !answer.ocs.data.id.isEmpty
        else {
            throw DAVError(.malformed, path: home, status: 200, detail: "Nextcloud does not tell this login's user id")
        }
        return answer.ocs.data.id
    }

    private func get(_ url: String, name: String, headers: HTTPFields = [:]) async throws(DAVError) -> HTTPReply {
        do throws(HTTPError) {
            return try await http.send(HTTPRequest(.get, url: url, headers: headers), limit: 1 << 20)
        } catch {
            throw DAVError(error, path: name)
        }
    }

    /// The address of the Nextcloud itself, also where somebody gave that of its WebDAV or of its web page.
    static func base(of url: String) -> String {
        let plain = url.prefix { $0 != "?" && $0 != "#" }
        guard let scheme = plain.firstRange(of: "://") else { return String(plain) }
        let slash = plain[scheme.upperBound...].firstIndex(of: "/") ?? plain.endIndex
        var segments = plain[slash...].split(separator: "/", omittingEmptySubsequences: false)
        for name in ["remote.php", "index.php", "apps", "login"] {
            if let index = segments.firstIndex(where: { $0 == name }) { segments.removeSubrange(index...) }
        }
        while segments.last?.isEmpty == true { segments.removeLast() }
        return plain[..<slash] + segments.joined(separator: "/")
    }

    private struct Status {
        var maintenance: Bool
        var version: String?

        init?(_ body: [UInt8]) {
            guard let answer = try? JSONDecoder().decode(StatusAnswer.self, from: Data(body)), answer.installed else {
                return nil
            }
            maintenance = answer.maintenance ?? false
            version = answer.version
        }
    }

    private struct StatusAnswer: Decodable {
        var installed: Bool
        var maintenance: Bool?
        var version: String?
    }

    private struct UserAnswer: Decodable {
        struct OCS: Decodable { var data: User }
        struct User: Decodable { var id: String }
        var ocs: OCS
    }
}

import Foundation
import HTTP
import HTTPTypes

extension ServerProbe {
    /// Asks for the status page of the Nextcloud that may be at that address; without credentials.
    func statusPage(of base: String) async throws(DAVError) -> StatusPage {
        StatusPage(try await get("\(base)/status.php", name: base), base: base)
    }

    /// The user's id: as OCS tells it, or, where that is blocked, as WebDAV names the principal, or the login itself.
    func userID(home: String, credentials: Credentials) async throws(DAVError) -> String {
        var headers: HTTPFields = [.authorization: credentials.basicAuthorization, .accept: "application/json"]
        if let name = HTTPField.Name("OCS-APIRequest") { headers[name] = "true" }
        let address = "\(home)/ocs/v2.php/cloud/user"
        let reply = try await get("\(address)?format=json", name: address, headers: headers)
        if reply.status == 200, let id = Self.userID(reply.body) { return id }
        // OCS says 401 of a disabled account too, and a proxy says it for reasons of its own.
        if let id = try await principal(home: home, credentials: credentials) { return id }
        if await hasFiles(home: home, credentials) { return credentials.user }
        guard reply.status == 200 else {
            let name = reply.status == 401 ? home : address
            throw DAVError(reply.head, body: reply.body, path: name, .get, isNextcloud: reply.status != 401)
        }
        throw DAVError(
            .malformed, path: home, status: 200,
            detail: "Nextcloud does not tell this login's user id: \(ForeignText(reply.body)) came instead")
    }

    /// The id that an answer of OCS about the user tells, `nil` when it tells none.
    static func userID(_ body: [UInt8]) -> String? {
        let start = body.firstIndex(of: UInt8(ascii: "{")) ?? body.startIndex
        guard let answer = try? JSONDecoder().decode(UserAnswer.self, from: Data(body[start...])) else { return nil }
        return answer.id.isEmpty ? nil : answer.id
    }

    /// The id that Nextcloud's WebDAV gives to this login (`d:current-user-principal`, RFC 5397), `nil` when it is not
    /// one that answers.
    /// - Throws: `DAVError` when it is a Nextcloud's WebDAV that refuses: the login, the account, for the moment.
    func principal(home: String, credentials: Credentials) async throws(DAVError) -> String? {
        let reply = try await propfind("\(home)/remote.php/dav/", PrincipalReader.body, credentials, name: home)
        if reply.status == 207 { return PrincipalReader.userID(in: reply.body) }
        let error = DAVError(reply.head, body: reply.body, path: home, .propfind, isNextcloud: true)
        if error.exception != nil { throw error }
        return nil
    }

    /// True where the files of a user called as the login are a Nextcloud's, and this login's.
    private func hasFiles(home: String, _ credentials: Credentials) async -> Bool {
        guard let files = CollectionURL(Self.filesURL(home: home, credentials.user)) else { return false }
        let client = DAVClient(collection: files, credentials: credentials, isNextcloud: true, http: http)
        return (try? await client.properties(of: .root, isCollection: true))?.fileID != nil
    }

    /// A Nextcloud whose status page is blocked, known by its WebDAV.
    func blockedNextcloud(_ page: StatusPage, _ credentials: Credentials) async throws(DAVError) -> Finding? {
        do throws(DAVError) {
            if let id = try await principal(home: page.home, credentials: credentials) {
                return Finding(isNextcloud: true, filesURL: Self.filesURL(home: page.home, id))
            }
            guard await hasFiles(home: page.home, credentials) else { return nil }
            return Finding(isNextcloud: true, filesURL: Self.filesURL(home: page.home, credentials.user))
        } catch {
            // Another server built on Sabre/DAV has no remote.php, and says so.
            if error.proof == .absence { return nil }
            throw error
        }
    }

    /// A plain WebDAV server, known by a multistatus for the root.
    func plain(
        _ url: String, _ page: StatusPage, _ credentials: Credentials, _ root: RemotePath
    ) async throws(DAVError) -> Finding {
        // A status page that is out of order for the moment may be a Nextcloud's.
        if page.isPassing, let fault = page.fault { throw fault }
        let base = Self.bases(of: url).last ?? url
        let files = url.hasPrefix(base) ? page.home + url.dropFirst(base.count) : url
        guard let collection = CollectionURL(files) else {
            throw DAVError(.malformed, path: URLReference.printable(files), detail: "not the URL of a collection")
        }
        let client = DAVClient(collection: collection, credentials: credentials, isNextcloud: false, http: http)
        do throws(DAVError) {
            let found = try await rootOrAbsence(root, client)
            // A Nextcloud's WebDAV, asked by an address that names no user whom its OCS or principal tells.
            if found.fileID != nil {
                return Finding(
                    isNextcloud: true, filesURL: files, doubt: "Nextcloud's status page did not answer: \(words(page))")
            }
            return Finding(isNextcloud: false, filesURL: files)
        } catch {
            if isTelling(error) { throw error }
            throw DAVError(
                .malformed, path: URLReference.printable(url), status: error.status,
                detail: "no Nextcloud answers there (\(words(page))), and no WebDAV folder (\(error.detail))",
                retryAfter: error.retryAfter, operation: .listing, answerer: page.fault?.answerer ?? error.answerer)
        }
    }

    /// The root's properties; its absence is an error of its own only on a server that is known to speak WebDAV.
    private func rootOrAbsence(_ root: RemotePath, _ client: DAVClient) async throws(DAVError) -> Resource {
        do throws(DAVError) {
            return try await client.properties(of: root, isCollection: true)
        } catch {
            guard error.proof == .claimedAbsence, !root.isRoot else { throw error }
            guard (try? await client.properties(of: .root, isCollection: true)) != nil else { throw error }
            var absence = error
            absence.proof = .absence
            throw absence
        }
    }

    /// True where WebDAV's own answer says more than that of the status page.
    private func isTelling(_ error: DAVError) -> Bool {
        switch error.kind {
        case .unauthorized, .wrongAddress, .transport, .maintenance, .accountDisabled: true
        default: error.exception != nil || error.proof == .absence
        }
    }

    private func words(_ page: StatusPage) -> String { page.fault?.detail ?? "status \(page.status)" }

    private func get(_ url: String, name: String, headers: HTTPFields = [:]) async throws(DAVError) -> HTTPReply {
        do throws(HTTPError) {
            return try await http.send(
                HTTPRequest(.get, url: url, headers: headers), limit: 1 << 20, timeouts: timeouts)
        } catch {
            throw DAVError(error, path: name, .get)
        }
    }

    private func propfind(
        _ url: String, _ body: String, _ credentials: Credentials, name: String
    ) async throws(DAVError) -> HTTPReply {
        var headers: HTTPFields = [
            .authorization: credentials.basicAuthorization, .contentType: "application/xml; charset=utf-8",
        ]
        if let field = HTTPField.Name("Depth") { headers[field] = "0" }
        do throws(HTTPError) {
            return try await http.send(
                HTTPRequest(.propfind, url: url, headers: headers), body: .text(body), limit: 1 << 20,
                timeouts: timeouts, redirects: .withinOrigin)
        } catch {
            if case .redirect = error {
                return HTTPReply(head: HTTPResponse(status: .found), body: [], url: url)
            }
            throw DAVError(error, path: name, .propfind)
        }
    }

    private var timeouts: HTTPTimeouts {
        var timeouts = http.timeouts
        timeouts.pace = timeouts.pace ?? DAVClient.pace
        return timeouts
    }

    /// The user of an OCS answer; some accounts' ids come as numbers (nextcloud/talk-ios#61).
    private struct UserAnswer: Decodable {
        struct OCS: Decodable { var data: User }
        struct User: Decodable {
            var id: String

            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Key.self)
                if let number = try? container.decode(Int64.self, forKey: .id) {
                    id = String(number)
                } else {
                    id = try container.decode(String.self, forKey: .id)
                }
            }

            private enum Key: CodingKey { case id }
        }

        var ocs: OCS
        var id: String { ocs.data.id }
    }
}

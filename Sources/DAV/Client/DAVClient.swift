import Foundation
public import HTTP
import HTTPTypes

/// A WebDAV client (RFC 4918) for one collection and what lies below it.
///
/// Paths are relative to that collection, and nothing outside it is ever asked for or believed.
public struct DAVClient: Sendable {
    /// The collection.
    public let collection: CollectionURL
    /// True when the server is a Nextcloud, whose own headers are then used and whose own errors are known.
    public let isNextcloud: Bool

    let http: HTTPClient
    /// Collections are made one after the other: Nextcloud locks a collection while another is made in it, and answers
    /// 423 to whoever comes meanwhile (measured on Nextcloud 34).
    let making: OneAtATime

    /// The pace that every exchange keeps, where the connections' own settings name none.
    static let pace = HTTPPace()

    /// A client.
    private let authorization: Secret?

    /// - Parameters:
    ///   - collection: the collection's URL.
    ///   - credentials: sent as Basic authentication (RFC 7617) with every request, `nil` for none.
    ///   - isNextcloud: whether Nextcloud's own headers may be used.
    ///   - http: the connections used.
    public init(collection: CollectionURL, credentials: Credentials?, isNextcloud: Bool, http: HTTPClient) {
        self.collection = collection
        self.isNextcloud = isNextcloud
        self.http = http
        making = OneAtATime()
        authorization = credentials.map { Secret($0.basicAuthorization) }
    }

    /// The same server and login, for another collection.
    public func scoped(to collection: CollectionURL) -> DAVClient {
        DAVClient(
            collection: collection, authorization: authorization, isNextcloud: isNextcloud, http: http, making: making)
    }

    private init(
        collection: CollectionURL, authorization: Secret?, isNextcloud: Bool, http: HTTPClient, making: OneAtATime
    ) {
        self.collection = collection
        self.authorization = authorization
        self.isNextcloud = isNextcloud
        self.http = http
        self.making = making
    }

    func request(
        _ method: HTTPRequest.Method, _ path: RemotePath, isCollection: Bool = false, headers: HTTPFields = [:]
    ) throws(DAVError) -> HTTPRequest {
        var headers = headers
        if let authorization { headers[.authorization] = authorization.value }
        do throws(HTTPError) {
            return try HTTPRequest(method, url: collection.url(of: path, isCollection: isCollection), headers: headers)
        } catch {
            throw DAVError(error, path: collection.readableName(of: path), method)
        }
    }

    /// Sends a request whose answer fits into memory, and takes only the statuses named.
    func send(
        _ request: HTTPRequest, _ path: RemotePath, body: HTTPBody = .none, accepting statuses: Set<Int>
    ) async throws(DAVError) -> HTTPReply {
        let reply: HTTPReply
        do throws(HTTPError) {
            reply = try await http.send(
                request, body: body, limit: 1 << 20, timeouts: timeouts(), redirects: .withinOrigin)
        } catch {
            throw DAVError(error, path: collection.readableName(of: path), request.method)
        }
        guard statuses.contains(reply.status) else {
            throw fault(reply.head, reply.body, path, request.method)
        }
        return reply
    }

    /// The error that an answer stands for.
    func fault(
        _ head: HTTPResponse, _ body: [UInt8], _ path: RemotePath, _ method: HTTPRequest.Method
    ) -> DAVError {
        DAVError(
            head, body: body, path: collection.readableName(of: path), method, isNextcloud: isNextcloud)
    }

    /// The connections' limits in time, with a pace for the whole.
    func timeouts(firstByte: Duration = .zero) -> HTTPTimeouts {
        var timeouts = http.timeouts
        timeouts.firstByte = max(timeouts.firstByte, firstByte)
        timeouts.pace = timeouts.pace ?? Self.pace
        return timeouts
    }
}

/// A login and its password.
public struct Credentials: Sendable, Hashable {
    /// The login, which may be an e-mail address.
    public var user: String
    /// Its password, best an app password.
    public var password: Secret

    /// A login.
    public init(user: String, password: Secret) {
        self.user = user
        self.password = password
    }

    /// The value of an `Authorization` header (RFC 7617).
    package var basicAuthorization: String {
        "Basic " + Data("\(user):\(password.value)".utf8).base64EncodedString()
    }
}

extension HTTPRequest.Method {
    /// RFC 4918, section 9.1.
    static let propfind = HTTPRequest.Method("PROPFIND") ?? .options
    /// RFC 4918, section 9.3.
    static let mkcol = HTTPRequest.Method("MKCOL") ?? .options
}

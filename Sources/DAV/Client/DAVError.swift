public import HTTP
import HTTPTypes

/// Why a WebDAV request did not do what was asked: what happened, to which resource, whether it may pass by itself.
public struct DAVError: Error, Sendable, Hashable {
    /// What happened, apart from its wording.
    public enum Kind: Sendable, Hashable {
        /// No answer, or none that could be taken.
        case transport(HTTPError)
        /// 401: the login is refused. Nextcloud throttles those who insist.
        case unauthorized
        /// 403: this account may not.
        case forbidden
        /// 404; Nextcloud also answers it to a PUT below a missing collection.
        case notFound
        /// 405: for MKCOL, the resource exists already.
        case notAllowed
        /// 409: the parent collection is missing.
        case conflict
        /// 412: the resource is not what the precondition says.
        case preconditionFailed
        /// 413 and the like: this file is not taken.
        case rejected
        /// 423: somebody has the resource locked.
        case locked
        /// 429.
        case tooManyRequests
        /// 503 of a Nextcloud in maintenance mode.
        case maintenance
        /// 507: the quota is used up.
        case insufficientStorage
        /// Another 5xx, 408 or 425.
        case serverFailure
        /// A redirect that is not followed.
        case redirected(to: String)
        /// An answer that is not what the protocol says.
        case malformed
        /// A multistatus that ended early or holds an error: what it lacks means nothing.
        case incomplete
    }

    /// What happened.
    public var kind: Kind
    /// The resource it happened to, as people read it.
    public var path: String
    /// The status code, where there was an answer.
    public var status: Int?
    /// Sabre's exception class, where the server named one.
    public var exception: String?
    /// The server's words, or ours.
    public var detail: String
    /// How long the server asks us to wait.
    public var retryAfter: Duration?

    public init(
        _ kind: Kind, path: String, status: Int? = nil, exception: String? = nil, detail: String,
        retryAfter: Duration? = nil
    ) {
        self.kind = kind
        self.path = path
        self.status = status
        self.exception = exception
        self.detail = detail
        self.retryAfter = retryAfter
    }

    /// Whether the same request may succeed later without anybody doing anything.
    public var isRetryable: Bool {
        switch kind {
        case .transport(let error): error.isRetryable
        case .locked, .tooManyRequests, .maintenance, .serverFailure, .malformed, .incomplete: true
        case .unauthorized, .forbidden, .notFound, .notAllowed, .conflict, .preconditionFailed, .rejected,
            .insufficientStorage, .redirected:
            false
        }
    }

    /// Whether the fault is the server's or the connection's as a whole, so that other requests will meet it too.
    public var concernsServer: Bool {
        switch kind {
        case .transport(.unknownHost), .transport(.cannotConnect), .transport(.tls): true
        case .unauthorized, .maintenance, .tooManyRequests, .redirected: true
        default: false
        }
    }
}

extension HTTPError {
    /// Whether the same request may succeed later by itself.
    var isRetryable: Bool {
        switch self {
        case .unknownHost, .cannotConnect, .connectionLost, .stalled, .cancelled: true
        case .invalidRequest, .tls, .tooLarge, .redirect, .file: false
        }
    }
}

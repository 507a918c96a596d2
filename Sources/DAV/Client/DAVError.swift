public import Foundation
public import HTTP
import HTTPTypes

/// A WebDAV request that did not do what was asked: what happened, to which resource, who answered, and may it pass.
public struct DAVError: Error, Sendable, Hashable {
    /// The kind of failure, apart from its wording.
    public enum Kind: Sendable, Hashable {
        /// No answer, or none that could be taken.
        case transport(HTTPError)
        /// 401: the login is refused. Nextcloud throttles those who insist.
        case unauthorized
        /// 403: this account may not.
        case forbidden
        /// 404; Nextcloud also answers it to a PUT below a missing collection. `proof` says whether it proves an absence.
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
        /// 503 of a Nextcloud whose administrator has disabled the account.
        case accountDisabled
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
        /// A download that is not the file that was listed.
        case unexpectedBody(UnexpectedBody)
        /// The address in the settings is not the server's own: another scheme, or another path than it names.
        case wrongAddress
    }

    /// The kind of request that failed.
    public enum Operation: Sendable, Hashable {
        case reading, listing, writing, makingFolder, moving, locking, other
    }

    /// The kind of failure.
    public var kind: Kind
    /// The resource it happened to, as people read it; never empty where the client made the error.
    public var path: String
    /// The status code, where there was an answer.
    public var status: Int?
    /// Sabre's exception class, where the server named one.
    public var exception: String?
    /// The server's words, or ours.
    public var detail: String
    /// The time that the server asks us to wait, as it says it; 0 and 1 included.
    public var retryAfter: Duration?
    /// The request that failed, where it is known.
    public var operation: Operation?
    /// The one who answered, `nil` where nobody did.
    public var answerer: Answerer?
    /// The proof that the answer gives about the resource.
    public var proof: Proof
    /// The ETag that the resource has now, where a 412 names it.
    public var currentETag: ETag?
    /// The header field whose precondition failed, where the server names it: `If-Match`, `If-None-Match`.
    public var failedHeader: String?
    /// The server's clock when it answered (`Date`).
    public var date: Date?

    /// An error; what is not told stays unknown.
    public init(
        _ kind: Kind, path: String, status: Int? = nil, exception: String? = nil, detail: String,
        retryAfter: Duration? = nil, operation: Operation? = nil, answerer: Answerer? = nil, proof: Proof = .nothing,
        currentETag: ETag? = nil, failedHeader: String? = nil, date: Date? = nil
    ) {
        self.kind = kind
        self.path = path
        self.status = status
        self.exception = exception
        self.detail = detail
        self.retryAfter = retryAfter
        self.operation = operation
        self.answerer = answerer
        self.proof = proof
        self.currentETag = currentETag
        self.failedHeader = failedHeader
        self.date = date
    }

    /// True when the server itself says that the resource is not there. Alone that is no deletion: a storage that is
    /// away, or a root that was renamed, answers the same. `PresenceProbe` looks at both.
    public var provesAbsence: Bool { proof == .absence }

    /// True for a 412 to `If-Match` that says: nothing is there for this account, deleted or no longer shared. Nextcloud
    /// names the present ETag in every other 412 to `If-Match`.
    public var saysGone: Bool {
        kind == .preconditionFailed && proof == .answer && currentETag == nil && failedHeader == "If-Match"
    }

    /// The one who answered, in words.
    public var answeredBy: String { answerer?.description ?? "nobody" }

    /// True when the server refuses the name of the file or folder, such as by rules for Windows.
    public var refusesName: Bool {
        guard let exception, proof == .answer else { return false }
        return exception.hasSuffix("InvalidPath") || exception.hasSuffix("InvalidPathException")
            || detail.hasPrefix("Invalid path")
    }

    /// True when the same request may succeed later without anybody doing anything.
    public var isRetryable: Bool {
        switch kind {
        case .transport(let error): error.isRetryable
        case .locked, .tooManyRequests, .maintenance, .accountDisabled, .serverFailure, .malformed, .incomplete,
            .unexpectedBody:
            true
        // These say of themselves that they are temporary (RFC 9110, section 15.4).
        case .redirected: status.map { [302, 303, 307].contains($0) } ?? false
        // Said by somebody else than the server, they say nothing of the resource.
        case .forbidden, .notFound, .notAllowed, .conflict, .preconditionFailed, .rejected:
            answerer != nil && proof == .nothing
        case .unauthorized, .insufficientStorage, .wrongAddress: false
        }
    }

    /// True when the fault is the server's or the connection's as a whole, so that other requests will meet it too.
    public var concernsServer: Bool {
        switch kind {
        case .transport(.unknownHost), .transport(.cannotConnect), .transport(.tls): true
        case .unauthorized, .maintenance, .accountDisabled, .tooManyRequests, .redirected, .wrongAddress: true
        default: false
        }
    }
}

extension HTTPError {
    /// True when the same request may succeed later by itself.
    var isRetryable: Bool {
        switch self {
        case .unknownHost, .cannotConnect, .connectionLost, .stalled, .cancelled: true
        case .file(_, let reason): reason == HTTPError.tooManyOpenFiles
        case .invalidRequest, .tls, .tooLarge, .redirect: false
        }
    }
}

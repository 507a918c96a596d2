/// The reasons for which a request gets no answer, or an answer is not taken. No case holds a credential or a URL's query.
public enum HTTPError: Error, Sendable, Hashable {
    /// The request cannot be made: not an http or https URL, an illegal header…
    case invalidRequest(reason: String)
    /// The host's name is not known.
    case unknownHost(host: String)
    /// Nobody answers at that address, or the connection could not be made in time.
    case cannotConnect(host: String, reason: String)
    /// The server's certificate is not trusted, or TLS failed otherwise.
    case tls(host: String, reason: String)
    /// The connection broke, or the answer is not HTTP, or it ended early. `requestSent`: the server may have acted.
    case connectionLost(host: String, reason: String, requestSent: Bool)
    /// Nothing moved for that long.
    case stalled(host: String, after: Duration, requestSent: Bool)
    /// The answer is larger than the caller takes.
    case tooLarge(limit: Int)
    /// A redirect that is not followed: too many, to another scheme, or of a request that must not be repeated.
    case redirect(status: Int, location: String)
    /// A local file could not be read or written.
    case file(path: String, reason: String)
    /// The request was cancelled.
    case cancelled

    /// True when the server may have acted on the request although we have no answer.
    public var mayHaveActed: Bool {
        switch self {
        case .connectionLost(_, _, let sent), .stalled(_, _, let sent): sent
        case .tooLarge, .file, .redirect: true
        case .cancelled: true
        case .invalidRequest, .unknownHost, .cannotConnect, .tls: false
        }
    }
}

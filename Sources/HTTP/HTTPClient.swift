public import HTTPTypes
import Synchronization

/// An HTTP client on libcurl: one event-loop thread, kept connections, HTTP/2 where offered, cookies kept per host,
/// TLS verified, the proxies of `HTTPS_PROXY` and `NO_PROXY`.
///
/// A redirect of a reading method is followed, five times at most, and never carries credentials to another origin.
public final class HTTPClient: Sendable {
    /// The settings that all requests of a client have in common.
    public struct Configuration: Sendable {
        /// The limits in time where a request names no others.
        public var timeouts: HTTPTimeouts
        /// At most so many connections to one host at once; 0 for no limit.
        public var connectionsPerHost: Int
        /// A file of trusted certificates in PEM, instead of the system's.
        public var caFile: String?
        /// The `User-Agent` sent.
        public var userAgent: String
        /// The proxy to use, instead of those of the environment.
        public var proxy: String?

        /// Settings for all requests of a client; by default the environment's proxies are used.
        public init(
            timeouts: HTTPTimeouts = HTTPTimeouts(), connectionsPerHost: Int = 0, caFile: String? = nil,
            userAgent: String = "nids-sync", proxy: String? = nil
        ) {
            self.proxy = proxy
            self.timeouts = timeouts
            self.connectionsPerHost = connectionsPerHost
            self.caFile = caFile
            self.userAgent = userAgent
        }
    }

    private let configuration: Configuration
    private let loop: Result<TransferLoop, HTTPError>
    private let counter = Atomic<Int>(0)

    /// Starts the client's thread; it ends with the client.
    public init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
        do throws(HTTPError) { loop = .success(try TransferLoop(configuration)) } catch { loop = .failure(error) }
    }

    deinit {
        if case .success(let loop) = loop { loop.post(.stop) }
    }

    /// The limits in time where a request names no others.
    package var timeouts: HTTPTimeouts { configuration.timeouts }

    /// The number of requests sent, followed redirects included.
    public var requestCount: Int { counter.load(ordering: .relaxed) }

    /// Sends a request and takes the whole answer into memory.
    ///
    /// - Parameters:
    ///   - request: the request (see `HTTPRequest.init(_:url:headers:)`).
    ///   - body: what to send; files are read while they are sent.
    ///   - limit: the largest answer taken, in bytes.
    ///   - decompress: whether the server may compress the answer.
    ///   - timeouts: other limits than the client's.
    ///   - redirects: which redirects of a reading method are followed.
    /// - Throws: `HTTPError`. A status of 400 and more is an answer, not an error.
    public func send(
        _ request: HTTPRequest, body: HTTPBody = .none, limit: Int = 4 << 20, decompress: Bool = false,
        timeouts: HTTPTimeouts? = nil, redirects: HTTPRedirects = .followed
    ) async throws(HTTPError) -> HTTPReply {
        try await following(request, redirects) { request throws(HTTPError) in
            try await self.exchange(
                request, body: body, sink: .memory(limit: limit), decompress: decompress, timeouts: timeouts)
        }
    }

    /// Sends a request and writes the body of a 2xx answer into a file, which is made or emptied first.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - path: the local file's path.
    ///   - limit: the largest file taken, in bytes.
    ///   - timeouts: other limits than the client's.
    ///   - redirects: which redirects are followed.
    /// - Throws: `HTTPError`; the file may then be there in part.
    public func download(
        _ request: HTTPRequest, to path: String, limit: Int? = nil, timeouts: HTTPTimeouts? = nil,
        redirects: HTTPRedirects = .followed
    ) async throws(HTTPError) -> HTTPReply {
        try await following(request, redirects) { request throws(HTTPError) in
            try await self.exchange(
                request, body: .none, sink: .file(path: path, limit: limit), decompress: false, timeouts: timeouts)
        }
    }

    /// Sends a request and hands over its answer as it arrives; leaving `consume` ends the transfer.
    ///
    /// - Parameter consume: is given status, header fields and the body. Redirects are not followed here.
    /// - Throws: `HTTPError`, or what `consume` throws.
    public func stream<Value: Sendable>(
        _ request: HTTPRequest, body: HTTPBody = .none, decompress: Bool = true, timeouts: HTTPTimeouts? = nil,
        _ consume: (HTTPResponse, HTTPBodyStream) async throws -> Value
    ) async throws -> Value {
        let loop = try loop.get()
        let id = loop.nextID()
        let stream = HTTPBodyStream { loop.post(.resume(id)) }
        counter.add(1, ordering: .relaxed)
        return try await withTaskCancellationHandler {
            defer { loop.post(.cancel(id)) }
            let head = try await withCheckedThrowingContinuation { continuation in
                let once = Once(continuation)
                let plan = TransferPlan(
                    id: id, request: request, body: body, sink: .stream(stream),
                    timeouts: timeouts ?? configuration.timeouts, decompress: decompress,
                    onHead: { head in once.resume(.success(head)) },
                    onEnd: { result in once.resume(result.map(\.head)) })
                loop.post(.start(plan))
                if Task.isCancelled { loop.post(.cancel(id)) }
            }
            return try await consume(head, stream)
        } onCancel: {
            loop.post(.cancel(id))
        }
    }

    private func exchange(
        _ request: HTTPRequest, body: HTTPBody, sink: ResponseSink, decompress: Bool, timeouts: HTTPTimeouts?
    ) async throws(HTTPError) -> HTTPReply {
        let loop = try loop.get()
        let id = loop.nextID()
        counter.add(1, ordering: .relaxed)
        let result: Result<HTTPReply, HTTPError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let plan = TransferPlan(
                    id: id, request: request, body: body, sink: sink, timeouts: timeouts ?? configuration.timeouts,
                    decompress: decompress, onHead: nil, onEnd: { continuation.resume(returning: $0) })
                loop.post(.start(plan))
                // A task cancelled before the start was posted has had its cancellation ignored.
                if Task.isCancelled { loop.post(.cancel(id)) }
            }
        } onCancel: {
            loop.post(.cancel(id))
        }
        return try result.get()
    }
}

/// Resumes a continuation at the first occasion and ignores later ones.
private final class Once: Sendable {
    private let continuation: Mutex<CheckedContinuation<HTTPResponse, any Error>?>

    init(_ continuation: CheckedContinuation<HTTPResponse, any Error>) { self.continuation = Mutex(continuation) }

    func resume(_ result: Result<HTTPResponse, HTTPError>) {
        let taken = continuation.withLock { continuation in
            defer { continuation = nil }
            return continuation
        }
        taken?.resume(with: result.mapError { $0 as any Error })
    }
}

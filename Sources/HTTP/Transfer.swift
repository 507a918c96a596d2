import CCurl
import HTTPTypes
import Synchronization

/// Everything that the event loop needs to know of one exchange.
struct TransferPlan: Sendable {
    let id: UInt64
    let request: HTTPRequest
    let body: HTTPBody
    let sink: ResponseSink
    let timeouts: HTTPTimeouts
    /// True when the server may compress the answer.
    let decompress: Bool
    let onHead: (@Sendable (HTTPResponse) -> Void)?
    let onEnd: @Sendable (Result<HTTPReply, HTTPError>) -> Void
}

/// One exchange under way. Lives on the event-loop thread alone; libcurl's callbacks get it as their context.
final class Transfer {
    let plan: TransferPlan
    let handle: UnsafeMutableRawPointer
    let reader: BodyReader
    let writer: ResponseWriter
    var headerList: UnsafeMutablePointer<curl_slist>?
    var head: HTTPResponse?
    var failure: HTTPError?
    /// Where libcurl puts its own words for a failure, NUL-terminated.
    let errorBuffer = UnsafeMutableBufferPointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    private(set) var isPaused = false
    private var pausedSince: ContinuousClock.Instant?
    /// The time that our reader has made the transfer wait.
    private var pausedTime = Duration.zero
    private var startedAt: ContinuousClock.Instant?
    /// Bytes of bodies and header lines moved in either direction.
    private(set) var moved = 0

    private var parsing = HTTPResponse(status: .init(code: 0))
    private var headDone = false
    /// `nil` until the connection is there: libcurl watches over that phase itself.
    private var lastActivity: ContinuousClock.Instant?

    init(_ plan: TransferPlan, handle: UnsafeMutableRawPointer) throws(HTTPError) {
        self.plan = plan
        self.handle = handle
        reader = try BodyReader(plan.body)
        writer = ResponseWriter(plan.sink)
        errorBuffer.initialize(repeating: 0)
    }

    deinit {
        curl_slist_free_all(headerList)
        errorBuffer.deallocate()
    }

    /// libcurl's own words for a failure, "" where it had none.
    var errorWords: String { errorBuffer.baseAddress.map { String(cString: $0) } ?? "" }

    /// True once the connection is there.
    var isConnected: Bool { startedAt != nil }

    /// When this exchange will have stood still for too long or lasted too long, `nil` while nothing is awaited.
    var deadline: ContinuousClock.Instant? {
        guard let lastActivity, !isPaused else { return nil }
        let stall = lastActivity + patience
        return paceDeadline.map { min($0, stall) } ?? stall
    }

    /// When the whole will have lasted longer than its pace allows, `nil` where none is asked for.
    var paceDeadline: ContinuousClock.Instant? {
        guard let startedAt, let pace = plan.timeouts.pace else { return nil }
        return startedAt + pace.limit(firstByte: plan.timeouts.firstByte, moved: moved) + pausedTime
    }

    /// The time that it has lasted, without what our reader made it wait.
    var duration: Duration { startedAt.map { .now - $0 - pausedTime } ?? .zero }

    var patience: Duration {
        headDone || !reader.isFinished ? plan.timeouts.stall : plan.timeouts.firstByte
    }

    func touch() {
        let now = ContinuousClock.now
        lastActivity = now
        if startedAt == nil { startedAt = now }
    }

    func resume() {
        isPaused = false
        if let pausedSince { pausedTime += .now - pausedSince }
        pausedSince = nil
        touch()
    }

    private func pause() {
        isPaused = true
        pausedSince = .now
    }

    func takeHeaderLine(_ line: some Collection<UInt8>) {
        touch()
        moved += line.count
        let text = String(decoding: line, as: UTF8.self).trimmingSuffix { $0.isWhitespace || $0.isNewline }
        if headDone, !text.hasPrefix("HTTP/") { return }
        if text.hasPrefix("HTTP/") {
            let code = text.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0) } ?? 0
            parsing = HTTPResponse(status: .init(code: (100...999).contains(code) ? code : 599))
            headDone = false
        } else if text.isEmpty {
            guard parsing.status.code >= 200 else { return }
            headDone = true
            head = parsing
            plan.onHead?(parsing)
        } else if let colon = text.firstIndex(of: ":"), let name = HTTPField.Name(String(text[..<colon])) {
            let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            parsing.headerFields.append(HTTPField(name: name, value: String(value)))
        }
    }

    /// The number of bytes taken, or libcurl's sign for a pause, or another number: that ends the transfer.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        touch()
        do throws(HTTPError) {
            switch try writer.write(bytes, status: head?.status.code ?? 0) {
            case .taken:
                moved += bytes.count
                return bytes.count
            case .enough: return bytes.count &+ 1
            case .later:
                pause()
                return Int(CURL_WRITEFUNC_PAUSE)
            }
        } catch {
            failure = error
            return bytes.count &+ 1
        }
    }

    func giveBody(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        touch()
        guard let count = reader.read(into: buffer) else {
            failure = reader.failure
            return Int(CURL_READFUNC_ABORT)
        }
        moved += count
        return count
    }

    /// Begins the body again on another connection; false when the request must not go out a second time: a kept
    /// connection that died says nothing of what the server did before, and a POST may have been billed.
    func rewind() -> Bool {
        if plan.request.method == .post, reader.isFinished { return false }
        reader.rewind()
        return true
    }

    func end(_ result: Result<Void, HTTPError>) {
        var result = result
        if case .success = result {
            do throws(HTTPError) { try writer.finish(status: head?.status.code ?? 0) } catch {
                result = .failure(error)
            }
        }
        if case .stream(let stream) = plan.sink { stream.end(result) }
        plan.onEnd(
            result.map {
                HTTPReply(
                    head: head ?? parsing, body: writer.body, url: plan.request.urlText, bodyLength: writer.length)
            })
    }
}

extension String {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
        var rest = self[...]
        while let last = rest.last, predicate(last) { rest.removeLast() }
        return rest
    }
}

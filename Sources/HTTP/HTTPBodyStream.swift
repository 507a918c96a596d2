import Synchronization

/// An answer's body as it arrives, at its reader's pace: when the reader falls behind, the transfer pauses.
///
/// For one reader. It lives as long as the closure given to `HTTPClient.stream`.
public final class HTTPBodyStream: Sendable {
    /// So much may lie unread before the transfer pauses.
    private static let highWater = 512 << 10

    private struct State {
        var chunks: [[UInt8]] = []
        var buffered = 0
        var paused = false
        var end: Result<Void, HTTPError>?
        var reader: CheckedContinuation<Void, Never>?

        mutating func takeAll() -> [UInt8] {
            defer {
                chunks = []
                buffered = 0
            }
            if chunks.count == 1 { return chunks[0] }
            var all: [UInt8] = []
            all.reserveCapacity(buffered)
            for chunk in chunks { all += chunk }
            return all
        }
    }

    private let state = Mutex(State())
    private let resume: @Sendable () -> Void

    /// - Parameter resume: called when a paused transfer may go on.
    init(resume: @escaping @Sendable () -> Void) { self.resume = resume }

    /// The next bytes, `nil` at the end of a body that arrived whole.
    /// - Throws: `HTTPError` when the body broke off.
    public func next() async throws(HTTPError) -> [UInt8]? {
        while true {
            let (result, resumes) = state.withLock { state -> (Result<[UInt8]?, HTTPError>?, Bool) in
                if !state.chunks.isEmpty {
                    let all = state.takeAll()
                    defer { state.paused = false }
                    return (.success(all), state.paused)
                }
                return (state.end.map { $0.map { nil } }, false)
            }
            if resumes { resume() }
            if let result { return try result.get() }
            await waitForMore()
        }
    }

    private func waitForMore() async {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state in
                if state.chunks.isEmpty, state.end == nil {
                    state.reader = continuation
                    return false
                }
                return true
            }
            if ready { continuation.resume() }
        }
    }

    /// Takes bytes from the transfer; false when they must wait.
    func offer(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let (taken, reader) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
            if state.buffered >= Self.highWater {
                state.paused = true
                return (false, nil)
            }
            state.chunks.append(Array(bytes))
            state.buffered += bytes.count
            defer { state.reader = nil }
            return (true, state.reader)
        }
        reader?.resume()
        return taken
    }

    /// Ends the body.
    func end(_ result: Result<Void, HTTPError>) {
        let reader = state.withLock { state in
            if state.end == nil { state.end = result }
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }
}

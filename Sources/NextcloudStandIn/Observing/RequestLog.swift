import Synchronization

/// The requests so far; the oldest are dropped beyond a bound, for a demo may run for months.
final class RequestLog: Sendable {
    private struct State {
        var first = 0
        var requests: [RecordedRequest] = []
    }

    private static let bound = 200_000
    private let state = Mutex(State())

    var requests: [RecordedRequest] { state.withLock { $0.requests } }

    func reset() {
        state.withLock {
            $0.first += $0.requests.count
            $0.requests = []
        }
    }

    /// Notes a request; the number is for ``update(_:_:)``.
    func begin(_ request: RecordedRequest) -> Int {
        state.withLock {
            if $0.requests.count >= Self.bound {
                $0.requests.removeFirst(Self.bound / 2)
                $0.first += Self.bound / 2
            }
            $0.requests.append(request)
            return $0.first + $0.requests.count - 1
        }
    }

    func update(_ number: Int, _ change: (inout RecordedRequest) -> Void) {
        state.withLock {
            let index = number - $0.first
            if $0.requests.indices.contains(index) { change(&$0.requests[index]) }
        }
    }
}

import Foundation
import Synchronization

/// A clock that a test moves.
final class TestClock: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_790_000_000))
    var now: Date { time.withLock(\.self) }
    func advance(_ seconds: Double) { time.withLock { $0 += seconds } }
}

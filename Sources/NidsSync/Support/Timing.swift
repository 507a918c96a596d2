public import Foundation

/// The clock that a pass goes by; tests bring their own.
public struct Timing: Sendable {
    public var now: @Sendable () -> Date
    public var sleep: @Sendable (Duration) async throws -> Void

    public init(now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (Duration) async throws -> Void) {
        self.now = now
        self.sleep = sleep
    }

    /// The machine's clock.
    public static let system = Timing(now: { Date() }, sleep: { try await Task.sleep(for: $0) })
}

import DAV
import Foundation
import Synchronization

/// Finds out what a 401 means: the fault of one file or folder, or a login that is refused. Only the root says that, and
/// only when it says so twice, since a server that is being started or a proxy may refuse anybody for a moment.
final class LoginCheck: Sendable {
    /// The meaning of a 401.
    enum Verdict: Sendable {
        /// The root refused the login twice.
        case refused(DAVError)
        /// The root takes it.
        case accepted
        /// The root could not be asked.
        case unknown(DAVError)
    }

    private struct State {
        var client: DAVClient?
        /// The question that is being asked: those who come meanwhile wait for its answer.
        var current: Task<Verdict, Never>?
        var acceptedAt: Date?
    }

    /// The pause before the root is asked once more.
    static let pause = Duration.seconds(5)
    /// The time in seconds for which an answer of the root holds.
    private static let validity: TimeInterval = 30

    private let timing: Timing
    private let state = Mutex(State())

    init(timing: Timing) { self.timing = timing }

    /// The root is asked by that client.
    func ask(by client: DAVClient) { state.withLock { $0.client = client } }

    /// The meaning of a 401 that some file or folder answered.
    func verdict(on error: DAVError) async -> Verdict {
        let now = timing.now()
        let task: Task<Verdict, Never>? = state.withLock { state in
            if let current = state.current { return current }
            if let accepted = state.acceptedAt, abs(now.timeIntervalSince(accepted)) < Self.validity {
                return Task { .accepted }
            }
            guard let client = state.client else { return nil }
            let task = Task { [timing] in await Self.ask(client, timing) }
            state.current = task
            return task
        }
        guard let task else { return .refused(error) }
        let verdict = await task.value
        let answered = timing.now()
        state.withLock { state in
            state.current = nil
            if case .accepted = verdict { state.acceptedAt = answered }
        }
        return verdict
    }

    /// Asks the root, and once more after a pause where it refuses.
    static func ask(_ client: DAVClient, _ timing: Timing) async -> Verdict {
        for isLast in [false, true] {
            do throws(DAVError) {
                _ = try await client.etag(of: .root)
                return .accepted
            } catch {
                guard error.kind == .unauthorized else { return .unknown(error) }
                if isLast { return .refused(error) }
            }
            try? await timing.sleep(pause)
        }
        return .accepted
    }
}

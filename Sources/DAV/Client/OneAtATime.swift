/// Lets one at a time do something, in the order they came.
actor OneAtATime {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Does the work when nobody else does any.
    nonisolated func run<Value: Sendable>(
        _ work: () async throws(DAVError) -> Value
    ) async throws(DAVError) -> Value {
        await enter()
        do throws(DAVError) {
            let value = try await work()
            await leave()
            return value
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async {
        guard isTaken else { return isTaken = true }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func leave() {
        if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
    }
}

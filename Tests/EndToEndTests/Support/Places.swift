/// So many tests at once: each starts programs and servers, and with all of them at once every one is slow.
actor Places {
    private static let shared = Places()

    private var free = 4
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Does the work when there is a place for it.
    static func taking<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
        await shared.enter()
        do {
            let value = try await work()
            await shared.leave()
            return value
        } catch {
            await shared.leave()
            throw error
        }
    }

    private func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func leave() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}

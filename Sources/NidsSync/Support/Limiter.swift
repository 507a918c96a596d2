/// Lets so many at once do something, in the order they came.
actor Limiter {
    private(set) var free: Int
    private(set) var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = max(1, count) }

    /// Does the work when there is room.
    nonisolated func run<Value: Sendable>(_ work: () async throws -> Value) async rethrows -> Value {
        await enter()
        do {
            let value = try await work()
            await leave()
            return value
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async {
        if free > 0 {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func leave() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}

/// Lets one at a time do something under a key, so that two copies of one scan are not both paid for.
actor KeyedGate<Subject: Hashable & Sendable> {
    private(set) var waiting: [Subject: [CheckedContinuation<Void, Never>]] = [:]

    /// Does the work when nobody else does any under that key.
    nonisolated func run<Value: Sendable>(_ key: Subject, _ work: () async throws -> Value) async rethrows -> Value {
        await enter(key)
        do {
            let value = try await work()
            await leave(key)
            return value
        } catch {
            await leave(key)
            throw error
        }
    }

    private func enter(_ key: Subject) async {
        guard waiting[key] != nil else {
            waiting[key] = []
            return
        }
        await withCheckedContinuation { waiting[key]?.append($0) }
    }

    private func leave(_ key: Subject) {
        guard var queue = waiting[key], !queue.isEmpty else {
            waiting[key] = nil
            return
        }
        let next = queue.removeFirst()
        waiting[key] = queue
        next.resume()
    }
}

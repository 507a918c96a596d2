import Synchronization
import Testing

@testable import NidsSync

/// How many are at work at once, and how many were at most.
private final class Crowd: Sendable {
    private let state = Mutex((present: 0, most: 0, total: 0))
    var most: Int { state.withLock { $0.most } }
    var total: Int { state.withLock { $0.total } }

    func visit() async {
        state.withLock {
            $0.present += 1
            $0.total += 1
            $0.most = max($0.most, $0.present)
        }
        for _ in 0..<5 { await Task.yield() }
        state.withLock { $0.present -= 1 }
    }
}

private final class Order: Sendable {
    private let state = Mutex<[Int]>([])
    var numbers: [Int] { state.withLock { $0 } }
    func append(_ number: Int) { state.withLock { $0.append(number) } }
}

@Suite("A limit to how many do something at once", .timeLimit(.minutes(5)))
struct LimiterTests {
    @Test("never more than allowed, and all of them in the end", arguments: [1, 3])
    func limit(count: Int) async {
        let crowd = Crowd()
        let limiter = Limiter(count)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 { group.addTask { await limiter.run { await crowd.visit() } } }
        }
        #expect(crowd.most == count)
        #expect(crowd.total == 100)
    }

    @Test("a limit of nothing lets one pass, so that nobody waits forever", arguments: [0, -3])
    func nothing(count: Int) async {
        #expect(await Limiter(count).run { 7 } == 7)
    }

    @Test("work that fails makes room")
    func failing() async {
        struct Failure: Error {}
        let limiter = Limiter(1)
        for _ in 0..<3 {
            await #expect(throws: Failure.self) { try await limiter.run { throw Failure() } }
        }
        #expect(await limiter.run { true })
    }

    @Test("they come in the order in which they asked")
    func order() async {
        let limiter = Limiter(1)
        let order = Order()
        let (gate, open) = AsyncStream<Void>.makeStream()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await limiter.run { for await _ in gate {} } }
            while await limiter.free > 0 { await Task.yield() }
            for number in 0..<10 {
                group.addTask { await limiter.run { order.append(number) } }
                while await limiter.waiting.count <= number { await Task.yield() }
            }
            open.finish()
        }
        #expect(order.numbers == Array(0..<10))
    }

    @Test("a cancelled waiter gets its turn, sees that it is cancelled, and makes room")
    func cancelled() async {
        let limiter = Limiter(1)
        let (gate, open) = AsyncStream<Void>.makeStream()
        async let holder: Void = limiter.run { for await _ in gate {} }
        while await limiter.free > 0 { await Task.yield() }
        let waiter = Task { try await limiter.run { try Task.checkCancellation() } }
        while await limiter.waiting.count == 0 { await Task.yield() }
        waiter.cancel()
        open.finish()
        await holder
        await #expect(throws: CancellationError.self) { try await waiter.value }
        #expect(await limiter.free > 0)
    }
}

@Suite("One at a time under a key", .timeLimit(.minutes(5)))
struct KeyedGateTests {
    @Test("one at a time under one key")
    func oneKey() async {
        let crowd = Crowd()
        let gate = KeyedGate<String>()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 { group.addTask { await gate.run("a") { await crowd.visit() } } }
        }
        #expect(crowd.most == 1)
        #expect(crowd.total == 100)
    }

    @Test("different keys do not wait for each other")
    func keys() async {
        let gate = KeyedGate<Int>()
        let value = await gate.run(1) { await gate.run(2) { await gate.run(3) { "through" } } }
        #expect(value == "through")
    }

    @Test("work that fails lets the next one in")
    func failing() async {
        struct Failure: Error {}
        let gate = KeyedGate<Int>()
        for _ in 0..<3 {
            await #expect(throws: Failure.self) { try await gate.run(1) { throw Failure() } }
        }
        #expect(await gate.run(1) { true })
    }

    @Test("keys that nobody uses any more are forgotten")
    func forgotten() async {
        let gate = KeyedGate<Int>()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<50 { group.addTask { await gate.run(number % 7) { await Task.yield() } } }
        }
        #expect(await gate.waiting.count == 0)
    }
}

import Testing

@testable import NidsSync

@Suite("The request to stop", .timeLimit(.minutes(5)))
struct StopSignalTests {
    /// Sleeps until it is cancelled.
    private static let forever: @Sendable (Duration) async throws -> Void = { _ in
        try await Task.sleep(for: .seconds(3600))
    }

    @Test("nobody has asked until somebody does, and then it stays asked")
    func requested() {
        let stop = StopSignal()
        #expect(!stop.isRequested)
        stop.request()
        stop.request()
        #expect(stop.isRequested)
    }

    @Test("all who sleep wake up when somebody asks")
    func wakes() async {
        let stop = StopSignal()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { await stop.sleep(.seconds(3600), using: Self.forever) } }
            while stop.sleeperCount < 50 { await Task.yield() }
            stop.request()
        }
        #expect(stop.sleeperCount == 0)
    }

    @Test("who lies down after the request does not sleep")
    func late() async {
        let stop = StopSignal()
        stop.request()
        await stop.sleep(.seconds(3600), using: Self.forever)
        #expect(stop.isRequested)
    }

    @Test("without a request the time passes, and no sleeper is left behind")
    func passes() async {
        let stop = StopSignal()
        for _ in 0..<100 { await stop.sleep(.zero) { _ in await Task.yield() } }
        #expect(!stop.isRequested)
        #expect(stop.sleeperCount == 0)
    }

    @Test("a cancelled sleeper wakes up and is forgotten")
    func cancelled() async {
        let stop = StopSignal()
        let sleeper = Task { await stop.sleep(.seconds(3600), using: Self.forever) }
        while stop.sleeperCount == 0 { await Task.yield() }
        sleeper.cancel()
        await sleeper.value
        #expect(stop.sleeperCount == 0)
        #expect(!stop.isRequested)
    }

    @Test("the duration is handed to the clock as it is")
    func duration() async {
        await confirmation { slept in
            await StopSignal().sleep(.seconds(42)) { duration in
                #expect(duration == .seconds(42))
                slept()
            }
        }
    }

    @Test("requests and sleepers that cross never leave one asleep")
    func race() async {
        for _ in 0..<200 {
            let stop = StopSignal()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { await stop.sleep(.seconds(3600), using: Self.forever) } }
                group.addTask { stop.request() }
            }
        }
    }
}

import Testing
import Transcriber

@Suite("Letting requests begin", .timeLimit(.minutes(2)))
struct RequestGateTests {
    /// Asks `count` times, each until it is answered, all waiting from the beginning; says how long it took.
    private func ask(_ count: Int, _ provider: QuotaProvider, _ gate: RequestGate, _ time: VirtualTime) async throws
        -> Duration
    {
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask {
                    defer { time.finish() }
                    while true {
                        let isAnswered = try await gate.run {
                            switch try await provider.ask() {
                            case .answered:
                                gate.succeeded()
                                return true
                            case .refused(let retryAfter):
                                gate.rateLimited(retryAfter: retryAfter)
                                return false
                            }
                        }
                        if isAnswered { return }
                    }
                }
            }
            await time.run(count, at: gate)
            try await group.waitForAll()
            return time.now
        }
    }

    private func ideal(_ count: Int, perMinute rate: Double, latency: Duration) -> Duration {
        .seconds(60) / rate * Double(count - 1) + latency
    }

    @Test("a configured rate is kept to the last request, without a refusal", arguments: [60.0, 300, 1000])
    func configured(rate: Double) async throws {
        let time = VirtualTime()
        let provider = QuotaProvider(perMinute: rate, latency: .seconds(8), time: time)
        let gate = RequestGate(ratePerMinute: rate, time: time.gateTime)
        let took = try await ask(400, provider, gate, time)
        #expect(ideal(400, perMinute: rate, latency: .seconds(8)) / took >= 0.97)
        #expect(provider.counts.refused == 0)
        #expect(gate.window >= provider.counts.mostInFlight)
    }

    @Test("an unknown rate is learned from the refusals", arguments: [60.0, 300, 1000], [0, 20])
    func learned(rate: Double, refusalMilliseconds: Int) async throws {
        let time = VirtualTime()
        let provider = QuotaProvider(
            perMinute: rate, latency: .seconds(8), refusalLatency: .milliseconds(refusalMilliseconds), time: time)
        let gate = RequestGate(time: time.gateTime)
        let count = Int(rate * 6)
        let took = try await ask(count, provider, gate, time)
        let ratio = ideal(count, perMinute: rate, latency: .seconds(8)) / took
        #expect(ratio >= 0.97)
        #expect(provider.counts.refused < count / 5)
    }

    @Test("a configured rate that is too high gives way to what the provider grants")
    func tooHigh() async throws {
        let time = VirtualTime()
        let provider = QuotaProvider(perMinute: 60, latency: .seconds(8), time: time)
        let gate = RequestGate(ratePerMinute: 300, time: time.gateTime)
        let took = try await ask(300, provider, gate, time)
        #expect(ideal(300, perMinute: 60, latency: .seconds(8)) / took >= 0.95)
        #expect(provider.counts.refused < 100)
    }

    @Test("the window starts at eight, grows by one with every success and is halved once by refusals of one window")
    func window() async throws {
        let time = VirtualTime()
        let gate = RequestGate(time: time.gateTime)
        #expect(gate.window == 8)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    defer { time.finish() }
                    try await gate.run {
                        try await time.sleep(.seconds(1))
                        gate.succeeded()
                        gate.succeeded()
                        try await time.sleep(.seconds(1))
                        gate.rateLimited(retryAfter: nil)
                    }
                }
            }
            while time.sleeperCount < 8 { await Task.yield() }
            #expect(gate.inFlight == 8)
            time.advance()
            while time.sleeperCount < 8 { await Task.yield() }
            #expect(gate.window == 16)
            time.advance()
            try await group.waitForAll()
        }
        #expect(gate.window == 8)
        #expect(gate.inFlight == 0)
    }

    @Test("the window never leaves its bounds")
    func bounds() async throws {
        let gate = RequestGate(cap: 3, initialWindow: 2)
        for _ in 0..<10 { try await gate.run { gate.succeeded() } }
        #expect(gate.window <= 3)
        let time = VirtualTime()
        let refusing = RequestGate(cap: 3, initialWindow: 3, time: time.gateTime)
        for count in 1...4 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { time.finish() }
                    try await refusing.run { refusing.rateLimited(retryAfter: nil) }
                }
                await time.run(count, at: refusing)
                try await group.waitForAll()
            }
        }
        #expect(refusing.window == 1)
        #expect(RequestGate(cap: -1, initialWindow: 0).window == 1)
        #expect(RequestGate(ratePerMinute: .nan).window == 8)
        #expect(RequestGate(ratePerMinute: -3).interval == nil)
    }

    @Test("nothing begins before the time that a refusal names, and then one by one")
    func pause() async throws {
        let time = VirtualTime()
        let gate = RequestGate(time: time.gateTime)
        let starts = Log<Duration>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<6 {
                group.addTask {
                    defer { time.finish() }
                    if index > 0 { try await time.sleep(.seconds(index == 1 ? 1 : 2)) }
                    try await gate.run {
                        starts.append(time.now)
                        if index == 1 { gate.rateLimited(retryAfter: .seconds(30)) }
                    }
                }
            }
            await time.run(6, at: gate)
            try await group.waitForAll()
        }
        let times = starts.all
        #expect(times.prefix(3) == [.zero, .seconds(1), .seconds(31)])
        for (earlier, later) in zip(times.dropFirst(2), times.dropFirst(3)) {
            #expect(later - earlier > .seconds(10))
        }
    }

    @Test("they begin in the order they came, and one that is cancelled gives up its place")
    func order() async throws {
        let time = VirtualTime()
        let gate = RequestGate(cap: 1, time: time.gateTime)
        let order = Log<Int>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            let first = Task {
                try await gate.run { try await time.sleep(.seconds(1)) }
            }
            while time.sleeperCount == 0 { await Task.yield() }
            var waiting: [Task<Void, any Error>] = []
            for index in 0..<5 {
                waiting.append(Task { try await gate.run { order.append(index) } })
                while gate.parkedCount == index { await Task.yield() }
            }
            waiting[0].cancel()
            waiting[2].cancel()
            for cancelled in [waiting[0], waiting[2]] {
                let result = await cancelled.result
                #expect(throws: CancellationError.self) { try result.get() }
            }
            time.advance()
            try await first.value
            for index in [1, 3, 4] { try await waiting[index].value }
        }
        #expect(order.all == [1, 3, 4])
        #expect(gate.inFlight == 0 && gate.parkedCount == 0)
    }

    @Test("one that is cancelled while it waits for its time lets the next take it")
    func cancelledSleeper() async throws {
        let time = VirtualTime()
        let gate = RequestGate(ratePerMinute: 1, time: time.gateTime)
        try await gate.run {}
        let sleeper = Task { try await gate.run {} }
        while time.sleeperCount == 0 { await Task.yield() }
        let next = Task { try await gate.run { time.now } }
        while gate.parkedCount == 0 { await Task.yield() }
        sleeper.cancel()
        let result = await sleeper.result
        #expect(throws: CancellationError.self) { try result.get() }
        while time.sleeperCount == 0 { await Task.yield() }
        time.advance()
        #expect(try await next.value == .seconds(60))
    }

    @Test("work that throws leaves its place")
    func throwing() async throws {
        struct Failure: Error {}
        let gate = RequestGate(cap: 1)
        await #expect(throws: Failure.self) { try await gate.run { throw Failure() } }
        #expect(try await gate.run { 7 } == 7)
    }
}

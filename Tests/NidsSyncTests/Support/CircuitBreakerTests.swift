import Foundation
import Synchronization
import Testing

@testable import NidsSync

@Suite("The circuit breakers")
struct CircuitBreakerTests {
    private final class Bench: Sendable {
        private let clock = Mutex(Date.sample)
        private let closings = Mutex(0)

        func advance(_ seconds: TimeInterval) { clock.withLock { $0 += seconds } }
        var elapsed: TimeInterval { clock.withLock { $0.timeIntervalSince(.sample) } }
        var closed: Int { closings.withLock { $0 } }

        func breaker(models: [String] = ["a", "b"], triesAgain: Bool = true) -> CircuitBreaker {
            CircuitBreaker(
                models: models, triesAgain: triesAgain, now: { self.clock.withLock { $0 } },
                closed: { self.closings.withLock { $0 += 1 } })
        }
    }

    private let outage = Outage.nextcloud("away")

    @Test("a dependency that failed is left alone, then tried with one request, at growing intervals")
    func intervals() {
        let bench = Bench()
        let breaker = bench.breaker()
        for pause in [15.0, 30, 60, 120, 240, 300, 300] {
            #expect(breaker.open(.nextcloud, outage))
            #expect(breaker.capacity(.nextcloud, full: 8) == 0)
            #expect(breaker.reason(.nextcloud) == "away")
            #expect(breaker.openUntil(.nextcloud) == breaker.nextTry(after: .distantPast))
            bench.advance(pause - 1)
            #expect(breaker.isOpen(.nextcloud))
            bench.advance(1)
            #expect(breaker.capacity(.nextcloud, full: 8) == 1)
            #expect(breaker.reason(.nextcloud) == nil)
        }
    }

    @Test("a database that is away is tried again within half a minute, however long it has been away")
    func database() {
        let bench = Bench()
        let breaker = bench.breaker()
        for pause in [5.0, 7.5, 11.25, 16.875, 25, 25, 25] {
            #expect(breaker.open(.observations, .observations("away")))
            #expect(
                breaker.openUntil(.observations).map {
                    abs($0.timeIntervalSince(.sample) - bench.elapsed - pause) < 0.01
                } == true)
            bench.advance(pause)
        }
    }

    @Test("a server that says \"at once\" is not asked sooner than our own first pause", arguments: [0, 1, 14])
    func retryAtOnce(seconds: Int) {
        let bench = Bench()
        let breaker = bench.breaker()
        breaker.open(.nextcloud, outage, retryAfter: .seconds(seconds))
        #expect(breaker.openUntil(.nextcloud) == .sample + 15)
    }

    @Test("rights that were taken are asked for again within a minute, by one request at a time")
    func rights() {
        let bench = Bench()
        let breaker = bench.breaker()
        for _ in 0..<5 {
            #expect(breaker.open(.uploads, .rights("read-only")))
            bench.advance(59)
            #expect(!breaker.isOpen(.uploads))
        }
        #expect(breaker.turn(.uploads, pause: 40) == nil)
        #expect(breaker.turn(.uploads, pause: 40) == .seconds(40))
        breaker.close(.uploads)
        #expect(breaker.turn(.uploads, pause: 40) == nil)
        #expect(breaker.capacity(.uploads, full: 8) == 8)
    }

    @Test("a success after the pause closes the circuit, one that had begun before it does not")
    func success() {
        let bench = Bench()
        let breaker = bench.breaker()
        breaker.open(.observations, .observations("away"))
        #expect(!breaker.recordSuccess(.observations))
        #expect(breaker.isOpen(.observations))
        bench.advance(15)
        #expect(breaker.recordSuccess(.observations))
        #expect(breaker.capacity(.observations, full: 8) == 8)
        #expect((bench.closed, breaker.outages.count) == (1, 0))
        breaker.open(.observations, .observations("away"))
        #expect(breaker.openUntil(.observations) == .sample + 20, "the intervals begin anew")
    }

    @Test("requests that were under way when it failed neither prolong nor shorten a pause")
    func underWay() {
        let breaker = Bench().breaker()
        breaker.open(.nextcloud, outage, retryAfter: .seconds(100))
        #expect(!breaker.open(.nextcloud, outage))
        #expect(!breaker.open(.nextcloud, outage, retryAfter: .seconds(50)))
        #expect(breaker.openUntil(.nextcloud) == .sample + 100)
        breaker.open(.nextcloud, outage, retryAfter: .seconds(200))
        #expect(breaker.openUntil(.nextcloud) == .sample + 200)
    }

    @Test("six failures in a row open the circuit, a success in between begins the count anew")
    func failures() {
        let breaker = Bench().breaker()
        for _ in 0..<5 { breaker.recordFailure(.model("a"), .model(label: "a", "busy"), retryAfter: nil) }
        breaker.recordSuccess(.model("a"))
        for _ in 0..<5 { breaker.recordFailure(.model("a"), .model(label: "a", "busy"), retryAfter: nil) }
        #expect(!breaker.isOpen(.model("a")))
        breaker.recordFailure(.model("a"), .model(label: "a", "busy"), retryAfter: nil)
        #expect(breaker.isOpen(.model("a")))
        #expect(!breaker.isOpen(.model("b")))
    }

    @Test("a single pass tries nothing again that did not say when")
    func once() {
        let bench = Bench()
        let breaker = bench.breaker(triesAgain: false)
        breaker.open(.nextcloud, outage)
        breaker.open(.uploads, .uploads("full"), retryAfter: .seconds(10))
        bench.advance(1e6)
        #expect(breaker.isOpen(.nextcloud))
        #expect(breaker.openUntil(.nextcloud) == nil)
        #expect(!breaker.isOpen(.uploads))
    }

    @Test("a paused model waits minutes, then hours, not seconds")
    func models() {
        let breaker = Bench().breaker()
        breaker.open(.model("a"), .modelPaused(label: "a", "quota"))
        #expect(breaker.openUntil(.model("a")) == .sample + 60)
    }

    @Test("a refused login stops everything, refused keys when no other model is left")
    func refused() {
        let breaker = Bench().breaker()
        breaker.open(.model("a"), .keyRefused(label: "a", "no"))
        #expect(!breaker.isRefused)
        breaker.open(.model("b"), .keyRefused(label: "b", "no"))
        #expect(breaker.isRefused)
        let other = Bench().breaker()
        other.refuse(.loginRefused("no"))
        #expect(other.isRefused)
        #expect(other.capacity(.observations, full: 8) == 0)
        #expect(throws: WorkFault.waiting(reason: "no")) { try other.require(.uploads) }
    }

    @Test("models that a person wants to be tried are, but for those that are paused")
    func wanted() {
        let bench = Bench()
        let breaker = bench.breaker()
        for model in ["a", "b"] { breaker.open(.model(model), .modelPaused(label: model, "quota")) }
        breaker.open(.nextcloud, outage)
        breaker.closeModels(besides: ["b"])
        #expect(!breaker.isOpen(.model("a")))
        #expect(breaker.isOpen(.model("b")))
        #expect(breaker.isOpen(.nextcloud))
        #expect(bench.closed == 1)
    }
}

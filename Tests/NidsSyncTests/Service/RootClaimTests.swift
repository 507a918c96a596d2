import DAV
import Foundation
import HTTP
import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("One installation at a time works on a root", .timeLimit(.minutes(2)))
struct InstallationTests {
    static let place = "Observations Media/transcription_results/.nids-sync.json"

    struct Bench {
        var nextcloud: NextcloudStandIn
        var dav: DAVClient

        var claim: JSONValue? {
            get throws { try nextcloud.bytes(at: InstallationTests.place).map { try JSONValue(parsing: $0) } }
        }

        /// What a listing of our folder tells the state.
        func list(_ state: StateDatabase) async throws {
            let claim = try nextcloud.etag(of: InstallationTests.place).map {
                Resource.sample(RootClaim.path.description, etag: $0)
            }
            _ = try await state.storeResults(claim.map { [$0] } ?? [], of: ResultNames.folder)
        }

        func requests(_ method: String) -> [RecordedRequest] { nextcloud.requests.filter { $0.method == method } }
    }

    func use(_ body: (Bench) async throws -> Void) async throws {
        try await ScratchFolder.use { folder in
            let nextcloud = try NextcloudStandIn(store: folder, accounts: [Account(user: "anne", password: "hunter2")])
            try nextcloud.makeCollection("Observations Media")
            try await nextcloud.start()
            let url = nextcloud.url + "/remote.php/dav/files/anne/Observations%20Media/"
            let dav = DAVClient(
                collection: try #require(CollectionURL(url)),
                credentials: Credentials(user: "anne", password: Secret("hunter2")), isNextcloud: true,
                http: HTTPClient())
            do { try await body(Bench(nextcloud: nextcloud, dav: dav)) } catch {
                await nextcloud.stop()
                throw error
            }
            await nextcloud.stop()
        }
    }

    let here = RootClaim(machine: "here", host: "nest")
    private let there = RootClaim(machine: "there", host: "elsewhere")

    private func expectClaimed(
        by host: String, _ claim: RootClaim, _ bench: Bench, _ state: StateDatabase
    ) async throws {
        let error = try await #require(throws: PassError.self) {
            try await claim.claim(bench.dav, state: state, takeOver: false)
        }
        guard case .claimed(by: host) = error else {
            Issue.record("unexpected \(error)")
            return
        }
        #expect(error.status == .configuration)
        #expect(error.description.contains("--take-over"))
    }

    @Test("a free root is claimed once, with If-None-Match, and then asked about no more")
    func first() async throws {
        try await use { bench in
            let state = try StateDatabase.inMemory()
            try await here.claim(bench.dav, state: state, takeOver: false)
            let puts = bench.requests("PUT")
            #expect(puts.count == 1)
            #expect(puts.first?.headers["if-none-match"] == "*")
            let claim = try #require(try bench.claim)
            #expect(claim["machine"]?.string == "here")
            #expect(claim["host"]?.string == "nest")
            #expect(try await state.recall(.installation) == claim["installation"]?.string)
            #expect(try await state.recall(.claim) == bench.nextcloud.etag(of: Self.place))

            bench.nextcloud.resetRequests()
            try await here.claim(bench.dav, state: state, takeOver: false)
            #expect(bench.nextcloud.requests.isEmpty)
        }
    }

    @Test("another machine stops and changes nothing, however often it tries")
    func other() async throws {
        try await use { bench in
            try await here.claim(bench.dav, state: try .inMemory(), takeOver: false)
            let before = try bench.claim
            let state = try StateDatabase.inMemory()
            for _ in 0..<2 { try await expectClaimed(by: "nest", there, bench, state) }
            #expect(try bench.claim == before)
            #expect(try await state.recall(.claim) == nil)
            #expect(bench.requests("PUT").count == 1)
        }
    }

    @Test("another machine that is told to takes over, with If-Match, and the first one stops at its next look")
    func takeOver() async throws {
        try await use { bench in
            let first = try StateDatabase.inMemory()
            try await here.claim(bench.dav, state: first, takeOver: false)
            let etag = try #require(try bench.nextcloud.etag(of: Self.place))
            let second = try StateDatabase.inMemory()
            try await there.claim(bench.dav, state: second, takeOver: true)
            #expect(bench.requests("PUT").last?.headers["if-match"] == "\"\(etag)\"")
            #expect(try bench.claim?["machine"]?.string == "there")
            #expect(try await second.recall(.claim) == bench.nextcloud.etag(of: Self.place))

            try await bench.list(first)
            await #expect(throws: PassError.self) { try await here.recheck(bench.dav, state: first) }
            try await there.claim(bench.dav, state: second, takeOver: false)
        }
    }

    @Test("taking over what is one's own already changes nothing")
    func takeOverOwn() async throws {
        try await use { bench in
            let state = try StateDatabase.inMemory()
            try await here.claim(bench.dav, state: state, takeOver: false)
            let before = try bench.claim
            try await here.claim(bench.dav, state: state, takeOver: true)
            #expect(try bench.claim == before)
            #expect(bench.requests("PUT").count == 1)
        }
    }

    @Test("the same machine with a new state folder adopts the installation")
    func newState() async throws {
        try await use { bench in
            let old = try StateDatabase.inMemory()
            try await here.claim(bench.dav, state: old, takeOver: false)
            let new = try StateDatabase.inMemory()
            try await here.claim(bench.dav, state: new, takeOver: false)
            let installation = try await old.recall(.installation)
            #expect(installation != nil)
            #expect(try await new.recall(.installation) == installation)
            #expect(try await new.recall(.claim) == old.recall(.claim))
            #expect(bench.requests("PUT").count == 1)
        }
    }

    @Test("of two that begin at the same moment one works and the other stops")
    func race() async throws {
        try await use { bench in
            for round in 0..<10 {
                try? bench.nextcloud.delete(Self.place)
                let outcomes = await withTaskGroup(of: Bool.self) { group in
                    for machine in ["a", "b"] {
                        group.addTask {
                            let installation = RootClaim(machine: machine, host: machine)
                            guard let state = try? StateDatabase.inMemory() else { return false }
                            do {
                                try await installation.claim(bench.dav, state: state, takeOver: false)
                                return true
                            } catch { return false }
                        }
                    }
                    return await group.reduce(into: [Bool]()) { $0.append($1) }
                }
                #expect(outcomes.filter { $0 }.count == 1, "round \(round)")
            }
        }
    }

    @Test("the loser of a race who only sees it at the PUT stops as well")
    func lateRace() async throws {
        try await use { bench in
            // Both saw nothing: the first one's file arrives between the second's GET and its PUT.
            bench.nextcloud.addFault(Fault(method: "GET", pathContains: ".nids-sync.json", effect: .status(404)))
            try bench.nextcloud.put(
                Self.place, text: "{\"machine\": \"here\", \"host\": \"nest\", \"installation\": \"i\"}")
            try await expectClaimed(by: "nest", there, bench, try .inMemory())
            #expect(try bench.claim?["machine"]?.string == "here")
        }
    }

    @Test("a claim whose answer was lost is recognised as our own")
    func lostAnswer() async throws {
        try await use { bench in
            bench.nextcloud.addFault(Fault(method: "PUT", times: 1, effect: .loseAnswer))
            let state = try StateDatabase.inMemory()
            // libcurl may send it again by itself, on a new connection.
            try? await here.claim(bench.dav, state: state, takeOver: false)
            try await here.claim(bench.dav, state: state, takeOver: false)
            #expect(try await state.recall(.installation) == bench.claim?["installation"]?.string)
            #expect(try await state.recall(.claim) != nil)
        }
    }

    @Test("a claim that vanishes while it is written is written again, never left out")
    func vanished() async throws {
        try await use { bench in
            bench.nextcloud.addFault(Fault(method: "PUT", times: 1, effect: .status(412)))
            let state = try StateDatabase.inMemory()
            try await here.claim(bench.dav, state: state, takeOver: false)
            #expect(try bench.claim?["machine"]?.string == "here")
            #expect(try await state.recall(.claim) != nil)
        }
    }

    @Test("a server that refuses the claim time and again is an error, not a claim")
    func refused() async throws {
        try await use { bench in
            bench.nextcloud.addFault(Fault(method: "PUT", times: nil, effect: .status(412)))
            let state = try StateDatabase.inMemory()
            await #expect(throws: DAVError.self) { try await here.claim(bench.dav, state: state, takeOver: false) }
            #expect(try await state.recall(.claim) == nil)
            #expect(bench.requests("PUT").count < 10)
        }
    }

    @Test("a claim that nobody has touched is not asked for again")
    func untouched() async throws {
        try await use { bench in
            let state = try StateDatabase.inMemory()
            try await here.claim(bench.dav, state: state, takeOver: false)
            try await bench.list(state)
            bench.nextcloud.resetRequests()
            try await here.recheck(bench.dav, state: state)
            #expect(bench.nextcloud.requests.isEmpty)
        }
    }

    @Test("a person who spoils the claim stops us until told otherwise")
    func persons() async throws {
        try await use { bench in
            let state = try StateDatabase.inMemory()
            try await here.claim(bench.dav, state: state, takeOver: false)
            try bench.nextcloud.put(Self.place, text: "not JSON")
            try await bench.list(state)
            await #expect(throws: PassError.self) { try await here.recheck(bench.dav, state: state) }
            await #expect(throws: PassError.self) {
                try await here.claim(bench.dav, state: state, takeOver: false)
            }
            try await here.claim(bench.dav, state: state, takeOver: true)
            #expect(try bench.claim?["machine"]?.string == "here")
        }
    }

    @Test("what a claim says of its host is shown short and as one line")
    func hostileHost() async throws {
        try await use { bench in
            let host = "\u{1B}[2Jevil\r\n" + String(repeating: "x", count: 50_000)
            let claim: JSONValue = ["machine": "m", "host": .string(host)]
            try bench.nextcloud.put(Self.place, text: claim.serialized())
            let state = try StateDatabase.inMemory()
            let error = try await #require(throws: PassError.self) {
                try await here.claim(bench.dav, state: state, takeOver: false)
            }
            #expect(error.description.utf8.count < 1000)
            #expect(!error.description.unicodeScalars.contains { $0.properties.generalCategory == .control })
            #expect(error.description.contains("evil"))
        }
    }

    @Test("this machine has a name that stays the same and does not show its id")
    func machine() throws {
        #expect(RootClaim.current(stateDirectory: "/s").machine == RootClaim.current(stateDirectory: "/s").machine)
        #expect(RootClaim.current(stateDirectory: "/s").machine.wholeMatch(of: /[0-9a-f]{16}/) != nil)
        #expect(!RootClaim.current(stateDirectory: "/s").host.isEmpty)
        if let id = FileManager.default.contents(atPath: "/etc/machine-id"), !id.isEmpty {
            #expect(!String(decoding: id, as: UTF8.self).hasPrefix(RootClaim.current(stateDirectory: "/s").machine))
        }
    }
}

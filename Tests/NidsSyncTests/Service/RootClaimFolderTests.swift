import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

extension InstallationTests {
    private func here(_ directory: String) -> RootClaim {
        RootClaim(machine: "here", host: "nest", directory: directory)
    }

    private func isRefused(_ claim: RootClaim, _ bench: Bench, _ state: StateDatabase) async throws -> Bool {
        do { try await claim.claim(bench.dav, state: state, takeOver: false) } catch PassError.claimedHere {
            return true
        }
        return false
    }

    @Test("another state folder of the same machine is another installation, until it takes over")
    func otherFolder() async throws {
        try await use { bench in
            let (first, second) = (try StateDatabase.inMemory(), try StateDatabase.inMemory())
            try await here("/a").claim(bench.dav, state: first, takeOver: false)
            #expect(try await isRefused(here("/b"), bench, second))
            #expect(bench.requests("PUT").count == 1)
            try await here("/b").claim(bench.dav, state: second, takeOver: true)
            try await bench.list(first)
            await #expect(throws: PassError.self) { try await here("/a").recheck(bench.dav, state: first) }
            // The folder's own name is not for everybody who can read there.
            #expect(try bench.claim.map { !$0.serialized().contains("/b") } == true)
        }
    }

    @Test("a state folder that was lost begins anew in its place; a claim of an earlier release is taken as it is")
    func lostFolder() async throws {
        try await use { bench in
            let old = try StateDatabase.inMemory()
            try await here.claim(bench.dav, state: old, takeOver: false)
            // The release of before has written that, and did not know where the state lay.
            #expect(try await !isRefused(here("/a"), bench, old))
            let place = try #require(try bench.claim?["state"]?.string)
            #expect(try await !isRefused(here("/a"), bench, try .inMemory()))
            #expect(try bench.claim?["state"]?.string == place)
            #expect(try await isRefused(here("/b"), bench, try .inMemory()))
        }
    }
}

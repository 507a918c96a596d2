import DAV
import Foundation
import HTTP
import NextcloudStandIn
import Synchronization
import Testing

@testable import NidsSync

@Suite("The question of whether a login is refused")
struct LoginCheckTests {
    private final class Pauses: Sendable {
        private let pauses = Mutex<[Duration]>([])
        var all: [Duration] { pauses.withLock { $0 } }
        var timing: Timing {
            Timing(now: { .sample }, sleep: { duration in self.pauses.withLock { $0.append(duration) } })
        }
    }

    private func verdict(refusals: Int?, _ bench: PassBench, _ pauses: Pauses) async throws -> LoginCheck.Verdict {
        bench.standIn.removeFaults()
        if refusals != 0 { bench.standIn.addFault(Fault(times: refusals, effect: .status(401))) }
        let url = try #require(CollectionURL("\(bench.standIn.url)/remote.php/dav/files/anne"))
        let client = DAVClient(
            collection: url, credentials: Credentials(user: "anne", password: Secret("pw")), isNextcloud: true,
            http: HTTPClient())
        return await LoginCheck.ask(client, pauses.timing)
    }

    @Test("a root that refuses once takes the login after a pause, one that refuses twice refuses it")
    func twice() async throws {
        try await PassBench.with { bench in
            let pauses = Pauses()
            guard case .accepted = try await verdict(refusals: 0, bench, pauses) else {
                Issue.record("not accepted")
                return
            }
            #expect(pauses.all == [])
            guard case .accepted = try await verdict(refusals: 1, bench, pauses) else {
                Issue.record("not accepted after a pause")
                return
            }
            #expect(pauses.all == [LoginCheck.pause])
            guard case .refused(let error) = try await verdict(refusals: nil, bench, pauses) else {
                Issue.record("not refused")
                return
            }
            #expect(error.kind == .unauthorized)
            #expect(bench.standIn.requests.count == 1 + 2 + 2)
        }
    }
}

import Foundation
import HTTP
import NextcloudStandIn
import Testing

@Suite("Faults on demand")
struct FaultTests {
    /// Whether the connection broke, as the client sees it.
    private func isLost(_ request: () async throws -> HTTPReply) async throws -> Bool {
        do {
            _ = try await request()
            return false
        } catch HTTPError.connectionLost {
            return true
        }
    }

    @Test("a status instead of any effect, for the second matching request, twice")
    func statuses() async throws {
        try await Bench.run { bench in
            bench.standIn.addFault(
                Fault(
                    method: "PUT", pathContains: "été", occurrence: 2, times: 2,
                    effect: .status(503, headers: ["Retry-After": "7"], body: "busy")))
            var statuses: [Int] = []
            for number in 1...4 {
                let reply = try await bench.send("PUT", "%C3%A9t%C3%A9\(number)", body: [1])
                statuses.append(reply.status)
                if reply.status == 503 { #expect(reply.header("Retry-After") == "7" && reply.text == "busy") }
            }
            #expect(statuses == [201, 503, 503, 201])
            #expect(try bench.standIn.paths() == ["été1", "été4"])
            #expect(try await bench.send("PUT", "other", body: [1]).status == 201)
        }
    }

    @Test("a connection cut before the answer has no effect, a lost answer has")
    func cutting() async throws {
        try await Bench.run { (bench: Bench) async throws in
            bench.standIn.addFault(Fault(pathContains: "cut", effect: .cutBeforeAnswer))
            bench.standIn.addFault(Fault(pathContains: "lost", effect: .loseAnswer))
            #expect(try await isLost { try await bench.send("PUT", "cut", body: [1]) })
            #expect(try await isLost { try await bench.send("PUT", "lost", body: [1, 2]) })
            #expect(try bench.standIn.paths() == ["lost"])
            #expect(bench.standIn.requests.map(\.status) == [nil, nil])
            #expect(bench.standIn.requests.map(\.bytesIn) == [0, 2])
            #expect(try await bench.send("GET", "lost").body == [1, 2])
        }
    }

    @Test("a body cut by the connection is an error to the client, a truncated one is not")
    func shortBodies() async throws {
        try await Bench.run { bench in
            try bench.standIn.put("x.bin", [UInt8](repeating: 5, count: 1_000))
            bench.standIn.addFault(Fault(method: "GET", effect: .cutAfterBodyBytes(300)))
            #expect(try await isLost { try await bench.send("GET", "x.bin") })
            bench.standIn.addFault(Fault(method: "GET", effect: .truncateBody(afterBytes: 300)))
            let short = try await bench.send("GET", "x.bin")
            #expect(short.status == 200 && short.body.count == 300)
            #expect(bench.standIn.requests.map(\.bytesOut) == [300, 300])
            bench.standIn.addFault(Fault(method: "PROPFIND", effect: .truncateBody(afterBytes: 200)))
            let listing = try await bench.propfind("")
            #expect(listing.status == 207 && listing.body.count == 200)
            bench.standIn.addFault(Fault(method: "PROPFIND", effect: .cutAfterBodyBytes(200)))
            #expect(try await isLost { try await bench.propfind("") })
            #expect(try await bench.propfind("").hrefs.count == 2)
        }
    }

    @Test("a delay holds the answer back, and a hang never gives one")
    func waiting() async throws {
        try await Bench.run { (bench: Bench) async throws in
            bench.standIn.addFault(Fault(effect: .delay(.milliseconds(300))))
            let clock = ContinuousClock()
            let begin = clock.now
            #expect(try await bench.propfind("").status == 207)
            #expect(clock.now - begin >= .milliseconds(300))
            bench.standIn.addFault(Fault(effect: .hang))
            let timeouts = HTTPTimeouts(firstByte: .milliseconds(400), stall: .milliseconds(400))
            await #expect(throws: HTTPError.self) {
                try await bench.send("PUT", "hung", body: [1], timeouts: timeouts)
            }
            #expect(try bench.standIn.paths().isEmpty)
        }
    }

    @Test("an error breaks off a 207, or stands in for one of its responses")
    func errorsInside() async throws {
        try await Bench.run { bench in
            for name in ["a", "b", "c"] { try bench.standIn.put(name, text: name) }
            bench.standIn.addFault(Fault(effect: .errorInsideMultistatus(afterResponses: 2)))
            let broken = try await bench.propfind("")
            #expect(broken.status == 207 && broken.hrefs.count == 2)
            #expect(broken.text.hasSuffix("</d:error>\n") && !broken.text.contains("</d:multistatus>"))
            bench.standIn.addFault(Fault(effect: .failedResponse(at: 2, status: 500)))
            let partial = try await bench.propfind("")
            #expect(partial.hrefs.count == 4)
            let failed = "b</d:href><d:status>HTTP/1.1 500 Internal Server Error</d:status></d:response>"
            #expect(partial.text.contains(failed))
        }
    }

    @Test("Depth: infinity is refused, or answered as 1")
    func refusingInfinity() async throws {
        try await Bench.run { bench in
            try bench.standIn.put("a/b/c", text: "1")
            bench.standIn.conditions.infinityRefusal = .status(412)
            #expect(try await bench.propfind("", depth: "infinity").status == 412)
            #expect(try await bench.propfind("", depth: "1").hrefs.count == 2)
            bench.standIn.conditions.infinityRefusal = .answeredAsOne
            #expect(try await bench.propfind("", depth: "infinity").hrefs.count == 2)
            bench.standIn.conditions.infinityRefusal = nil
            #expect(try await bench.propfind("", depth: "infinity").hrefs.count == 4)
        }
    }

    @Test("ETags propagate to the parent only, or not at all, when told so")
    func propagation() async throws {
        try await Bench.run { bench in
            let standIn = bench.standIn
            try standIn.put("a/b/c", text: "1")
            func etags() throws -> [String?] { try ["", "a", "a/b"].map { try standIn.etag(of: $0) } }
            let before = try etags()
            standIn.conditions.propagation = .none
            try await bench.send("PUT", "a/b/d", body: [1])
            #expect(try etags() == before)
            standIn.conditions.propagation = .parentOnly
            try await bench.send("PUT", "a/b/d", body: [2])
            let after = try etags()
            #expect(after[..<2] == before[..<2] && after[2] != before[2])
        }
    }

    @Test("below an external storage never scanned every ETag is empty, and only there")
    func emptyETags() async throws {
        try await Bench.run { bench in
            try bench.standIn.put("Externe/a/x", text: "1")
            try bench.standIn.put("normal", text: "2")
            bench.standIn.conditions.emptyETagsBelow = ["Externe"]
            for (path, depth, count) in [
                ("", "infinity", 3), ("Externe/a", "1", 2), ("Externe/a/x", "0", 1), ("normal", "0", 0),
            ] {
                let reply = try await bench.propfind(path, depth: depth)
                #expect(reply.text.matches(of: /<d:getetag>&quot;&quot;</).count == count, "\(path)")
            }
        }
    }

    @Test("a file that a colleague holds locked is refused with 423 until it is unlocked")
    func locks() async throws {
        try await Bench.run { bench in
            try bench.standIn.put("x", text: "1")
            try bench.standIn.lock("x", by: "colleague")
            #expect(try await bench.send("PUT", "x", body: [2]).status == 423)
            #expect(try await bench.send("DELETE", "x").status == 423)
            #expect(try await bench.send("LOCK", "x", ["X-User-Lock": "1"]).status == 423)
            try bench.standIn.lock("x", by: nil)
            #expect(try await bench.send("PUT", "x", body: [2]).status == 204)
        }
    }

    @Test("the login flow gives an app password once a person approved, once")
    func loggingIn() async throws {
        try await Bench.run { bench in
            let start = try await bench.send("POST", "/index.php/login/v2", body: [], login: nil)
            let token = try #require(start.text.firstMatch(of: /"token":"([^"]+)"/)).output.1
            let form = Array("token=\(token)".utf8)
            #expect(try await bench.send("POST", "/login/v2/poll", body: form, login: nil).status == 404)
            bench.standIn.approveLogins(of: "admin")
            let reply = try await bench.send("POST", "/login/v2/poll", body: form, login: nil)
            let password = try #require(reply.text.firstMatch(of: /"appPassword":"([^"]+)"/)).output.1
            #expect(reply.text.contains("\"loginName\":\"admin@example.org\""))
            #expect(try await bench.send("POST", "/login/v2/poll", body: form, login: nil).status == 404)
            let user = try await bench.send(
                "GET", "/ocs/v2.php/cloud/user?format=json", login: "admin@example.org:\(password)")
            #expect(user.text.contains("\"id\":\"admin\""))
        }
    }

    @Test("requests are recorded without secrets, with depth, session and bytes")
    func recording() async throws {
        try await Bench.run { bench in
            _ = try await bench.propfind("", depth: "0")
            try await bench.send("PUT", "x.json?a=b", ["If-None-Match": "*"], body: [1, 2, 3])
            let requests = bench.standIn.requests
            #expect(requests.map(\.method) == ["PROPFIND", "PUT"])
            #expect(requests.map(\.path).last == "/remote.php/dav/files/schneider/x.json?a=b")
            #expect(requests.map(\.depth) == ["0", nil])
            #expect(requests.map(\.status) == [207, 201])
            #expect(requests.map(\.sentSessionCookie) == [false, true])
            #expect(requests[0].bytesIn == Bench.question.utf8.count && requests[0].bytesOut > 300)
            #expect(requests[1].bytesIn == 3 && requests[1].headers["if-none-match"] == "*")
            #expect(requests.allSatisfy { $0.headers["authorization"] == nil && $0.headers["cookie"] == nil })
            bench.standIn.resetRequests()
            #expect(bench.standIn.requests.isEmpty)
        }
    }

    @Test("a second server cannot take the port of the first, and says so")
    func takenPort() async throws {
        try await Bench.run { bench in
            let port = try #require(UInt16(bench.standIn.url.split(separator: ":").last ?? ""))
            let other = try NextcloudStandIn(store: bench.store + "/other", accounts: Bench.accounts)
            await #expect(throws: StandInError.self) { try await other.start(port: port) }
        }
    }
}

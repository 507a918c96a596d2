import Foundation
import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@Suite("one installation at a time, on this machine")
struct InstallationTests {
    // After its own uploads a daemon looks among the results, where the claim lies, within the walk interval.
    private static let quick: [String: String?] = [
        "NIDS_NEXTCLOUD_POLL_INTERVAL": "200ms", "NIDS_NEXTCLOUD_WALK_INTERVAL": "1s",
    ]

    @Test("a second state folder stops with 78 and asks nothing, until it is told to take over; then the first stops")
    func twoFolders() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/b.jpg")
            let other: [String: String?] = ["NIDS_STATE_DIRECTORY": site.folder.file("other")]
            let first = try await site.run(with: Self.quick) { program in
                try await soon("both are done") { try site.cloud.files().count { $0.hasSuffix("_result.json") } == 2 }
                try site.putScans("jpeg/c.jpg")
                let second = try await site.run("--once", "--json", with: other)
                second.expect(status: 78)
                #expect(try second.summary()["error"]?.string?.contains("--take-over") == true)
                try await soon("the third is done") {
                    try site.cloud.files().count { $0.hasSuffix("_result.json") } == 3
                }
                #expect(site.model.calls.count == 3)
                try await site.run("--once", "--take-over", with: other).expect(status: 0)
                try await soon("the first has stopped") { !program.isRunning }
            }
            first.expect(status: 78)
            #expect(first.errors.contains("another installation on this machine"))
            #expect(site.model.calls.count == 3)
            try await site.run("--once", with: other).expect(status: 0)
            try await site.run("--once").expect(status: 78)
        }
    }

    @Test(
        "a daemon that starts while Nextcloud is away takes over where it is to, and else ends, once it is back",
        arguments: [true, false])
    func startsFirst(takesOver: Bool) async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            try await site.run("--once").expect(status: 0)
            let other: [String: String?] = ["NIDS_STATE_DIRECTORY": site.folder.file("other")]
            site.cloud.conditions.maintenance = true
            site.cloud.resetRequests()
            let argument = takesOver ? "--take-over" : "run"
            let outcome = try await site.run(argument, with: Self.quick.merging(other) { $1 }) { program in
                try await soon("it has asked") { site.cloud.requestCount > 0 }
                site.cloud.conditions.maintenance = false
                try site.putScans("jpeg/b.jpg")
                guard takesOver else { return try await soon("it has ended") { !program.isRunning } }
                try await soon("the scan is done") { try site.cloud.bytes(at: site.resultPath("b")) != nil }
                try program.send(SIGTERM)
            }
            outcome.expect(status: takesOver ? 0 : 78)
            #expect(site.model.calls.count == (takesOver ? 2 : 1))
        }
    }

    @Test("a state folder that was copied is another one; one that was moved is not")
    func copied() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            try await site.run("--once").expect(status: 0)
            let copy = site.folder.file("copy")
            try FileManager.default.copyItem(atPath: site.state, toPath: copy)
            let elsewhere: [String: String?] = ["NIDS_STATE_DIRECTORY": copy]
            try await site.run("--once", with: elsewhere).expect(status: 78)
            try FileManager.default.removeItem(atPath: site.state)
            let moved = try await site.run("--once", "--json", with: elsewhere)
            moved.expect(status: 0)
            #expect(try moved.count("unchanged") == 1)
            try await site.run("--once").expect(status: 78)
            #expect(site.model.calls.count == 1)
        }
    }

    @Test("a state that was lost begins anew in its place, and pays nothing again")
    func lost() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            try await site.run("--once").expect(status: 0)
            try FileManager.default.removeItem(atPath: site.state)
            let outcome = try await site.run("--once", "--json")
            outcome.expect(status: 0)
            #expect(try outcome.count("adopted") == 1)
            #expect(site.model.calls.count == 1)
        }
    }

    @Test("a lock file that somebody deletes under a daemon lets no second one in")
    func deletedLock() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let outcome = try await site.run(with: Self.quick) { program in
                try await soon("the scan is done") { try site.cloud.bytes(at: site.resultPath("a")) != nil }
                try FileManager.default.removeItem(atPath: site.state + "/lock")
                try await site.run("--once", "--json").expect(status: 69)
                try await soon("the file is there again") {
                    FileManager.default.contents(atPath: site.state + "/lock") == Data("\(program.identifier)".utf8)
                }
                let second = try await site.run("--once", "--json")
                second.expect(status: 69)
                #expect(try second.summary()["error"]?.string?.contains("process \(program.identifier)") == true)
                let status = try await site.run("status", "--json")
                #expect(try status.summary()["running"]?["process"]?.string == "\(program.identifier)")
                try program.send(SIGTERM)
            }
            outcome.expect(status: 0)
        }
    }

    @Test(
        "a state folder that is removed or replaced under a daemon ends it with what to do",
        arguments: ["removed", "replaced", "emptied"])
    func goneFolder(what: String) async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let outcome = try await site.run(with: Self.quick) { program in
                try await soon("the scan is done") { try site.cloud.bytes(at: site.resultPath("a")) != nil }
                switch what {
                case "emptied":
                    for name in try FileManager.default.contentsOfDirectory(atPath: site.state) {
                        try FileManager.default.removeItem(atPath: site.state + "/" + name)
                    }
                default:
                    try FileManager.default.moveItem(atPath: site.state, toPath: site.state + "-away")
                    if what == "replaced" {
                        try FileManager.default.copyItem(atPath: site.state + "-away", toPath: site.state)
                    }
                }
                try await soon("it ends") { !program.isRunning }
            }
            outcome.expect(status: 78)
            #expect(outcome.errors.contains("was removed or replaced"))
            let next = try await site.run("--once", "--json")
            next.expect(status: 0)
            #expect(site.model.calls.count == 1)
        }
    }

    @Test("a spool and a folder for tools that somebody clears away are made anew", arguments: ["spool", "work"])
    func clearedFolder(name: String) async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let outcome = try await site.run(with: Self.quick) { program in
                try await soon("the scan is done") { try site.cloud.bytes(at: site.resultPath("a")) != nil }
                try FileManager.default.removeItem(atPath: site.state + "/" + name)
                try site.putScans("jpeg/b.jpg")
                try await soon("the next one, too") { try site.cloud.bytes(at: site.resultPath("b")) != nil }
                try program.send(SIGTERM)
            }
            outcome.expect(status: 0)
        }
    }
}

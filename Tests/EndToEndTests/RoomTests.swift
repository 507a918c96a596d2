import Foundation
import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@Suite("a disk without room", .enabled(if: SmallDisk.isAvailable))
struct RoomTests {
    private static let quick: [String: String?] = [
        "NIDS_NEXTCLOUD_POLL_INTERVAL": "200ms", "NIDS_TRANSCRIPTION_CONCURRENCY": "4",
    ]

    @Test("answers that arrive on a full disk are kept, nothing more is asked, and with room the daemon goes on")
    func filled() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/0.jpg")
            let disk = SmallDisk(directory: site.state)
            let gate = Signal()
            defer { gate.fire() }
            let outcome = try await site.run(with: Self.quick, within: disk.mounted(size: 24_000)) { program in
                // Of a model that has answered, several sheets are asked at once.
                try await soon("the first is done") { try site.cloud.bytes(at: site.resultPath("0")) != nil }
                site.holdModel(until: gate)
                try site.putScans((1...12).map { "jpeg/\($0).jpg" })
                try await soon("the model is asked") { site.model.calls.count >= 5 }
                #expect(disk.exists("reserve", program))
                try disk.fill(program)
                gate.fire()
                // A try to have one again leaves an empty file where there is no room for it.
                try await soon("the reserve is given up") { disk.isEmpty("reserve", program) }
                let asked = site.model.calls.count
                // Whatever it still does, it is no more than what was begun.
                try? await eventually("more is asked", within: .seconds(4)) { site.model.calls.count > asked + 4 }
                #expect(site.model.calls.count <= asked + 4)
                #expect(program.isRunning)
                try disk.free(program)
                try await soon("everything is done") {
                    try site.cloud.files().count { $0.hasSuffix("_result.json") } == 13
                }
                try program.send(SIGTERM)
            }
            outcome.expect(status: 0)
            #expect(site.model.callsByDigest.count == 13)
            #expect(site.model.callsByDigest.values.allSatisfy { $0 == 1 }, "nothing is paid for twice")
            #expect(outcome.errors.contains(site.state) && outcome.errors.contains("make room"))
        }
    }

    @Test("without room for an answer nothing is asked: 69, and the words say where room is needed")
    func nothingAsked() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/b.jpg")
            let disk = SmallDisk(directory: site.state)
            let outcome = try await site.run("--once", "--json", within: disk.mounted(size: 4000))
            outcome.expect(status: 69)
            #expect(site.model.calls.isEmpty)
            #expect(try outcome.summary()["error"]?.string?.contains("nothing can be stored in \(site.state)") == true)
            #expect(try outcome.count("failed") == 0)
            #expect(try outcome.count("waiting") == 2)
        }
    }

    @Test("files that may not grow are no reason to die, nor to ask")
    func fileLimit() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let outcome = try await site.run("--once", "--json", within: Shell.after("ulimit -S -f 2500"))
            outcome.expect(status: 69)
            #expect(site.model.calls.isEmpty)
            #expect(try outcome.summary()["error"]?.string?.contains("ulimit -f") == true)
            let after = try await site.run("--once", "--json")
            after.expect(status: 0)
            #expect(try after.count("transcribed") == 1)
        }
    }

    @Test("a scan that finds no room in the spool waits, and is no failed sheet")
    func spool() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.put("jpeg/a.jpg", Scan.small("jpeg/a.jpg") + [UInt8](repeating: 0, count: 9_000_000))
            let disk = SmallDisk(directory: site.state)
            let outcome = try await site.run("--once", "--json", within: disk.mounted(size: 8000))
            outcome.expect(status: 69)
            #expect(try outcome.count("failed") == 0)
            #expect(try outcome.count("waiting") == 1)
            #expect(try outcome.summary()["error"]?.string?.contains("No space left") == true)
        }
    }

    @Test("a temporary folder that is not there, or full, is none of its business")
    func temporaryFolder() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let once = try await site.run("--once", "--json", with: ["TMPDIR": "/nonexistent"])
            once.expect(status: 0)
            #expect(try once.count("transcribed") == 1)
            try site.putScans("jpeg/b.jpg")
            let disk = SmallDisk(directory: site.folder.file("tmp"))
            let full = try await site.run(
                "--once", "--json", with: ["TMPDIR": disk.directory],
                within: disk.mounted(size: 64, "head -c 100000 /dev/zero > '\(disk.directory)/others' || true"))
            full.expect(status: 0)
            #expect(try full.count("transcribed") == 1)
        }
    }

    @Test("few open files end in a sentence that says so, and cost no sheet", arguments: [8, 12, 20, 40])
    func fewFiles(limit: Int) async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/b.jpg", "jpeg/c.jpg")
            let outcome = try await site.run("--once", "--json", within: Shell.after("ulimit -n \(limit)"))
            #expect(try outcome.count("failed") == 0)
            outcome.expect(status: 69)
            let words = try outcome.summary()["error"]?.string ?? ""
            #expect(words.contains("too many files") && words.contains("ulimit -n"), "\(words)")
            let after = try await site.run("--once", "--json")
            after.expect(status: 0)
            #expect(site.model.callsByDigest.values.allSatisfy { $0 == 1 })
        }
    }
}

import Foundation
import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@Suite("--dry-run")
struct DryRunTests {
    private static let reading: Set = ["GET", "HEAD", "PROPFIND", "OPTIONS", "REPORT", "SEARCH"]

    @Test("a first one says what would be done and makes nothing, not even the state folder")
    func first() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/b.jpg", "hors/c.jpg")
            let files = try site.cloud.files()
            let words = try await site.run("--dry-run")
            words.expect(status: 0)
            #expect(words.output.contains("2 sheets would be worked on"))
            #expect(words.output.contains("outside nextcloud.include"))
            let json = try await site.run("--dry-run", "--json")
            #expect(try json.count("waiting") == 2)
            #expect(try json.count("transcribed") == 0)
            #expect(try json.summary()["left_out"]?["outside nextcloud.include"]?.integer == 1)
            let both = try await site.run("--once", "--dry-run")
            both.expect(status: 0)

            #expect(FolderSnapshot(site.state).entries.isEmpty)
            #expect(try site.cloud.files() == files)
            #expect(site.model.calls.isEmpty)
            #expect(Set(site.cloud.requests.map(\.method)).isSubset(of: Self.reading))
        }
    }

    @Test("a later one leaves every byte of the state as it was")
    func later() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/b.jpg")
            try await site.run("--once").expect(status: 0)
            try site.putScans("jpeg/c.jpg")
            try site.cloud.delete(site.resultPath("a"))
            let files = try site.cloud.files()
            let before = FolderSnapshot(site.state)
            #expect(!before.entries.isEmpty)
            site.cloud.resetRequests()

            let outcome = try await site.run("--dry-run", "--json")
            outcome.expect(status: 0)
            #expect(try outcome.count("waiting") == 1)
            #expect(try outcome.count("unchanged") == 2)
            #expect(FolderSnapshot(site.state).differences(from: before) == [])
            #expect(try site.cloud.files() == files)
            #expect(site.model.calls.count == 2)
            #expect(Set(site.cloud.requests.map(\.method)).isSubset(of: Self.reading))
            // What was only looked at is still news to the next pass.
            #expect(try await site.run("--once", "--json").count("transcribed") == 1)
        }
    }

    @Test("one after a crash leaves what the crash left")
    func afterCrash() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/b.jpg")
            site.model.configure { $0.answer = { _ in .hang } }
            let killed = try await site.run("--once") { program in
                try await soon("the model is asked") { site.model.calls.count == 2 }
                try program.send(SIGKILL)
            }
            killed.expect(status: 128 + 9)
            let before = FolderSnapshot(site.state)
            let outcome = try await site.run("--dry-run", "--json")
            outcome.expect(status: 0)
            #expect(try outcome.count("waiting") == 2)
            // The log's index is SQLite's own shared memory, made anew by whoever comes first after a crash.
            #expect(FolderSnapshot(site.state).differences(from: before).filter { $0 != "state.sqlite-shm" } == [])
        }
    }

    @Test("one beside a working pass looks on without waiting for it")
    func beside() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let gate = Signal()
            defer { gate.fire() }
            site.holdModel(until: gate)
            let pass = try await site.run("--once", "--json") { _ in
                try await soon("the model is asked") { site.model.calls.count == 1 }
                let looking = try await site.run("--dry-run", "--json")
                looking.expect(status: 0)
                #expect(try looking.count("waiting") == 1)
                gate.fire()
            }
            pass.expect(status: 0)
            #expect(try pass.count("published") == 1)
        }
    }

    @Test("settings that a pass would stop at stop it too")
    func wrongSettings() async throws {
        try await Site<NextcloudStandIn>.run { site in
            let outcome = try await site.run("--dry-run", with: ["NIDS_NEXTCLOUD_ROOT": "Nulle part"])
            outcome.expect(status: 78)
            #expect(FolderSnapshot(site.state).entries.isEmpty)
        }
    }
}

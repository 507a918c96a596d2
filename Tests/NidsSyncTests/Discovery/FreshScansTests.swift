import DAV
import Foundation
import Testing

@testable import NidsSync

@Suite("Scans that were listed too soon after their last modification")
struct FreshScansTests {
    private let date = Date(timeIntervalSince1970: 1_800_000_000)

    private func scan(_ path: String, _ age: TimeInterval?, leftOut: String? = nil) throws -> FoundScan {
        var resource = Resource(path: try #require(RemotePath(path)))
        resource.lastModified = age.map { date - $0 }
        return FoundScan(
            resource: resource, name: PageName(stem: PageName.stem(of: resource.path.name)), leftOut: leftOut)
    }

    @Test("are those written less than two seconds before by the server's clock, and wait for what is left of these")
    func fresh() throws {
        var fresh = FreshScans(learned: date)
        for (path, age) in [("old.jpg", 86400.0), ("a.jpg", 0), ("b.jpg", 1), ("c.jpg", 2), ("later.jpg", -5)] {
            fresh.note(try scan(path, age))
        }
        fresh.note(try scan("unknown.jpg", nil))
        fresh.note(try scan("out.jpg", 0, leftOut: "hidden file"))
        #expect(fresh.scans.map(\.path.description) == ["a.jpg", "b.jpg", "later.jpg"])
        #expect(fresh.scans.map(\.wait) == [2, 1, 2])
    }

    @Test("are told also beside one that a wrong clock has dated far ahead, which is none")
    func ahead() throws {
        var fresh = FreshScans(learned: date)
        for (path, age) in [("ahead.jpg", -1e9), ("a.jpg", 0.0), ("b.jpg", 1)] { fresh.note(try scan(path, age)) }
        #expect(fresh.scans.map(\.path.description) == ["a.jpg", "b.jpg"])
    }

    @Test("are none where the server tells no time")
    func unknown() throws {
        var fresh = FreshScans(learned: nil)
        fresh.note(try scan("a.jpg", 0))
        #expect(fresh.scans.isEmpty)
    }
}

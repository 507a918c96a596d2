import DAV
import Foundation
import GRDB
import Testing
import Transcriber

@testable import NidsSync

@Suite("Which scans make one sheet")
struct SheetGroupingTests {
    private let folder = RemotePath.sample("jpeg")

    /// The sheets after looks that each list the whole folder, each sheet as its name and its pages.
    private func sheets(_ looks: [FoundScan]...) async throws -> [String] {
        let state = try StateDatabase.inMemory()
        for scans in looks { try await list(scans, state) }
        return try await sheets(in: state)
    }

    private func list(_ scans: [FoundScan], _ state: StateDatabase) async throws {
        try await state.storeScans(scans, of: folder, at: .sample, models: ["m"])
    }

    private func sheets(in state: StateDatabase) async throws -> [String] {
        try await state.read { tables in
            try tables.db.rows("SELECT id FROM job WHERE stage NOT IN ('withdrawn', 'withdrawing') ORDER BY id")
                .compactMap { try tables.jobs.job($0["id"]) }.filter { !$0.pages.isEmpty }
                .map { job in
                    let pages = job.pages.map { String(decoding: $0.path.name, as: UTF8.self) }
                    return "\(String(decoding: job.resultStem, as: UTF8.self)): \(pages.joined(separator: " + "))"
                }
        }
    }

    private func scan(_ name: String, id: String? = nil) -> FoundScan { .sample("jpeg/\(name)", fileID: id ?? name) }

    @Test(
        "a recto and a verso of one name are one sheet, whatever their extensions and the order in which they come",
        arguments: [
            ("fiche 1R.jpg", "fiche 1V.jpg", "fiche 1"), ("a-R.jpg", "a-V.png", "a"), ("a_r.tif", "a_v.tif", "a"),
            ("a_recto.jpg", "a_VERSO.jpg", "a"), ("a_page1.jpg", "a_page2.jpg", "a"),
        ])
    func pairs(recto: String, verso: String, name: String) async throws {
        #expect(try await sheets([scan(verso), scan(recto)]) == ["\(name): \(recto) + \(verso)"])
        #expect(try await sheets([scan(verso)], [scan(verso), scan(recto)]) == ["\(name): \(recto) + \(verso)"])
    }

    @Test("names of two forms of the same letters are one name")
    func normalForms() async throws {
        #expect(try await sheets([scan("e\u{301}_R.jpg"), scan("\u{E9}_V.jpg")]).count == 1)
    }

    @Test("a lone side waits for its other one under the name of both, and no longer once that has come")
    func lone() async throws {
        let state = try StateDatabase.inMemory()
        try await list([scan("1R.jpg")], state)
        #expect(try await sheets(in: state) == ["1: 1R.jpg"])
        #expect(try await state.nextDue(after: .sample, holds: true) == .sample + 900)
        try await list([scan("1R.jpg"), scan("1V.jpg")], state)
        #expect(try await state.nextDue(after: .sample, holds: true) == nil)
    }

    @Test("with two scans of one side each goes alone, with the reason")
    func twoOfOneSide() async throws {
        let state = try StateDatabase.inMemory()
        try await list([scan("1R.jpg"), scan("1R.png"), scan("1V.jpg")], state)
        #expect(try await sheets(in: state).count == 3)
        let notes = try await state.read { try $0.scans.pairingNotes(limit: 9) }
        #expect(notes.count == 3)
        #expect(notes.allSatisfy { $0.note == "not paired: there is more than one scan of the same side" })
    }

    @Test("beside a scan without a mark each goes alone, and that one has the plain name")
    func unmarked() async throws {
        let found = try await sheets([scan("1R.jpg"), scan("1V.jpg"), scan("1.jpg")])
        #expect(found.sorted() == ["1: 1.jpg", "1R: 1R.jpg", "1V: 1V.jpg"])
        let later = try await sheets([scan("1R.jpg")], [scan("1R.jpg"), scan("1.jpg")])
        #expect(later.sorted() == ["1: 1.jpg", "1R: 1R.jpg"])
    }

    @Test("what a model has read together stays together, whatever comes later")
    func answered() async throws {
        let state = try StateDatabase.inMemory()
        try await list([scan("1R.jpg"), scan("1V.jpg")], state)
        let answer = try await state.storeSampleAnswer(AnswerKey(content: "c", model: "m", promptKind: .standard))
        try await state.link(try await state.sampleJob(1), content: "c", answer: answer.id)
        try await list([scan("1R.jpg"), scan("1V.jpg"), scan("1.jpg")], state)
        #expect(try await sheets(in: state).contains { $0.hasSuffix("1R.jpg + 1V.jpg") })
    }

    @Test("a page that moves away from its other one goes on alone, and the other one stays")
    func separated() async throws {
        let state = try StateDatabase.inMemory()
        try await list([scan("1R.jpg"), scan("1V.jpg")], state)
        try await list([scan("1R.jpg"), scan("2V.jpg", id: "1V.jpg")], state)
        #expect(try await sheets(in: state).sorted() == ["1: 1R.jpg", "2: 2V.jpg"])
    }

    @Test("a sheet that is renamed as a whole keeps its job, and its name follows")
    func renamed() async throws {
        let state = try StateDatabase.inMemory()
        try await list([scan("1R.jpg"), scan("1V.jpg")], state)
        try await list([scan("2R.jpg", id: "1R.jpg"), scan("2V.jpg", id: "1V.jpg")], state)
        #expect(try await sheets(in: state) == ["2: 2R.jpg + 2V.jpg"])
        #expect(try await state.sampleJob(1).pages.count == 2)
    }

    @Test("two scans that exchange their names exchange their sheets' names too")
    func exchanged() async throws {
        let state = try StateDatabase.inMemory()
        try await list([scan("a.jpg"), scan("b.jpg")], state)
        try await list([scan("a.jpg", id: "b.jpg"), scan("b.jpg", id: "a.jpg")], state)
        #expect(try await sheets(in: state) == ["b: b.jpg", "a: a.jpg"])
    }
}

import Foundation
import Testing

@testable import NidsSync

@Suite("docs/BASE-DE-DONNEES.md")
struct DatabaseDocumentTests {
    private static let path = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../docs/BASE-DE-DONNEES.md").standardized.path(percentEncoded: false)

    private func lines() throws -> [Substring] {
        try String(contentsOfFile: Self.path, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The names in the first cells of the table below a heading.
    private func cells(below heading: String) throws -> [String] {
        let section = try lines().drop { $0 != heading }.dropFirst().prefix { !$0.hasPrefix("#") }
        return section.compactMap { $0.firstMatch(of: /^\| `([a-z0-9_]+)` \| .+ \|$/).map { String($0.output.1) } }
    }

    @Test("names every table with all its columns in their order, and no others", arguments: StoreKind.available)
    func tables(_ kind: StoreKind) async throws {
        let documented = try lines().filter { $0.hasPrefix("### nids_") }.map { String($0.dropFirst(4)) }
        try await kind.withStore { store in
            let names =
                kind == .sqlite
                ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'nids%'"
                : "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'"
            #expect(try await Set(store.texts(names).compactMap(\.[0])) == Set(documented))
            for table in documented {
                let columns = try await store.read { try $0.columns(of: table) }
                #expect(try cells(below: "### \(table)") == columns, "\(table)")
            }
            let views =
                kind == .sqlite
                ? "SELECT name FROM sqlite_master WHERE type = 'view'"
                : "SELECT table_name FROM information_schema.views WHERE table_schema = DATABASE()"
            #expect(try await Set(store.texts(views).compactMap(\.[0])) == Set(cells(below: "## Vues")))
        }
    }

    @Test("draws every table, and every reference of one to another")
    func diagram() async throws {
        let diagram = try lines().drop { $0 != "erDiagram" }.dropFirst().prefix { $0 != "```" }
        let drawn = diagram.map { $0.split(separator: " ").filter { $0.hasPrefix("nids_") }.map(String.init) }
        try await StoreKind.sqlite.withStore { store in
            let tables = try await store.texts(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'nids%'"
            ).compactMap(\.[0])
            #expect(Set(drawn.joined()) == Set(tables))
            var references: Set<[String]> = []
            for table in tables {
                for row in try await store.texts("SELECT \"table\" FROM pragma_foreign_key_list('\(table)')") {
                    references.insert([row[0] ?? "", table])
                }
            }
            #expect(Set(drawn.filter { $0.count == 2 }) == references)
        }
    }
}

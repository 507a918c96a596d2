import DAV
import Foundation
import GRDB

/// Folders side by side whose scans have the same names: they may hold preparations of the same sheets.
struct SimilarFolders: Sendable, Equatable {
    /// The folder that they lie in.
    var parent: RemotePath
    var names: [String]
    /// The names of scans, without extensions, that two of them have in common, at most.
    var shared: Int

    /// What a person should know of them.
    var words: String {
        "the folders \(names.joined(separator: ", ")) have \(shared) scans of the same names: if these are preparations "
            + "of the same sheets, name the folders in nextcloud.variants, or each scan is read and paid for"
    }

    /// So many names tell that it is not by chance.
    private static let fewest = 3
    /// So many folders side by side are compared.
    private static let mostFolders = 100

    /// The folders that may hold preparations which `nextcloud.variants`, as the last look had it, does not name.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    static func find(_ tables: StateTables) throws -> [SimilarFolders] {
        guard let key = try tables.memory.recall(.variants) else { return [] }
        return try find(tables.db, beside: VariantFolders(key: key))
    }

    /// Finds those that share most of their names and are not among the folders of preparations; nothing where there
    /// are none of these, since a person switched that off.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    static func find(_ db: Database, beside variants: VariantFolders) throws -> [SimilarFolders] {
        guard !variants.names.isEmpty else { return [] }
        var siblings: [RemotePath: Siblings] = [:]
        for folders in try groups(db).values {
            let names = folders.map(\.name)
            let isOfInterest = names.indices.contains { one in
                names[..<one].contains { mayBeSimilar($0, names[one], variants) }
            }
            guard isOfInterest, let parent = folders.first?.parent else { continue }
            try siblings[parent, default: Siblings()].compare(folders, db)
        }
        return siblings.sorted { $0.key < $1.key }.flatMap { parent, siblings in
            siblings.similar { mayBeSimilar($0, $1, variants) }.map {
                SimilarFolders(parent: parent, names: $0.names, shared: $0.shared)
            }
        }
    }

    private struct Folder {
        var path: RemotePath
        var parent: RemotePath
        var name: String
    }

    /// The folders of scans that differ in one name alone, by what they have in common.
    private static func groups(_ db: Database) throws -> [[[UInt8]]: [Folder]] {
        var groups: [[[UInt8]]: [Folder]] = [:]
        for path: RemotePath in try db.paths("SELECT DISTINCT folder AS path FROM scan") {
            let segments = path.segments.map(Array.init)
            for index in segments.indices {
                guard let parent = RemotePath(bytes: segments[..<index].joined(separator: [UInt8(ascii: "/")])) else {
                    continue
                }
                var key = segments
                // No name holds this byte.
                key[index] = [0]
                let folder = Folder(
                    path: path, parent: parent, name: String(decoding: segments[index], as: UTF8.self))
                if groups[key, default: []].count < mostFolders { groups[key, default: []].append(folder) }
            }
        }
        return groups.filter { $0.value.count > 1 }
    }

    /// Numbered folders hold different sheets, and those in the list are known.
    private static func mayBeSimilar(_ one: String, _ other: String, _ variants: VariantFolders) -> Bool {
        func isListed(_ name: String) -> Bool { RemotePath(name).flatMap(variants.place) != nil }
        func pattern(_ name: String) -> String { name.replacing(/[0-9]+/, with: "#") }
        let (one, other, areListed) = (pattern(one), pattern(other), isListed(one) && isListed(other))
        return one != other && one != "#" && other != "#" && !areListed
    }

    /// The folders of one parent, and the names that they share.
    private struct Siblings {
        private struct Pair: Hashable {
            var one: String
            var other: String
        }

        private var counts: [String: Int] = [:]
        private var shared: [Pair: Int] = [:]

        /// Goes through the names of some folders side by side, in their order: memory does not grow with them.
        mutating func compare(_ folders: [Folder], _ db: Database) throws {
            let cursors = try folders.map { folder in
                let names = try db.makeStatement(
                    sql: """
                        SELECT DISTINCT base FROM scan WHERE folder = ? AND left_out IS NULL AND missing < 2
                        ORDER BY base
                        """)
                return try Data.fetchCursor(names, arguments: [folder.path.blob])
            }
            var heads = try cursors.map { try $0.next() }
            while let least = heads.lazy.compactMap(\.self).min(by: { $0.lexicographicallyPrecedes($1) }) {
                let here = heads.indices.filter { heads[$0] == least }
                for (position, index) in here.enumerated() {
                    counts[folders[index].name, default: 0] += 1
                    for other in here[..<position] {
                        shared[Pair(one: folders[other].name, other: folders[index].name), default: 0] += 1
                    }
                    heads[index] = try cursors[index].next()
                }
            }
        }

        /// The folders that share most of the names of the smaller one, linked ones together.
        func similar(_ mayBe: (String, String) -> Bool) -> [(names: [String], shared: Int)] {
            var groups: [(names: Set<String>, shared: Int)] = []
            for (pair, count) in shared where count >= SimilarFolders.fewest && mayBe(pair.one, pair.other) {
                let smaller = min(counts[pair.one] ?? 0, counts[pair.other] ?? 0)
                guard count * 2 > smaller else { continue }
                let linked = groups.filter { !$0.names.isDisjoint(with: [pair.one, pair.other]) }
                groups.removeAll { !$0.names.isDisjoint(with: [pair.one, pair.other]) }
                groups.append(
                    linked.reduce((names: [pair.one, pair.other], shared: count)) {
                        ($0.names.union($1.names), max($0.shared, $1.shared))
                    })
            }
            return groups.map { ($0.names.sorted(), $0.shared) }.sorted { $0.names[0] < $1.names[0] }
        }
    }
}

import DAV
import Foundation
import HarnessSupport
import Transcriber

/// What must hold, told without the program's own words: what people wrote is there, what they deleted is not, and
/// nothing else has changed but what is the program's.
struct Oracle: Sendable {
    private(set) var snapshot = Snapshot()
    /// What people wrote among the results and nobody took away: the place where they left it, by the bytes' digest.
    private var kept: [String: String] = [:]
    /// Every content of a person's that was ever among the results.
    private var persons: Set<String> = []
    /// Files that were there at some time.
    private var seenFiles: Set<String> = []
    /// The kinds of sheet as which each content lay somewhere.
    private var kinds: [String: Set<String>] = [:]

    /// A person wrote that.
    mutating func keep(_ bytes: [UInt8], at place: String) {
        let digest = SmallPicture.digest(of: bytes)
        kept[digest] = place
        persons.insert(digest)
    }

    /// A person brought a content back, which may be ours.
    mutating func keepIfPersons(_ bytes: [UInt8], at place: String) {
        if persons.contains(SmallPicture.digest(of: bytes)) { keep(bytes, at: place) }
    }

    /// A person took that away, or wrote something else over it.
    mutating func forget(_ bytes: [UInt8]) { kept[SmallPicture.digest(of: bytes)] = nil }

    /// True for what a person wrote at some time.
    func isPersons(_ bytes: [UInt8]) -> Bool { persons.contains(SmallPicture.digest(of: bytes)) }

    /// Contents that a model may be asked about.
    mutating func note(_ tree: PeopleTree) {
        for path in tree.scans {
            if let file = tree.files[path] { kinds[file.digest, default: []].insert(Places.kind(of: path)) }
        }
    }

    /// The times that each content was asked about, against those that may be: once as each kind of sheet.
    func count(_ calls: [String: Int]) -> [String] {
        calls.compactMap { digest, count in
            guard let kinds = kinds[digest] else { return "the model was asked about no scan's content: \(digest)" }
            return count > kinds.count ? "the model was asked \(count) times about \(digest.prefix(8))" : nil
        }
    }

    /// What is broken in the folder as it is now.
    mutating func look(_ now: Snapshot, _ tree: inout PeopleTree) -> [String] {
        var broken = outside(now, tree)
        let present = Set(now.results.values.map { SmallPicture.digest(of: $0) })
        for (digest, place) in kept where !present.contains(digest) {
            broken.append("a person's file is lost or overwritten: \(place)")
            kept[digest] = nil
        }
        for (path, bytes) in now.results.sorted(by: { $0.key < $1.key }) { broken += judge(path, bytes) }
        broken += broughtBack(now, tree)
        seenFiles.formUnion(now.entries.values.compactMap(\.fileID))
        let places = Set(tree.files.keys.map { Places.result(of: $0) })
        for (path, file) in tree.files {
            if now.results[Places.result(of: path)] != nil {
                tree.files[path]?.result = Places.result(of: path)
            } else if let before = file.result, now.results[before] == nil || places.contains(before) {
                // Else it lies where its scan was before: it could not follow yet.
                tree.files[path]?.result = nil
            }
        }
        snapshot = now
        return broken
    }

    /// Results apart, all is as people left it.
    private func outside(_ now: Snapshot, _ tree: PeopleTree) -> [String] {
        var broken: [String] = []
        for (path, entry) in now.entries where path != Places.results && !path.hasPrefix(Places.results + "/") {
            let isKnown = entry.isCollection ? tree.folders.contains(path) : tree.files[path] != nil
            if !isKnown { broken.append("nobody made it: \(path)") }
            if let file = tree.files[path], let length = entry.length, length != file.bytes.count {
                broken.append("no longer as a person left it: \(path)")
            }
        }
        for path in tree.folders.union(tree.files.keys) where now.entries[path] == nil {
            broken.append("gone, though nobody took it away: \(path)")
        }
        return broken
    }

    /// A file among the results is ours, as we write it, or a person's.
    private func judge(_ path: String, _ bytes: [UInt8]) -> [String] {
        if isPersons(bytes) || !path.hasSuffix("_result.json") { return [] }
        guard let result = WrittenResult(bytes) else { return ["written by nobody: \(path)"] }
        return result.isIntact ? [] : ["not as anybody wrote it: \(path)"]
    }

    /// A result that a person deleted is not there again.
    private func broughtBack(_ now: Snapshot, _ tree: PeopleTree) -> [String] {
        tree.files.compactMap { path, file in
            let place = Places.result(of: path)
            guard file.isResultDeleted, !file.isUnsure, let entry = now.entries[place], let bytes = now.results[place],
                !isPersons(bytes), WrittenResult(bytes)?.source == file.digest
            else { return nil }
            // Another file that was there before may have been moved to this place.
            if let id = entry.fileID, seenFiles.contains(id) { return nil }
            return "brought back, though a person deleted it: \(place)"
        }
    }
}

/// A result as it says of itself.
struct WrittenResult {
    private let document: JSONValue

    init?(_ bytes: [UInt8]) {
        guard let document = try? JSONValue(parsing: bytes), document["informations_generales"]?.object != nil else {
            return nil
        }
        self.document = document
    }

    /// The sheet, without what is ours.
    var sheet: String {
        guard case .object(var object) = document else { return "" }
        object["nids_sync"] = nil
        return JSONValue.object(object).serialized(.canonical)
    }

    /// The content that it was read from.
    var source: String? { document["nids_sync"]?["source"]?.array?.first?["sha256"]?.string }

    /// True where nobody has changed what we wrote.
    var isIntact: Bool {
        document["nids_sync"]?["digest"]?.string == "sha256:" + SmallPicture.digest(of: Array(sheet.utf8))
    }
}

import Foundation
import ModelStandIn
import NextcloudStandIn

/// Who works on the results in Nextcloud while the program does, and what must come of it.
struct Person {
    /// What must be at a result's place in the end.
    enum Doing: Sendable {
        /// These bytes, recorded under one of these origins.
        case wrote([UInt8], origins: Set<String>)
        case deleted
    }

    let cloud: NextcloudStandIn
    /// By the result's path in the account.
    private(set) var doings: [String: Doing] = [:]
    private(set) var edits = 0
    private(set) var deletions = 0

    init(cloud: NextcloudStandIn) {
        self.cloud = cloud
    }

    /// A sheet as a person writes it: other spacing, nothing of ours.
    static func sheet(_ number: Int) -> [UInt8] {
        Array(
            SampleFiche.json(seed: [7, UInt8(number & 0xFF)]).replacing(
                "\"remarque\": null", with: "\"remarque\": \"écrit à la main, \(number)\""
            ).utf8)
    }

    /// Writes a result before its scan comes.
    mutating func write(_ bytes: [UInt8], at place: String) throws {
        try cloud.put(place, bytes, as: nil)
        doings[place] = .wrote(bytes, origins: ["adoptee"])
    }

    /// Edits a result, ours or edited before.
    mutating func edit(_ place: String) throws {
        guard let bytes = try cloud.bytes(at: place, as: nil) else { return }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let line = text.firstRange(of: /"remarque": (null|"[^"]*")/) else { return }
        edits += 1
        let edited = Array(text.replacingCharacters(in: line, with: "\"remarque\": \"corrigé \(edits)\"").utf8)
        let isForeign = if case .wrote(_, let origins)? = doings[place] { origins.contains("adoptee") } else { false }
        try cloud.put(place, edited, as: nil)
        doings[place] = .wrote(edited, origins: isForeign ? ["adoptee", "personne"] : ["personne"])
    }

    /// Deletes a result.
    mutating func delete(_ place: String) throws {
        guard try cloud.bytes(at: place, as: nil) != nil else { return }
        try cloud.delete(place)
        deletions += 1
        doings[place] = .deleted
    }
}

import Foundation
import HarnessSupport

/// A scan that a person drops into the folder at some time of the run.
struct PlannedScan: Sendable {
    /// Below the root.
    var path: String
    var bytes: [UInt8]
    var sha256: String
    /// A result that a person writes before the scan comes.
    var written: [UInt8]?

    init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        sha256 = Self.hex(bytes)
    }

    /// The folder it lies in, below the root.
    var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }
    var name: String { String(path.split(separator: "/").last ?? "") }
    var stem: String { String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)]) }

    /// Where its result lies while no other scan has its stem.
    var plainPlace: String { "\(folder)/gemini_3_flash/\(stem)_result.json" }

    static func hex(_ bytes: [UInt8]) -> String { SmallPicture.digest(of: bytes) }
}

extension PlannedScan {
    private static let folders = [
        "jpeg", "jpeg/lot 3", "jpeg/TRI_ANCIEN/FUSION_FULL", "jpeg/Été #1 100%/à trier", "pdf",
    ]

    /// So many scans in several folders: some are copies of others, some share a stem, some have odd names, and beside
    /// some a person has written the result already.
    static func plan(_ count: Int, using generator: inout SeededGenerator) -> [PlannedScan] {
        var scans: [PlannedScan] = []
        while scans.count < count {
            let number = scans.count
            let name = name(number)
            if number % 11 == 10, let other = scans.last, other.written == nil, other.name.hasSuffix(".jpg") {
                // The same stem: one of the two gets another result name.
                scans.append(
                    PlannedScan(
                        path: "\(other.folder)/\(other.stem).jpeg", bytes: SmallPicture.grey(number, using: &generator))
                )
            } else if number % 9 == 8,
                let other = scans.filter({ !$0.path.contains("ANCIEN") }).randomElement(using: &generator)
            {
                scans.append(PlannedScan(path: "jpeg/copies/\(name)", bytes: other.bytes))
            } else {
                let folder = folders.randomElement(using: &generator) ?? "jpeg"
                scans.append(
                    PlannedScan(path: "\(folder)/\(name)", bytes: SmallPicture.grey(number, using: &generator)))
            }
        }
        for number in scans.indices where number % 17 == 5 && scans[number].name.hasSuffix(".jpg") {
            // A copy's answer may be there all the same; a shared stem would make it somebody else's result.
            let isShared = scans.indices.contains(number + 1) && scans[number + 1].stem == scans[number].stem
            if !isShared { scans[number].written = Person.sheet(number) }
        }
        return scans
    }

    private static func name(_ number: Int) -> String {
        switch number % 7 {
        case 1: "fiche été n° \(number) à Chambéry.jpg"
        case 3: "\(number) a & b +c #d %41 100%.JPG"
        case 4: "l'œuf cassé [\(number)] {x} ~ d’août.jpg"
        case 6: "日本の巣 \(number) 🐣.jpg"
        default: "fiche \(number)FINAL.jpg"
        }
    }
}

import DAV
import Foundation

/// The scans of one name in one folder, where other folders may hold preparations of the same sheet.
struct Preparation {
    typealias Member = ScanTable.Member

    var members: [Member]
    var folder: RemotePath
    /// The folder's place among those of preparations, `nil` where it is none.
    var place: VariantFolders.Place?
    /// Set where its scans make one sheet.
    var isOneSheet: Bool
    /// Set where no side is missing.
    var isWhole: Bool

    init(_ members: [Member], _ variants: VariantFolders) {
        self.members = members
        folder = members.first?.path.parent ?? .root
        place = variants.place(of: folder)
        isOneSheet = SheetGrouping.isOneSheet(members)
        isWhole = isOneSheet && (members.count == 2 || members.first?.side == nil)
    }

    /// The sheet as which it is read.
    var sheet: Int64? { members.lazy.compactMap(\.sheet).first }

    /// The sheet as which it is read, or was before another one was read in its place.
    var knownSheet: Int64? { sheet ?? members.lazy.compactMap(\.ownSheet).first }

    /// The sheet that is read in its place.
    var variantOf: Int64? { members.lazy.compactMap(\.variantOf).first }

    /// `true` where all of it stood by already while that sheet was read.
    func stoodBy(for sheet: Int64) -> Bool { members.allSatisfy { $0.variantOf == sheet } }

    /// The names of its results, best first.
    var stems: [[UInt8]] {
        let first = members.min { ($0.side?.rawValue ?? 0) < ($1.side?.rawValue ?? 0) }
        return [Array(first?.base ?? Data()), PageName.composed(first?.path.name ?? [])]
    }

    /// `true` where it is to be read rather than the other one.
    func precedes(_ other: Preparation) -> Bool {
        if isWhole != other.isWhole { return isWhole }
        let (ranks, others) = (place?.ranks ?? [], other.place?.ranks ?? [])
        if ranks != others { return ranks.lexicographicallyPrecedes(others) }
        return folder < other.folder
    }
}

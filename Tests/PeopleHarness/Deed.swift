/// Something that a person does.
enum Deed: String, CaseIterable, Sendable {
    case upload, uploadInTwoSteps, uploadEmpty, uploadBroken, writeBefore
    case replace, touch, rename, move, swap, copy, delete
    case renameFolder, moveFolder, swapFolders, copyFolder, deleteFolder, moveAside
    case edit, editTwice, editFresh, spoil, mend, note
    case deleteResult, deleteResults, exchange, moveTogether, moveFoldersTogether, moveResult
    case lock, restore, restoreVersion, limitShare, takeShare, giveShare

    /// How often, beside the others.
    var weight: Int {
        switch self {
        case .upload: 14
        // Only where there is less than all; while there is, runs wait two minutes for rights to come back.
        case .giveShare: 12
        case .edit: 8
        case .editFresh: 6
        case .replace, .rename, .move, .restore: 4
        case .uploadInTwoSteps, .copy, .delete, .renameFolder, .deleteResult, .moveTogether: 3
        case .writeBefore, .touch, .swap, .moveFolder, .editTwice, .spoil, .exchange, .moveFoldersTogether, .lock,
            .restoreVersion, .moveAside:
            2
        case .uploadEmpty, .uploadBroken, .swapFolders, .copyFolder, .deleteFolder, .mend, .note, .deleteResults,
            .moveResult, .limitShare, .takeShare:
            1
        }
    }

    /// One by chance.
    static func random(using generator: inout some RandomNumberGenerator) -> Deed {
        var rest = Int.random(in: 0..<allCases.reduce(0) { $0 + $1.weight }, using: &generator)
        for deed in allCases {
            rest -= deed.weight
            if rest < 0 { return deed }
        }
        return .upload
    }
}

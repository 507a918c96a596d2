import DAV

/// The root is not what it was.
struct RootFault: Error, CustomStringConvertible {
    /// The file id that the root has by what the state remembers.
    var remembered: String
    /// The file id of the folder in its place.
    var found: String

    var description: String { "the folder in the root's place has the file id \(found), the root has \(remembered)" }
}

extension Discovery {
    /// The root is known by its file id: another folder in its place, whoever put it there, is not the root.
    /// - Throws: `RootFault`, before anything is inferred from that folder; `DatabaseError`.
    func requireSameRoot(_ root: Resource) async throws {
        // A storage that is away has no id of its own (Nextcloud gives -1).
        guard dav.isNextcloud, !root.hasEmptyETag, let found = root.fileID, !found.hasPrefix("-") else { return }
        guard let remembered = try await state.recall(.rootID) else { return try await state.remember(.rootID, found) }
        guard remembered == found else { throw RootFault(remembered: remembered, found: found) }
    }
}

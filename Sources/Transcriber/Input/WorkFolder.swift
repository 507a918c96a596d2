import Foundation

/// A folder of our own for the files of one sheet.
///
/// The tools only ever see names in it: a name from outside could look like an option or, to ImageMagick, like a
/// format (`txt:…`) or a selection (`…[0]`).
struct WorkFolder: Sendable {
    let path: String

    /// Creates a fresh folder that only this user can read, and removes it after the body, however that ends.
    ///
    /// - Parameter outcomeIsOwn: Whether what the body gives comes from the folder's files alone; then it is worth
    ///   nothing when somebody has cleared the folder away meanwhile.
    static func with<Result: Sendable>(
        outcomeIsOwn: Bool = true, _ body: (WorkFolder) async throws(TranscriptionError) -> Result
    ) async throws(TranscriptionError) -> Result {
        let url = FileManager.default.temporaryDirectory.appending(path: "nids-sync-ocr-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(
                at: url, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Self.unwritable(url.path, error)
        }
        defer { try? FileManager.default.removeItem(at: url) }
        let folder = WorkFolder(path: url.path)
        guard outcomeIsOwn else { return try await body(folder) }
        let result = try await folder.watching { () async throws(TranscriptionError) in try await body(folder) }
        try folder.checkPresence()
        return result
    }

    /// Runs what works on the folder's files; what it says of files that were cleared away says nothing of the scan.
    func watching<Result: Sendable>(
        _ body: () async throws(TranscriptionError) -> Result
    ) async throws(TranscriptionError) -> Result {
        do throws(TranscriptionError) {
            return try await body()
        } catch {
            try checkPresence()
            throw error
        }
    }

    private func checkPresence() throws(TranscriptionError) {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        throw .unavailable(
            reason: "the temporary folder \(path) was removed while a sheet was being read: let whatever clears that "
                + "place leave it alone", retryAfter: nil, mayHaveBeenBilled: false)
    }

    func file(_ name: String) -> String { path + "/" + name }

    /// Makes a file from elsewhere known under a name of ours.
    func link(_ source: String, as name: String) throws(TranscriptionError) -> String {
        let source = URL(fileURLWithPath: source)
        guard FileManager.default.isReadableFile(atPath: source.path) else {
            throw .unreadable(reason: "the scan's file on this machine cannot be opened")
        }
        do {
            try FileManager.default.createSymbolicLink(
                at: URL(fileURLWithPath: file(name)), withDestinationURL: source)
        } catch {
            throw Self.unwritable(path, error)
        }
        return file(name)
    }

    func write(_ bytes: [UInt8], to name: String) throws(TranscriptionError) {
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
        } catch {
            throw Self.unwritable(path, error)
        }
    }

    /// The bytes of a file that a tool has written, `nil` when it has not.
    func bytes(of name: String) -> [UInt8]? {
        (try? Data(contentsOf: URL(fileURLWithPath: file(name)))).map(Array.init)
    }

    private static func unwritable(_ path: String, _ error: any Error) -> TranscriptionError {
        .unavailable(
            reason: "the temporary folder \(path) cannot be written: \(error.localizedDescription)", retryAfter: nil,
            mayHaveBeenBilled: false)
    }
}

import Foundation

/// A folder of our own for the files of one sheet.
///
/// The tools only ever see names in it: a name from outside could look like an option or, to ImageMagick, like a
/// format (`txt:…`) or a selection (`…[0]`).
struct WorkFolder: Sendable {
    let path: String

    /// The folder that the task works in; the tools' own temporary files go there, too.
    @TaskLocal static var current: WorkFolder?

    /// Creates a fresh folder that only this user can read, and removes it after the body, however that ends.
    ///
    /// - Parameters:
    ///   - parent: The folder to create it in; the system's temporary one when `nil`.
    ///   - outcomeIsOwn: True when what the body gives comes from the folder's files alone; then it is worth nothing
    ///     when somebody has cleared the folder away meanwhile.
    /// - Throws: `TranscriptionError.machineFault` when the folder cannot be made or was cleared away, and what the
    ///   body throws.
    static func with<Result: Sendable>(
        in parent: String? = nil, outcomeIsOwn: Bool = true,
        _ body: (WorkFolder) async throws(TranscriptionError) -> Result
    ) async throws(TranscriptionError) -> Result {
        let parent = parent.map { URL(fileURLWithPath: $0) } ?? FileManager.default.temporaryDirectory
        let url = parent.appending(path: "nids-sync-ocr-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(
                at: url, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Self.unwritable(url.path, error)
        }
        defer { try? FileManager.default.removeItem(at: url) }
        let folder = WorkFolder(path: url.path)
        do {
            return try await $current.withValue(folder) {
                guard outcomeIsOwn else { return try await body(folder) }
                let result = try await folder.watching { () async throws(TranscriptionError) in try await body(folder) }
                try folder.checkPresence()
                return result
            }
        } catch {
            throw error as? TranscriptionError ?? .machineFault(reason: "\(error)")
        }
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
        throw .machineFault(
            reason: "the temporary folder \(path) was removed while a sheet was being read: let whatever clears that "
                + "place leave it alone")
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

    /// A copy of a picture that only lacks its end, with that end; `nil` for any other file.
    func mended(_ path: String, _ type: MediaType, as name: String) throws(TranscriptionError) -> String? {
        guard type == .jpeg || type == .png,
            let bytes = try? Data.mapped(path),
            let whole = type == .jpeg ? JPEGEnding.mended(bytes) : PNGEnding.mended(bytes)
        else { return nil }
        try write(Array(whole), to: name)
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

    /// Removes a file that is not needed any more; the others go with the folder.
    func remove(_ name: String) { try? FileManager.default.removeItem(atPath: file(name)) }

    private static func unwritable(_ path: String, _ error: any Error) -> TranscriptionError {
        let action = "the temporary folder \(path) cannot be written"
        return MachineFault.number(of: error).flatMap { MachineFault.error($0, doing: action) }
            ?? .machineFault(reason: "\(action): \(error.localizedDescription)")
    }
}

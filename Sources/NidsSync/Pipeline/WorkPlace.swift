import Foundation

/// The folder for the temporary files of our tools, inside the state's: after a death no sheet stays behind, since the
/// next start clears it.
enum WorkPlace {
    static func path(stateDirectory: String) -> String { stateDirectory + "/work" }

    /// Makes or empties the folder.
    /// - Throws: `StateError.unwritable`.
    static func prepare(stateDirectory: String) throws(StateError) {
        let path = path(stateDirectory: stateDirectory)
        do {
            try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .unwritable(path: path, reason: (error as NSError).localizedDescription)
        }
    }
}

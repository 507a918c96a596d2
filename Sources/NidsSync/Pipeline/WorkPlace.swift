import Foundation

/// The folder for the temporary files of our tools, inside the state's: after a death no sheet stays behind, since the
/// next start clears it.
enum WorkPlace {
    static func path(stateDirectory: String) -> String { stateDirectory + "/work" }

    /// Makes or empties the folder.
    /// - Throws: `StateError.wanting`, `StateError.unwritable`.
    static func prepare(stateDirectory: String) throws(StateError) {
        try StateFolder.renew(path(stateDirectory: stateDirectory))
    }
}

import Foundation

/// The files of batches below the state's folder: requests until they have been sent, results while they are read.
struct BatchFiles: Sendable {
    private let directory: String

    /// - Parameter stateDirectory: the state's folder.
    init(stateDirectory: String) { directory = stateDirectory + "/batches" }

    func requests(_ batch: Int64) -> String { "\(directory)/\(batch).jsonl" }
    func results(_ batch: Int64) -> String { "\(directory)/\(batch).results.jsonl" }

    func hasRequests(_ batch: Int64) -> Bool { FileManager.default.fileExists(atPath: requests(batch)) }
    func removeRequests(_ batch: Int64) { unlink(requests(batch)) }
    func removeResults(_ batch: Int64) { unlink(results(batch)) }

    /// Makes the folder, and clears away what an earlier process left there.
    ///
    /// - Parameter open: the batches whose requests are kept.
    /// - Throws: `StateError.unwritable`.
    func prepare(keeping open: [Int64]) throws(StateError) {
        let kept = Set(open.map(requests))
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StateError.unwritable(path: directory, reason: (error as NSError).localizedDescription)
        }
        for name in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] {
            let path = directory + "/" + name
            if !kept.contains(path) { unlink(path) }
        }
    }
}

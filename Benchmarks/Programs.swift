import Foundation
import TestSupport

/// The programs that are compared.
enum Programs {
    /// This one.
    static let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    /// The service, which the build puts beside this program.
    static let service = URL(filePath: own).deletingLastPathComponent().appending(path: "nids-sync").path
    static let rclone = "/usr/bin/rclone"
    static let curl = "/usr/bin/curl"

    /// - Throws: `TestFailure` naming what is missing.
    static func check() throws {
        for (path, advice) in [
            (service, "swift build -c release --product nids-sync"), (rclone, "apt-get install rclone"),
            (curl, "apt-get install curl"), ("/usr/sbin/apache2", "apt-get install apache2"),
        ] where !FileManager.default.isExecutableFile(atPath: path) {
            throw TestFailure("\(path) is missing: \(advice)")
        }
    }
}

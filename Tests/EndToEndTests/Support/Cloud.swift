import Foundation
import NextcloudStandIn
import TestSupport

/// A server that scans lie on, with what a person does there.
protocol Cloud: Sendable {
    var url: String { get }
    var user: String { get }
    var password: String { get }
    /// Requests received so far.
    var requestCount: Int { get }

    /// Writes a file, with the folders above it. Paths begin below the account's files.
    func put(_ path: String, _ bytes: [UInt8]) throws
    /// A file's bytes, `nil` where there is none.
    func bytes(at path: String) throws -> [UInt8]?
    /// Every file, in the order of their bytes.
    func files() throws -> [String]
}

extension Cloud {
    /// The results' files with their bytes, by path.
    func results() throws -> [[UInt8]: [UInt8]] {
        var results: [[UInt8]: [UInt8]] = [:]
        for path in try files() where path.contains("/transcription_results/") {
            results[Array(path.utf8)] = try bytes(at: path)
        }
        return results
    }

    /// The scans and whatever else is not ours, with their bytes, by path.
    func others() throws -> [[UInt8]: [UInt8]] {
        var others: [[UInt8]: [UInt8]] = [:]
        for path in try files() where !path.contains("/transcription_results/") {
            others[Array(path.utf8)] = try bytes(at: path)
        }
        return others
    }
}

extension NextcloudStandIn: Cloud {
    static let account = Account(
        user: "robin@example.org", password: "Geheim:wort/42+é", userID: "robin", displayName: "Robin")

    var user: String { Self.account.user }
    var password: String { Self.account.password }
    var requestCount: Int { requests.count }
    func put(_ path: String, _ bytes: [UInt8]) throws { try put(path, bytes, as: nil) }
    func bytes(at path: String) throws -> [UInt8]? { try bytes(at: path, as: nil) }
    func files() throws -> [String] { try paths().filter { !$0.hasSuffix("/") } }
}

/// Apache's mod_dav, which keeps names as they are and tells no tags in its answers to a PUT.
struct ApacheCloud: Cloud {
    /// Has it log its requests, a line each.
    static let options = ApacheServer.Options(configuration: #"CustomLog "run/access.log" "%m %U %>s""#)

    let server: ApacheServer

    var url: String { server.davURL }
    var user: String { server.user }
    var password: String { server.password }

    var requestCount: Int {
        let log = FileManager.default.contents(atPath: server.folder + "/../run/access.log") ?? Data()
        return log.count { $0 == UInt8(ascii: "\n") }
    }

    private var root: String { server.folder + "/dav" }

    func put(_ path: String, _ bytes: [UInt8]) throws {
        // Foundation's paths are bytes here too: names stay as they are.
        let file = URL(filePath: "\(root)/\(path)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        // Apache serves as another user, who has to write beside the scans.
        var folder = path
        while true {
            chmod("\(root)/\(folder)", folder == path ? 0o644 : 0o777)
            guard let slash = folder.lastIndex(of: "/") else { return }
            folder = String(folder[..<slash])
        }
    }

    func bytes(at path: String) throws -> [UInt8]? {
        FileManager.default.contents(atPath: "\(root)/\(path)").map { Array($0) }
    }

    func files() throws -> [String] {
        let paths = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return paths.filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder)
                && !isFolder.boolValue
                && !path.contains(".DAV/")
        }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

import Foundation
import NextcloudStandIn
import TestSupport

/// The service as it was built, with a folder of its own, before a stand-in and a model.
struct ServiceSite: Sendable {
    let standIn: NextcloudStandIn
    let model: ModelServer
    let folder: TemporaryDirectory
    private let url: String

    /// The label of the model asked, as it stands in the results' paths.
    static let label = "gemini_3_flash"

    /// - Parameter url: the server's address, where something stands between the two.
    init(_ standIn: NextcloudStandIn, _ model: ModelServer, url: String? = nil) throws {
        self.url = url ?? standIn.url
        self.standIn = standIn
        self.model = model
        folder = try TemporaryDirectory()
    }

    /// Starts it.
    ///
    /// - Parameter settings: more of the environment.
    func start(_ arguments: [String], settings: [String: String] = [:]) throws -> Child {
        let account = LocalServers.account
        var environment = [
            "HOME": folder.path,
            "NIDS_NEXTCLOUD_URL": url,
            "NIDS_NEXTCLOUD_USER": account.user,
            "NIDS_NEXTCLOUD_PASSWORD": account.password,
            "NIDS_NEXTCLOUD_ROOT": SampleTree.root,
            "NIDS_NEXTCLOUD_POLL_INTERVAL": "2s",
            "NIDS_STATE_DIRECTORY": folder.file("state"),
            "NIDS_TRANSCRIPTION_MODELS": Self.label,
            "NIDS_TRANSCRIPTION_MONTHLY_BUDGET": "unlimited",
            "NIDS_TRANSCRIPTION_GEMINI_BASE_URL": model.baseURL,
            "GEMINI_API_KEY": "AIzaSyBenchmarkBenchmarkBenchmark123456",
        ]
        environment.merge(settings) { $1 }
        return try Child([Programs.service] + arguments, environment: environment, output: log)
    }

    /// Runs it to its end.
    /// - Throws: `TestFailure` with its words, when it does not end with success.
    func run(_ arguments: String..., settings: [String: String] = [:]) async throws -> Usage {
        let usage = try await start(arguments, settings: settings).end()
        guard usage.status == 0 else {
            throw TestFailure("nids-sync ended with \(usage.status): \(usage.output.suffix(2000))")
        }
        return usage
    }

    /// What it prints, of every run.
    var log: String { folder.file("log") }

    var lastWords: String {
        String(decoding: (FileManager.default.contents(atPath: log) ?? Data()).suffix(2000), as: UTF8.self)
    }

    /// Whether the result of a scan can be read; the path begins below the root.
    func hasResult(_ scan: String) throws -> Bool {
        let slash = scan.lastIndex(of: "/") ?? scan.startIndex
        let stem = scan[scan.index(after: slash)...].dropLast(".jpg".count)
        let path = "transcription_results/\(scan[..<slash])/\(Self.label)/\(stem)_result.json"
        return try standIn.etag(of: "\(SampleTree.root)/\(path)") != nil
    }

    /// Waits for something, and gives up when the service has ended.
    func wait(
        for what: String, of child: Child, limit: Duration = .seconds(120), _ holds: () async throws -> Bool
    ) async throws {
        let start = ContinuousClock.now
        while try await !holds() {
            guard child.isRunning else { throw TestFailure("nids-sync has ended before \(what): \(lastWords)") }
            guard ContinuousClock.now - start < limit else {
                throw TestFailure("\(what): not within \(limit): \(lastWords)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

import Foundation
import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing

/// What the program works with in one test: a server with scans, a model, a folder of its own.
struct Site<Server: Cloud>: Sendable {
    let cloud: Server
    let model: ModelStandInServer
    let folder: TemporaryDirectory

    /// The scans' folder below the account's files.
    var root: String { "Observations Média" }
    var state: String { folder.file("state") }
    var databaseFile: String { state + "/observations.sqlite" }

    /// The settings, as a person would give them.
    var environment: [String: String] {
        [
            "HOME": folder.path,
            "NIDS_NEXTCLOUD_URL": cloud.url,
            "NIDS_NEXTCLOUD_USER": cloud.user,
            "NIDS_NEXTCLOUD_PASSWORD": cloud.password,
            "NIDS_NEXTCLOUD_ROOT": root,
            "NIDS_STATE_DIRECTORY": state,
            "GEMINI_API_KEY": Secrets.geminiKey,
            "NIDS_TRANSCRIPTION_GEMINI_BASE_URL": model.baseURL,
        ]
    }

    /// Puts a scan in its place below the root.
    func put(_ path: String, _ bytes: [UInt8]) throws { try cloud.put("\(root)/\(path)", bytes) }

    /// Puts small scans that a model of ours takes for sheets, each with other bytes.
    func putScans(_ paths: String...) throws { try putScans(paths) }

    func putScans(_ paths: [String]) throws {
        for path in paths { try put(path, Scan.small(path)) }
    }

    /// Has the model take its time over every sheet until something happens.
    func holdModel(until gate: Signal) {
        model.configure {
            $0.answer = { call in
                await gate.wait()
                return .text(SampleFiche.json(for: call))
            }
        }
    }

    /// Where the result of a scan without its extension lies.
    func resultPath(_ stem: String, in folder: String = "jpeg", label: String = "gemini_3_flash") -> String {
        "\(root)/transcription_results/\(folder)/\(label)/\(stem)_result.json"
    }

    /// Runs the program to its end. Whatever it says, no secret may be in it.
    ///
    /// - Parameters:
    ///   - changes: to the environment; `nil` takes a variable away.
    ///   - wrapper: a program that becomes ours after it has changed what it works in.
    @discardableResult
    func run(
        _ arguments: String..., with changes: [String: String?] = [:], limit: Duration = .seconds(150),
        within wrapper: [String] = [],
        beside body: @escaping @Sendable (RunningProgram) async throws -> Void = { _ in },
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Outcome {
        var environment = environment
        for (name, value) in changes { environment[name] = value }
        let outcome = try await Program.run(
            arguments, environment: environment, folder: folder.path, limit: limit, within: wrapper, beside: body)
        for secret in Secrets.all(in: environment) {
            #expect(!outcome.text.contains(secret), "a secret was told", sourceLocation: sourceLocation)
        }
        return outcome
    }
}

extension Site<NextcloudStandIn> {
    /// Runs a test beside a stand-in for Nextcloud.
    static func run(_ body: @Sendable (Self) async throws -> Void) async throws {
        try await Places.taking { try await open(body) }
    }

    private static func open(_ body: @Sendable (Self) async throws -> Void) async throws {
        let folder = try TemporaryDirectory()
        let nextcloud = try NextcloudStandIn(store: folder.file("nextcloud"), accounts: [NextcloudStandIn.account])
        try await nextcloud.start()
        do {
            try await ModelStandInServer.withRunning(.init(apiKeys: [Secrets.geminiKey])) { model in
                try await body(Self(cloud: nextcloud, model: model, folder: folder))
            }
        } catch {
            await nextcloud.stop()
            throw error
        }
        await nextcloud.stop()
    }
}

extension Site<ApacheCloud> {
    /// Runs a test beside an Apache.
    static func run(_ body: @Sendable (Self) async throws -> Void) async throws {
        try await Places.taking { try await open(body) }
    }

    private static func open(_ body: @Sendable (Self) async throws -> Void) async throws {
        let folder = try TemporaryDirectory()
        try await ApacheServer.run(ApacheCloud.options) { server in
            try await ModelStandInServer.withRunning(.init(apiKeys: [Secrets.geminiKey])) { model in
                try await body(Self(cloud: ApacheCloud(server: server), model: model, folder: folder))
            }
        }
    }
}

/// What nobody may read in the program's words.
enum Secrets {
    static let geminiKey = "AIzaSyTestTestTestTestTestTestTest12345"

    /// The secrets of an environment in every spelling that may slip out.
    static func all(in environment: [String: String]) -> [String] {
        let plain = environment.filter { $0.key.hasSuffix("PASSWORD") || $0.key.hasSuffix("KEY") }.map(\.value)
        let login = (environment["NIDS_NEXTCLOUD_USER"] ?? "") + ":" + (environment["NIDS_NEXTCLOUD_PASSWORD"] ?? "")
        let encoded = plain.compactMap { $0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) }
        return (plain + encoded + [Data(login.utf8).base64EncodedString()]).filter { $0.count > 3 }
    }
}

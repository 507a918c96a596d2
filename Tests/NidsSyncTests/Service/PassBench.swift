import Foundation
import Logging
import NextcloudStandIn
import Synchronization
import Transcriber

@testable import NidsSync

/// A stand-in Nextcloud, a counting engine and a state folder, for passes in this process.
final class PassBench: Sendable {
    static let root = "Observations Media"

    let standIn: NextcloudStandIn
    let engine: ScriptedEngine
    let directory: URL
    private let clock = Mutex(Date(timeIntervalSince1970: 1_800_000_000.7))

    private init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "nids-pass-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        standIn = try NextcloudStandIn(
            store: directory.appending(path: "nextcloud").path,
            accounts: [Account(user: "anne", password: "pw", userID: "anne")])
        engine = ScriptedEngine()
    }

    /// Runs a test with a bench that is taken down afterwards.
    static func with(_ body: (PassBench) async throws -> Void) async throws {
        let bench = try PassBench()
        try await bench.standIn.start()
        try bench.standIn.makeCollection(root)
        do { try await body(bench) } catch {
            await bench.tearDown()
            throw error
        }
        await bench.tearDown()
    }

    private func tearDown() async {
        await standIn.stop()
        try? FileManager.default.removeItem(at: directory)
    }

    var stateDirectory: String { directory.appending(path: "state").path }
    var observations: SQLiteObservationStore { SQLiteObservationStore(path: stateDirectory + "/observations.sqlite") }

    func settings(_ changes: [String: String] = [:]) throws -> Settings {
        let environment = [
            "NIDS_NEXTCLOUD_URL": standIn.url, "NIDS_NEXTCLOUD_USER": "anne", "NIDS_NEXTCLOUD_PASSWORD": "pw",
            "NIDS_NEXTCLOUD_ROOT": Self.root, "NIDS_STATE_DIRECTORY": stateDirectory,
            "NIDS_TRANSCRIPTION_MODELS": "modele_a",
        ].merging(changes) { $1 }
        return try SettingsLoader(file: SettingsFile(), environment: environment).load()
    }

    /// One pass, as `--once` makes it, on a clock that sleeping moves on.
    func pass(
        _ options: PassOptions = PassOptions(), settings changes: [String: String] = [:], isPaid: Bool = false,
        machine: String = "machine-1", observations: (any ObservationStore)? = nil, stop: StopSignal = StopSignal(),
        engines: [String: EngineSet.Member]? = nil
    ) async throws -> PassSummary {
        let settings = try settings(changes)
        var members: [String: EngineSet.Member] = [:]
        for label in settings.transcription.models where engines == nil {
            members[label] = EngineSet.Member(
                engine: engine.labelled(label), isPaid: isPaid,
                gate: RequestGate(
                    cap: settings.transcription.concurrency ?? 4, initialWindow: 4,
                    time: RequestGate.Time(
                        now: { .seconds(self.clock.withLock { $0.timeIntervalSince1970 }) },
                        sleep: { duration in self.clock.withLock { $0 += duration.seconds } })),
                price: ModelCatalogue.Price(input: 1, output: 1))
        }
        var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        let service = try Service(
            settings, isDryRun: options.isDryRun, logger: logger, stop: stop,
            timing: Timing(
                now: { self.clock.withLock { $0 } },
                sleep: { duration in self.clock.withLock { $0 += duration.seconds } }),
            claim: RootClaim(machine: machine, host: machine), engines: EngineSet(engines ?? members),
            observations: observations)
        return try await service.runOnce(options)
    }

    var now: Date { clock.withLock { $0 } }

    func advance(_ duration: Duration) { clock.withLock { $0 += duration.seconds } }

    func putScan(_ path: String, _ content: String) throws {
        try standIn.put("\(Self.root)/\(path)", ScriptedEngine.picture(content))
    }

    func resultPath(_ scan: String, model: String = "modele_a") -> String {
        let url = URL(fileURLWithPath: "/" + scan)
        let folder = url.deletingLastPathComponent().path
        return
            "\(Self.root)/transcription_results\(folder)/\(model)/\(url.deletingPathExtension().lastPathComponent)_result.json"
    }

    func result(_ scan: String, model: String = "modele_a") throws -> JSONValue? {
        try standIn.bytes(at: resultPath(scan, model: model)).map { try JSONValue(parsing: $0) }
    }

    /// The people's view, a text a row.
    func rows() async throws -> [String] {
        let collected = Mutex<[String]>([])
        try await observations.forEachCurrent(.fiches) { row in
            collected.withLock { $0.append(row.map { $0 ?? "-" }.joined(separator: "|")) }
        }
        return collected.withLock { $0 }
    }
}

/// An engine that reads the species from a made-up picture, counts its calls and does what a test tells it.
final class ScriptedEngine: Sendable {
    typealias Script = @Sendable (TranscriptionRequest) async throws -> String?

    private struct State {
        var calls: [String: Int] = [:]
        var script: Script?
        /// What only the model of that label does.
        var scripts: [String: Script] = [:]
    }

    private let state = Mutex(State())

    /// Bytes that are told to be a JPEG, with a content of their own.
    static func picture(_ content: String) -> [UInt8] { [0xFF, 0xD8, 0xFF, 0xE0] + Array(content.utf8) }

    static func answer(_ species: String) -> String {
        var fiche = Fiche()
        fiche.informationsGenerales.espece = species
        return JSONValue(fiche).serialized(.canonical)
    }

    /// How often each content was asked about.
    var calls: [String: Int] { state.withLock { $0.calls } }
    var callCount: Int { calls.values.reduce(0, +) }

    /// What to do instead of answering; `nil` from it means the usual answer.
    func play(_ script: Script?) { state.withLock { $0.script = script } }

    /// What one model does instead; `nil` means that it does as the others.
    func play(as label: String, _ script: Script?) { state.withLock { $0.scripts[label] = script } }

    func labelled(_ label: String) -> any Engine { Labelled(label: label, engine: self) }

    fileprivate func transcribe(
        _ request: TranscriptionRequest, as label: String
    ) async throws(TranscriptionError) -> EngineAnswer {
        var contents: [String] = []
        for page in request.pages {
            let bytes = FileManager.default.contents(atPath: page.path) ?? Data()
            contents.append(String(decoding: bytes.dropFirst(4), as: UTF8.self))
        }
        let content = contents.joined(separator: "+")
        let script = state.withLock { state in
            state.calls[content, default: 0] += 1
            return state.scripts[label] ?? state.script
        }
        do {
            let text = try await script?(request)
            return EngineAnswer(
                text: text ?? Self.answer(content), providerModel: "scripted-1",
                usage: TokenUsage(input: 900_000, output: 100_000))
        } catch let error as TranscriptionError {
            throw error
        } catch {
            throw .cancelled
        }
    }

    private struct Labelled: Engine {
        let label: String
        let engine: ScriptedEngine

        func transcribe(_ request: TranscriptionRequest) async throws(TranscriptionError) -> EngineAnswer {
            try await engine.transcribe(request, as: label)
        }
    }
}

extension PassBench {
    func removeState() throws { try FileManager.default.removeItem(atPath: stateDirectory) }

    /// What lies in the state folder; nothing where it is not there.
    func stateFiles() throws -> [String] {
        guard FileManager.default.fileExists(atPath: stateDirectory) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: stateDirectory)
    }
}

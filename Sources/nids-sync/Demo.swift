import Foundation
import NextcloudStandIn
import NidsSync
import Transcriber

/// One run of the demo in a folder, which is made where needed and left as it is at the end.
struct Demo {
    private static let account = Account(user: "demo", password: "demo-password", userID: "demo")
    private static let root = "Observations Media"
    private static let folder = "jpeg/FUSION_FULL"
    private static let otherFolder = "jpeg/blur"

    private let directory: String
    private let sheets: DemoSheets

    init(directory: String) throws {
        self.directory = URL(fileURLWithPath: directory).standardizedFileURL.path
        sheets = try DemoSheets()
    }

    func run(reporter: Reporter, serve: Bool) async throws -> ExitStatus {
        let standIn = try NextcloudStandIn(store: directory + "/nextcloud", accounts: [Self.account])
        try await start(standIn)
        do {
            let status = try await run(standIn, reporter: reporter, serve: serve)
            await standIn.stop()
            return status
        } catch {
            await standIn.stop()
            throw error
        }
    }

    /// On the port of the last run where it is free, so that the state still knows its server.
    private func start(_ standIn: NextcloudStandIn) async throws {
        let memory = directory + "/port"
        let last = FileManager.default.contents(atPath: memory).flatMap { UInt16(String(decoding: $0, as: UTF8.self)) }
        if let last, (try? await standIn.start(port: last)) != nil { return }
        let port = try await standIn.start()
        try Data("\(port)".utf8).write(to: URL(fileURLWithPath: memory))
    }

    private func run(_ standIn: NextcloudStandIn, reporter: Reporter, serve: Bool) async throws -> ExitStatus {
        for sheet in sheets.all where try standIn.etag(of: path(of: sheet)) == nil {
            try standIn.put(path(of: sheet), try sheet.scan())
        }
        // A second preparation of a sheet, as archives have them: it is named, and not read.
        if let sheet = sheets.all.first, try standIn.etag(of: path(of: sheet, in: Self.otherFolder)) == nil {
            try standIn.put(path(of: sheet, in: Self.otherFolder), try sheet.scan())
        }
        Output.out("A stand-in for Nextcloud serves \(sheets.all.count) sample sheets at \(standIn.url)\n")
        let settings = try settings(url: standIn.url)
        var options = PassOptions()
        // Where the port of the last run was taken by somebody else, another address is meant.
        options.acceptChange = true
        let status = try await Runner(reporter: reporter).run(settings, options, once: true)
        guard status == .success || status == .sheetFailed else { return status }
        let isGood = try show(standIn)
        if serve { try await self.serve(standIn) }
        return isGood ? status : .sheetFailed
    }

    private func settings(url: String) throws -> Settings {
        try SettingsLoader(
            path: nil,
            environment: [
                "NIDS_NEXTCLOUD_URL": url,
                "NIDS_NEXTCLOUD_USER": Self.account.user,
                "NIDS_NEXTCLOUD_PASSWORD": Self.account.password,
                "NIDS_NEXTCLOUD_ROOT": Self.root,
                "NIDS_STATE_DIRECTORY": directory + "/state",
                "NIDS_TRANSCRIPTION_MODELS": "tesseract",
                "NIDS_LOG_LEVEL": "warning",
            ]
        ).load()
    }

    private func path(of sheet: DemoSheets.Sheet, in folder: String = folder) -> String {
        "\(Self.root)/\(folder)/\(sheet.name).jpg"
    }

    /// Prints what was read beside what stands on the sheets; false when it is less than a demo should show.
    private func show(_ standIn: NextcloudStandIn) throws -> Bool {
        var table = DemoTable()
        for sheet in sheets.all {
            let result = "\(Self.root)/transcription_results/\(Self.folder)/tesseract/\(sheet.name)_result.json"
            guard let bytes = try standIn.bytes(at: result) else { continue }
            table.add(sheet.name, read: try JSONValue(parsing: bytes), truth: try sheet.truth())
        }
        Output.out(table.text)
        let files = "\(directory)/nextcloud/files/\(Self.account.userID)/\(Self.root)"
        Output.out(
            """

            The results, as every Nextcloud client would see them:
              \(files)/transcription_results/
            The observations, as a database to query (SQLite here, MariaDB where DB_HOST is set):
              sqlite3 "\(directory)/state/observations.sqlite" "SELECT espece, commune, annee FROM nids_v_fiches"

            """)
        return table.goodSheets >= 3
    }

    private func serve(_ standIn: NextcloudStandIn) async throws {
        Output.out(
            "\nThe stand-in stays at \(standIn.url) (user \(Self.account.user), password \(Self.account.password)). Ctrl-C ends it.\n"
        )
        let stop = StopSignal()
        try await Signals.guarding(stop, grace: .zero) {
            while !stop.isRequested { try await Task.sleep(for: .milliseconds(200)) }
        }
    }
}

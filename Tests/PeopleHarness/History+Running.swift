import Foundation
import HTTP
import HarnessSupport
import ModelStandIn
import TestSupport

extension History {
    /// How a run of the program ended.
    struct End {
        var status: Int32
        var output: String

        /// The object that `--json` prints at the end.
        var summary: [String: Any]? {
            output.split(separator: "\n").last { $0.hasPrefix("{") }
                .flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
        }

        func count(_ key: String) -> Int { summary?[key] as? Int ?? -1 }
    }

    /// The longest that a run may take: it waits itself for retries that are due within two minutes.
    private static let limit = Duration.seconds(200)

    /// Runs a pass, with deeds beside it, and looks at what it did.
    @discardableResult
    func run(deedsBeside count: Int = 0, fullCheck: String = "6h") async throws -> End {
        played.runs += 1
        shareWasLess = share != .all
        let began = ContinuousClock.now
        let replaced = Set(tree.files.values.filter(\.isReplaced).map(\.number))
        var due = (0..<count).map { _ in generator.time(upTo: .milliseconds(2500)) }.sorted()
        let child = try start(["--once", "--json"], fullCheck)
        isRunning = true
        defer { isRunning = false }
        while child.isRunning {
            if let next = due.first, .now - began >= next {
                due.removeFirst()
                try await doSomething()
            }
            if .now - began > Self.limit {
                child.signal(SIGKILL)
                note(["a run did not end within \(Self.limit)"])
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        isRunning = false
        let end = End(status: await child.exitStatus(), output: output())
        let numbers = [
            "discovered", "transcribed", "adopted", "published", "recorded", "withdrawn", "failed", "waiting",
        ]
        .map { "\($0) \(end.count($0))" }.filter { !$0.hasSuffix(" 0") }.joined(separator: ", ")
        say(
            "run \(played.runs): \(end.status), \((ContinuousClock.now - began).components.seconds) s, "
                + "\(end.count("http_requests")) requests; \(numbers)")
        let notes = end.summary?["notes"] as? [[String: Any]] ?? []
        for note in notes {
            let reason = note["reason"] as? String ?? ""
            if reason.contains("another scan") { toldOfOthers = true }
            say("    note: \(note["path"] as? String ?? ""): \(reason)")
        }
        for sheet in end.summary?["waiting_sheets"] as? [[String: Any]] ?? [] {
            say("    waiting: \(sheet["path"] as? String ?? ""): \(sheet["reason"] as? String ?? "")")
        }
        let allowed: Set<Int32> = shareWasLess ? [0, 1, 69, 77, 78] : [0, 1]
        if !allowed.contains(end.status) { note(["a run ended with \(end.status): \(end.output.suffix(1500))"]) }
        if end.status == 0 { tree.change(where: { replaced.contains($1.number) }) { $0.isReplaced = false } }
        try await look()
        return end
    }

    /// Looks at the server after a run.
    private func look() async throws {
        let snapshot = try await Snapshot.taken(by: owner, of: root, since: oracle.snapshot)
        note(oracle.look(snapshot, &tree))
        note(oracle.count(model.callsByDigest))
        if share == .none,
            try await service.send("PROPFIND", url: service.url(of: root), nil, ["Depth": "0"]).status == 207
        {
            note(["the folder was made anew among the service's own files"])
        }
    }

    /// What the program says of the state of things.
    func status() async throws -> [String: Any] {
        let child = try start(["status", "--json"], "6h")
        _ = await child.exitStatus()
        return End(status: 0, output: output()).summary ?? [:]
    }

    private func output() -> String { String(decoding: folder.read("output") ?? [], as: UTF8.self) }

    private func start(_ arguments: [String], _ fullCheck: String) throws -> ChildProcess {
        let login = plan.server.service
        let variables = [
            "PATH=/usr/local/bin:/usr/bin:/bin", "HOME=\(folder.path)", "NIDS_NEXTCLOUD_URL=\(plan.server.url)",
            "NIDS_NEXTCLOUD_USER=\(login.user)", "NIDS_NEXTCLOUD_PASSWORD_FILE=\(try passwordFile())",
            "NIDS_NEXTCLOUD_ROOT=\(root)", "NIDS_NEXTCLOUD_FULL_CHECK_INTERVAL=\(fullCheck)",
            "NIDS_NEXTCLOUD_WALK_INTERVAL=100ms", "NIDS_STATE_DIRECTORY=\(folder.file("state"))",
            "NIDS_TRANSCRIPTION_MONTHLY_BUDGET=unlimited", "NIDS_TRANSCRIPTION_CONCURRENCY=4", "GEMINI_API_KEY=key",
            "NIDS_TRANSCRIPTION_GEMINI_BASE_URL=\(model.baseURL)",
        ]
        return try ChildProcess(
            ["/usr/bin/env", "-i"] + variables + [plan.program] + arguments, output: folder.file("output"))
    }

    /// Other people's logins are in no process list.
    private func passwordFile() throws -> String {
        if folder.read("password") != nil { return folder.file("password") }
        let file = try folder.write(Array(plan.server.service.password.utf8), to: "password")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        return file
    }
}

import Foundation
import HarnessSupport
import ModelStandIn
import TestSupport

/// Two people and the program in one folder, for some forty steps.
actor History {
    /// The rights that the program has in the folder at present.
    enum Share { case all, readOnly, none }

    let plan: PeoplePlan
    let root: String
    let owner: Visitor
    let people: [Visitor]
    let service: Visitor
    let model: ModelStandInServer
    let folder: TemporaryDirectory
    var generator: SeededGenerator
    var tree = PeopleTree()
    var oracle = Oracle()
    var bin: [Deleted] = []
    var played: PeopleReport.Played
    /// While the program runs.
    var isRunning = false
    var share = Share.all
    /// Set where the share was less than whole at any moment of a run.
    var shareWasLess = false
    /// Set once a run has told of a result that is another scan's.
    var toldOfOthers = false
    private var shareID = ""
    private let began = ContinuousClock.now
    private var edits = 0

    /// What a person deleted, and may restore.
    struct Deleted {
        var path: String
        var tree: PeopleTree
        /// The scans whose results went with it.
        var resultsOf: [Int] = []
    }

    /// Plays the history of a seed.
    static func play(_ plan: PeoplePlan, seed: UInt64) async throws -> PeopleReport.Played {
        let history = try History(plan, seed: seed)
        return try await history.model.whileRunning { await history.playWhole() }
    }

    private init(_ plan: PeoplePlan, seed: UInt64) throws {
        self.plan = plan
        root = "people-\(seed)-\(UInt16.random(in: 1000...9999))"
        owner = Visitor(plan.server, plan.server.owner, name: "owner")
        people = [owner, Visitor(plan.server, plan.server.other, name: "other")]
        service = Visitor(plan.server, plan.server.service, name: "service")
        folder = try TemporaryDirectory()
        generator = SeededGenerator(seed: seed)
        played = PeopleReport.Played(seed: seed)
        model = ModelStandInServer(
            ModelStandInServer.Configuration(
                apiKeys: ["key"],
                answer: { call in
                    // Sometimes long enough for a person to come between.
                    let slow = call.inline.first.map { $0.sha256.hasPrefix("0") || $0.sha256.hasPrefix("1") } ?? false
                    try? await Task.sleep(for: .milliseconds(slow ? 600 : 40))
                    return .text(SampleFiche.json(for: call))
                }))
    }

    private func playWhole() async -> PeopleReport.Played {
        do {
            try await prepare()
            while played.deeds.values.reduce(0, +) < plan.steps { try await step() }
            try await end()
        } catch {
            played.unjudged = "\(error)"
        }
        played.calls = model.calls.count
        if played.broken.isEmpty || !plan.keepsBroken {
            _ = try? await owner.act("DELETE", root)
        } else {
            say("kept: \(root) on the server, \(keep()) here")
        }
        played.elapsed = .now - began
        return played
    }

    private func prepare() async throws {
        try await owner.act("MKCOL", root)
        if plan.server.isNextcloud {
            shareID = try await owner.share(root, with: service.login.userID, permissions: 31)
            _ = try await owner.share(root, with: people[1].login.userID, permissions: 31)
        }
        for path in ["jpeg", "jpeg/lot 3", "pdf"] {
            try await owner.makeCollections(root + "/" + path)
            tree.make(path)
        }
    }

    /// One deed or, as often, a run of the program, perhaps with deeds beside it.
    private func step() async throws {
        if generator.happens(0.3) {
            let beside = generator.happens(0.45) ? Int.random(in: 1...3, using: &generator) : 0
            try await run(deedsBeside: beside)
        } else {
            try await doSomething()
        }
    }

    /// Does the first thing by chance that can be done now.
    func doSomething() async throws {
        for _ in 0..<50 {
            let deed = Deed.random(using: &generator)
            let person = people.randomElement(using: &generator) ?? owner
            guard let words = try await perform(deed, person) else { continue }
            played.deeds[deed.rawValue, default: 0] += 1
            say("\(person.name): \(deed.rawValue) \(words)")
            oracle.note(tree)
            return
        }
    }

    private func perform(_ deed: Deed, _ person: Visitor) async throws -> String? {
        if let words = try await performOnScans(deed, person) { return words }
        if let words = try await performOnResults(deed, person) { return words }
        return plan.server.isNextcloud ? try await performOnNextcloud(deed, person) : nil
    }

    func say(_ line: String) {
        let time = (ContinuousClock.now - began).components
        let hundredths = time.attoseconds / 10_000_000_000_000_000
        played.lines.append(
            "\(time.seconds).\(hundredths < 10 ? "0" : "")\(hundredths) \(isRunning ? "| " : "")\(line)")
    }

    func note(_ broken: [String]) {
        for words in broken where !played.broken.contains(words) {
            played.broken.append(words)
            say("BROKEN: \(words)")
        }
    }

    func nextEdit() -> Int {
        edits += 1
        return edits
    }

    func setShare(_ share: Share) async throws {
        switch share {
        case .all where self.share == .none:
            shareID = try await owner.share(root, with: service.login.userID, permissions: 31)
        case .all: try await owner.change(share: shareID, permissions: 31)
        case .readOnly: try await owner.change(share: shareID, permissions: 1)
        case .none: try await owner.unshare(shareID)
        }
        self.share = share
        if share != .all { shareWasLess = true }
    }

    /// A copy of the state that outlives this process.
    private func keep() -> String {
        let kept = NSTemporaryDirectory() + root
        try? FileManager.default.copyItem(atPath: folder.path, toPath: kept)
        return kept
    }
}

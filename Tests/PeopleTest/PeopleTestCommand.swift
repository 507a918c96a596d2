import ArgumentParser
import Foundation
import PeopleHarness

/// Plays random histories of two people on a server, and checks what the program promises.
@main
struct PeopleTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "people-test",
        abstract: "Play random histories of two people and nids-sync on a server, then check every promise.",
        discussion: """
            Without a server it plays on the project's own stand-in for Nextcloud. Else the logins come from the \
            environment: NIDS_PEOPLE_SERVICE, NIDS_PEOPLE_OWNER and NIDS_PEOPLE_OTHER, each "login password"; or \
            NIDS_PEOPLE_ADMIN, an administrator of a Nextcloud, who makes three accounts. A plain WebDAV server needs \
            one login, NIDS_PEOPLE_SERVICE. Each history works in a folder of its own and removes it.
            """)

    @Option(help: "The server's URL; by default NIDS_PEOPLE_URL, else the stand-in.")
    var url: String?

    @Option(help: "How many histories.")
    var histories = 20

    @Option(help: "How many things the people of a history do.")
    var steps = 40

    @Option(help: "Decides what people do in the first history, and by counting on in the others; else a new one.")
    var seed: UInt64?

    @Option(help: "How many histories at the same time.")
    var parallel = 2

    @Option(help: "The program; by default the one beside this.")
    var program: String?

    @Option(help: "A folder that is there, for the course of each history, kept or broken.")
    var courses: String?

    @Flag(help: "Leave what a broken history worked with on the server and here.")
    var keep = false

    func run() async throws {
        let beside = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let environment = ProcessInfo.processInfo.environment
        var standIn: StandInPeople?
        let server: PeopleServer
        if let url = url ?? environment["NIDS_PEOPLE_URL"] {
            server = try await self.server(at: url, environment)
        } else {
            let started = try await StandInPeople()
            standIn = started
            server = started.server
        }
        var plan = PeoplePlan(
            server: try await server.probed(),
            program: program ?? beside.appending(path: "nids-sync").path, seed: seed ?? UInt64.random(in: 1...999_999))
        plan.histories = histories
        plan.steps = steps
        plan.parallel = parallel
        plan.keepsBroken = keep
        plan.courses = courses
        plan.tell = { line in FileHandle.standardError.write(Data("\(line)\n".utf8)) }
        print("seed \(plan.seed)")
        let report = try await PeopleCampaign.run(plan)
        await standIn?.stop()
        print(report.text)
        if !report.isKept { throw ExitCode(1) }
    }

    private func server(at url: String, _ environment: [String: String]) async throws -> PeopleServer {
        func login(_ name: String) -> PeopleServer.Login? {
            guard let words = environment[name]?.split(separator: " ", maxSplits: 1), words.count == 2 else {
                return nil
            }
            return PeopleServer.Login(user: String(words[0]), password: String(words[1]))
        }
        if let admin = login("NIDS_PEOPLE_ADMIN") { return try await PeopleServer.withAccounts(at: url, admin: admin) }
        guard let service = login("NIDS_PEOPLE_SERVICE") else {
            throw ValidationError("NIDS_PEOPLE_SERVICE is missing: \"login password\"")
        }
        return PeopleServer(
            url: url, service: service, owner: login("NIDS_PEOPLE_OWNER"), other: login("NIDS_PEOPLE_OTHER"))
    }
}

import ArgumentParser
import Foundation
import NidsSync
import Transcriber

/// Shows what was learned about names, and undoes it.
struct EquivalencesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "equivalences",
        abstract: "Show what was learned of people's corrections of species; undo it.",
        discussion: """
            Where a person corrects a species, other sheets on which the same was read get it too, unless what was \
            read is a species' name, a genus, or fits the sheet's code. Until two people agreed it stays a doubt. \
            Undone, the species of these sheets is looked up anew. It needs the observations' database alone, and \
            works beside a daemon.
            """)

    @Option(help: ArgumentHelp("Undo what was learned about this name, as it was read.", valueName: "name"))
    var undo: String?

    @Flag(help: "Print one JSON object on stdout.")
    var json = false

    @Option(help: ArgumentHelp("The YAML file.", valueName: "file"))
    var config: String?

    func run() async throws {
        let status: ExitStatus
        do { status = try await act() } catch {
            throw ExitCode(Reporter(json: json).fail(error).rawValue)
        }
        throw ExitCode(status.rawValue)
    }

    private func act() async throws -> ExitStatus {
        let loader = try SettingsLoader(path: config, environment: ProcessInfo.processInfo.environment)
        let store = try ObservationSettings(loader).makeStore()
        guard let undo else {
            let all = try await store.equivalences()
            Output.out(json ? JSONValue.of(all).serialized(.canonical) + "\n" : Self.text(all))
            return .success
        }
        let count = try await store.undoEquivalence(of: undo)
        guard count > 0 else {
            return Reporter(json: json).fail("nothing was learned about \(undo)", .usage)
        }
        if json {
            Output.out((["undone": .integer(count)] as JSONValue).serialized(.canonical) + "\n")
        } else {
            Output.out("undone: what \(count) \(count == 1 ? "correction" : "corrections") taught about \(undo)\n")
        }
        return .success
    }

    private static func text(_ all: [Equivalence]) -> String {
        guard !all.isEmpty else { return "nothing has been learned yet\n" }
        return all.map { one in
            let people = one.people.isEmpty ? "" : ", by " + one.people.joined(separator: ", ")
            let sheets = one.sheets == 1 ? "1 sheet" : "\(one.sheets) sheets"
            return
                "\(one.reading)  →  \(one.speciesName) (\(one.speciesCode))  \(words(one.state)), \(sheets)\(people)\n"
        }.joined()
    }

    private static func words(_ state: Equivalence.State) -> String {
        switch state {
        case .appris: "learned of one person, still a doubt"
        case .confirme: "agreed by two"
        case .conteste: "contested: not used"
        case .annule: "undone"
        }
    }
}

extension JSONValue {
    fileprivate static func of(_ all: [Equivalence]) -> JSONValue {
        [
            "equivalences": .array(
                all.map { one in
                    [
                        "lu": .string(one.reading), "espece_code": .string(one.speciesCode),
                        "espece_nom": .string(one.speciesName), "personnes": .array(one.people.map(JSONValue.string)),
                        "fiches": .integer(one.sheets), "etat": .string(one.state.rawValue),
                    ]
                })
        ]
    }
}

import Foundation

/// `nids-fuzz TARGET …`: gives a target bytes that nobody meant.
///
/// Built by `Scripts/fuzz.sh`, it runs under libFuzzer and AddressSanitizer, with libFuzzer's own arguments behind the
/// target's name. Built as the rest of the package, it changes the seeds at random, without looking at what they reach.
@main
struct NidsFuzz {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard let name = arguments.first, let target = FuzzTarget(rawValue: name) else {
            print(FuzzTarget.allCases.map(\.rawValue).joined(separator: "\n"))
            exit(arguments.first == "list" ? 0 : 64)
        }
        if let status = LibFuzzer.run(target, arguments: Array(arguments.dropFirst())) { exit(status) }
        exit(MutationRun(target: target, arguments: Array(arguments.dropFirst())).run() ? 0 : 1)
    }
}

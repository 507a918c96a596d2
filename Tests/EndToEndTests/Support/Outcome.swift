import TestSupport
import Testing
import Transcriber

/// How the program ended, and what it said.
struct Outcome: Sendable {
    /// Its exit status, or 128 and the number of the signal that ended it.
    var status: Int32
    var output: String
    var errors: String
    /// How long it took from the first signal that the test sent it to its end.
    var afterSignal: Duration?

    /// The one object that `--json` promises on standard output, with nothing beside it.
    func summary() throws -> JSONValue {
        let value = try JSONValue(parsing: output)
        guard value.object != nil, output.hasSuffix("\n"), output.count(where: \.isNewline) == 1 else {
            throw TestFailure("not one object on one line: \(output)")
        }
        return value
    }

    /// A number of the summary.
    func count(_ key: String) throws -> Int {
        guard let count = try summary()[key]?.integer else { throw TestFailure("no \(key) in \(output)") }
        return count
    }

    /// Checks how it ended, and shows what it said where it ended otherwise.
    func expect(status expected: Int32, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(status == expected, "it said: \(text)", sourceLocation: sourceLocation)
    }

    /// Everything that was said.
    var text: String { output + errors }
}

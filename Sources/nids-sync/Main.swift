import ArgumentParser
import NidsSync

/// The program: the process is put in order, the command runs, and its exit status says how that went.
@main
enum Main {
    static func main() async {
        ProcessSetup.prepare()
        do {
            var command = try NidsSyncCommand.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            end(with: nil)
        } catch {
            end(with: error)
        }
    }

    /// Ends the process; what could not be written counts more than how the work went, since nobody has read that.
    private static func end(with error: (any Error)?) -> Never {
        if let fault = Output.fault {
            fault.tell()
            NidsSyncCommand.exit(withError: ExitCode(Output.Fault.status.rawValue))
        }
        NidsSyncCommand.exit(withError: error)
    }
}

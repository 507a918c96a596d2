import Foundation
import Testing

@testable import Transcriber

/// With a shell for a tool, which does whatever a tool can do.
@Suite("What the end of a tool means")
struct ToolFaultTests {
    private static func shell(_ limit: Duration = .seconds(20)) -> Tool {
        Tool(name: "sh", package: "dash", timeLimit: limit)
    }

    private func error(_ script: String, limit: Duration = .seconds(20)) async -> TranscriptionError? {
        do throws(TranscriptionError) {
            _ = try await Self.shell(limit).run(["-c", script])
            return nil
        } catch {
            return error
        }
    }

    @Test("one that hangs has done so over this scan")
    func hanging() async {
        let error = await error("sleep 60", limit: .milliseconds(300))
        #expect(error?.blame == .tool)
        #expect("\(String(describing: error))".contains("did not come to an end"))
    }

    @Test("one that crashes has done so over this scan", arguments: ["SEGV", "ABRT", "BUS", "FPE", "ILL"])
    func crashing(signal: String) async {
        #expect(await error("kill -\(signal) $$")?.blame == .tool)
    }

    @Test(
        "one that is killed or ended from outside says nothing of the scan", arguments: ["KILL", "TERM", "HUP", "INT"])
    func killed(signal: String) async {
        #expect(await error("kill -\(signal) $$")?.blame == .machine)
    }

    @Test(
        "one that is in want of room, memory, files or processes says nothing of the scan",
        arguments: [
            "No space left on device", "Too many open files", "Cannot allocate memory",
            "Resource temporarily unavailable", "Disk quota exceeded", "Input/output error",
        ])
    func want(words: String) async {
        let error = await error("echo 'convert: unable to write: \(words)' >&2; exit 1")
        #expect(error?.blame == .machine)
    }

    @Test("one that fails with other words is listened to")
    func failing() async throws {
        let outcome = try await Self.shell().run(["-c", "echo no >&2; exit 3"])
        #expect(!outcome.succeeded)
        #expect(outcome.complaints == "no\n")
    }

    @Test("one that writes more than its limit has asked too much for this scan")
    func tooMuch() async throws {
        let outcome = try await Self.shell().run(["-c", "kill -XFSZ $$"])
        #expect(!outcome.succeeded)
    }

    @Test("of complaints by the megabyte the beginning and the end are kept")
    func manyComplaints() async throws {
        let outcome = try await Self.shell().run([
            "-c", "echo first >&2; yes warning | head -c 900000 >&2; echo last >&2",
        ])
        #expect(outcome.complaints.hasPrefix("first\n"))
        #expect(outcome.complaints.hasSuffix("last\n"))
        #expect(outcome.complaints.utf8.count < 20_000)
    }

    @Test("a tool's own temporary files go into the folder of the sheet")
    func temporaryFiles() async throws {
        let places = try await WorkFolder.with { folder throws(TranscriptionError) -> [String] in
            let said = try await Self.shell().run(["-c", "echo $TMPDIR"])
            return [folder.path, said.output.trimmed]
        }
        #expect(places[0] == places[1])
        #expect(!FileManager.default.fileExists(atPath: places[0]))
    }

    @Test("a temporary folder that cannot be made is the machine's fault, and no other place is taken")
    func folder() async throws {
        // One that was cleared away is made anew; below a file there can be none.
        let missing = "/dev/null/none-\(UUID().uuidString)"
        var page = try SampleSheets.request("pairs/fiche 1R.jpg").pages
        // A plain JPEG needs no folder to be sent.
        page[0].mediaType = .png
        for error in [await convertError(page, in: missing), await readError(page, in: missing)] {
            #expect(error?.blame == .machine)
            #expect("\(String(describing: error))".contains(missing))
        }
    }

    private func convertError(_ pages: [TranscriptionRequest.Page], in folder: String) async -> TranscriptionError? {
        do throws(TranscriptionError) {
            _ = try await PageConverter(AcceptedInput(), folder: folder).convert(pages) { ready in ready.count }
            return nil
        } catch {
            return error
        }
    }

    private func readError(_ pages: [TranscriptionRequest.Page], in folder: String) async -> TranscriptionError? {
        do throws(TranscriptionError) {
            let request = TranscriptionRequest(pages: pages, promptKind: .standard)
            _ = try await TesseractEngine(folder: folder).transcribe(request)
            return nil
        } catch {
            return error
        }
    }

    @Test("the machine's wants have their words")
    func words() {
        for (number, words) in [(ENOSPC, "disk"), (EMFILE, "open files"), (ENOMEM, "memory"), (EAGAIN, "processes")] {
            let error = MachineFault.error(number, doing: "x")
            #expect(error?.blame == .machine)
            #expect("\(String(describing: error))".contains(words))
        }
        #expect(MachineFault.error(ENOENT, doing: "x") == nil)
    }
}

@Suite("Limits that cannot be set")
struct ToolLimitTests {
    @Test("a process that has less than a program's limits says so, and blames no scan")
    func lowerLimits() {
        let complaint = "prlimit: failed to set the FSIZE resource limit: Operation not permitted\n"
        guard case .machineFault(let reason) = MachineFault.error(in: complaint, of: "djpeg") else {
            Issue.record("no fault of the machine")
            return
        }
        #expect(reason.contains("ulimit -f"))
    }
}

import Foundation
import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@Suite("a state folder that others have their hands on")
struct LockTests {
    /// A library that has every lock refused as a network share without a lock service refuses them.
    private static let noLocks = """
        #include <errno.h>
        #include <fcntl.h>
        int flock(int file, int how) { errno = ENOLCK; return -1; }
        static int refuse(int command) { return command == F_SETLK || command == F_SETLKW || command == F_GETLK; }
        #include <stdarg.h>
        #include <sys/syscall.h>
        #include <unistd.h>
        static int answer(int file, int command, long word) {
            if (refuse(command)) { errno = ENOLCK; return -1; }
            return (int)syscall(SYS_fcntl, file, command, word);
        }
        int fcntl(int file, int command, ...) {
            va_list list; va_start(list, command); long word = va_arg(list, long); va_end(list);
            return answer(file, command, word);
        }
        int fcntl64(int file, int command, ...) {
            va_list list; va_start(list, command); long word = va_arg(list, long); va_end(list);
            return answer(file, command, word);
        }
        """

    @Test("on a share that gives no locks is refused, with what to do, before anything is asked")
    func noLocks() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let source = site.folder.file("nolocks.c")
            try Data(Self.noLocks.utf8).write(to: URL(filePath: source))
            let library = site.folder.file("nolocks.so")
            _ = try await ChildProcess.run(["/usr/bin/env", "clang", "-shared", "-fPIC", "-w", "-o", library, source])
            let outcome = try await site.run("--once", "--json", with: ["LD_PRELOAD": library])
            outcome.expect(status: 78)
            #expect(try outcome.summary()["error"]?.string?.contains("gives no locks") == true)
            #expect(site.model.calls.isEmpty)
        }
    }

    @Test(
        "whose database another program has locked is waited for, and nothing is asked twice (nextcloud/desktop#3840)",
        arguments: ["state.sqlite", "observations.sqlite"])
    func held(file: String) async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            try await site.run("--once").expect(status: 0)
            let hold = """
                import sqlite3, sys, time
                connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
                connection.execute("BEGIN EXCLUSIVE"); open(sys.argv[2], "w").close(); time.sleep(600)
                """
            let held = site.folder.file("held")
            site.cloud.resetRequests()
            let outcome = try await site.run(with: ["NIDS_NEXTCLOUD_POLL_INTERVAL": "200ms"]) { program in
                // One that begins while it is locked ends with 69.
                try await soon("it has looked") { site.cloud.requestCount > 2 }
                let other = try ChildProcess(["/usr/bin/python3", "-c", hold, site.state + "/" + file, held])
                try await soon("it is locked") { FileManager.default.fileExists(atPath: held) }
                try site.putScans("jpeg/b.jpg")
                // Longer than SQLite itself waits.
                try? await eventually("it goes on all the same", within: .seconds(12)) { !program.isRunning }
                await other.stop()
                let observations = ObservationsFile(path: site.databaseFile)
                try await soon("both are recorded") {
                    try observations.rows("SELECT count(*) FROM nids_v_fiches") == [["2"]]
                }
                try program.send(SIGTERM)
            }
            outcome.expect(status: 0)
            #expect(site.model.calls.count == 2)
        }
    }
}

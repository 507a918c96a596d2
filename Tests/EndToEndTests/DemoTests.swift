import Foundation
import TestSupport
import Testing

@Suite("the demo")
struct DemoTests {
    @Test("it shows what was read, and the second time makes one request")
    func twice() async throws {
        let folder = try TemporaryDirectory()
        let environment = ["HOME": folder.path]
        let first = try await Program.run(["demo"], environment: environment, folder: folder.path, limit: .seconds(240))
        first.expect(status: 0)
        #expect(first.output.contains("5 transcribed"))
        #expect(first.output.contains("5 published, 5 recorded, 0 failed"))
        #expect(first.output.contains("variants  1 × another preparation is read"))
        for column in ["espèce", "commune", "visits", "fields right"] { #expect(first.output.contains(column)) }
        #expect(first.output.contains(/fiche 25FINAL .* [89][0-9] %|fiche 25FINAL .* 100 %/))
        let results = try FileManager.default.subpathsOfDirectory(atPath: folder.file("demo/nextcloud/files"))
        #expect(results.count { $0.hasSuffix("_result.json") } == 5)
        let rows = try ObservationsFile(path: folder.file("demo/state/observations.sqlite"))
            .rows("SELECT espece FROM nids_v_fiches")
        #expect(rows.count == 5)

        let second = try await Program.run(["demo"], environment: environment, folder: folder.path)
        second.expect(status: 0)
        #expect(second.output.contains("0 transcribed"))
        #expect(
            second.output.contains("5 unchanged; 1 requests to Nextcloud")
                || second.output.contains("; 1 request to Nextcloud"))
    }
}

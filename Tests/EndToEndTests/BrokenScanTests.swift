import Foundation
import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@Suite("broken scans")
struct BrokenScanTests {
    @Test("each fails by itself with a reason, the good ones go through, and nothing is tried twice")
    func broken() async throws {
        try await Site<NextcloudStandIn>.run { site in
            for name in [
                "good_small.jpg", "png_as_jpg.jpg", "truncated.jpg", "text.jpg", "zero.jpg", "broken_xref.pdf",
            ] {
                try site.put("jpeg/\(name)", try Scan.file(name))
            }
            let tesseract: [String: String?] = ["GEMINI_API_KEY": nil]

            let first = try await site.run("--once", "--json", with: tesseract, limit: .seconds(200))
            first.expect(status: 1)
            let summary = try first.summary()
            var reasons: [String: String] = [:]
            for failure in summary["failures"]?.array ?? [] {
                reasons[failure["path"]?.string ?? ""] = failure["reason"]?.string
            }
            #expect(reasons["jpeg/text.jpg"]?.contains("not a picture") == true)
            #expect(summary["left_out"]?["empty file (0 bytes)"]?.integer == 1)
            for good in ["good_small", "png_as_jpg"] {
                let bytes = try #require(try site.cloud.bytes(at: site.resultPath(good, label: "tesseract")))
                let document = try JSONValue(parsing: bytes)
                #expect(FicheSchema.violations(of: document) == [])
                #expect(document["informations_generales"]?["espece"]?.string != nil)
            }
            // These two may be read in part; what is not read says why.
            for doubtful in ["truncated.jpg", "broken_xref.pdf"] {
                let stem = String(doubtful.prefix { $0 != "." })
                let isRead = try site.cloud.bytes(at: site.resultPath(stem, label: "tesseract")) != nil
                #expect(isRead != (reasons["jpeg/\(doubtful)"]?.isEmpty == false), "\(doubtful): \(first.output)")
            }
            #expect(try first.count("failed") == reasons.count)

            let second = try await site.run("--once", "--json", with: tesseract)
            second.expect(status: 0)
            #expect(try second.count("failed") == 0)
            #expect(try second.count("failed_before") == reasons.count)
            #expect(try second.count("http_requests") == 1)
        }
    }

    @Test("a good scan is not called damaged because somebody cleared the temporary folder")
    func clearedTemporaryFolder() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.put("jpeg/a.jpg", try Scan.file("good_small.jpg"))
            let temporary = site.state + "/work"
            let manager = FileManager.default
            let outcome = try await site.run("--once", "--json", with: ["GEMINI_API_KEY": nil]) { _ in
                func pictures() -> [String] {
                    ((try? manager.subpathsOfDirectory(atPath: temporary)) ?? []).filter { $0.hasSuffix("/scan0") }
                }
                try await soon("the scan is worked on") { !pictures().isEmpty }
                for folder in try manager.contentsOfDirectory(atPath: temporary) where folder.hasPrefix("nids-sync-") {
                    try manager.removeItem(atPath: "\(temporary)/\(folder)")
                }
            }
            outcome.expect(status: 0)
            #expect(try outcome.count("transcribed") == 1)
            let bytes = try #require(try site.cloud.bytes(at: site.resultPath("a", label: "tesseract")))
            #expect(try JSONValue(parsing: bytes)["informations_generales"]?["espece"]?.string != nil)
        }
    }

    @Test("a failed scan that is uploaded anew is looked at again")
    func repaired() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.put("jpeg/a.jpg", Array("Ceci n'est pas une image.".utf8))
            try site.putScans("jpeg/b.jpg")
            let first = try await site.run("--once", "--json")
            first.expect(status: 1)
            #expect(try first.count("transcribed") == 1)
            #expect(site.model.calls.count == 1)

            try site.putScans("jpeg/a.jpg")
            let second = try await site.run("--once", "--json")
            second.expect(status: 0)
            #expect(try second.count("transcribed") == 1)
            // It has changed since.
            #expect(try second.count("failed_before") == 0)
        }
    }

    @Test("an answer that is no sheet costs that sheet alone, after three tries")
    func nonsense() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/b.jpg")
            let odd = Scan.sha256(Scan.small("jpeg/a.jpg"))
            site.model.configure {
                $0.answer = { call in
                    call.inline.first?.sha256 == odd
                        ? .text("Je ne sais pas lire.") : .text(SampleFiche.json(for: call))
                }
            }
            let outcome = try await site.run("--once", "--json")
            outcome.expect(status: 1)
            #expect(try outcome.count("transcribed") == 1)
            #expect(try outcome.count("published") == 1)
            #expect(try outcome.summary()["failures"]?.array?.first?["path"]?.string == "jpeg/a.jpg")
            #expect(site.model.callsByDigest[odd] == 3)
            let again = try await site.run("--once", "--json")
            again.expect(status: 0)
            #expect(site.model.callsByDigest[odd] == 3)
        }
    }
}

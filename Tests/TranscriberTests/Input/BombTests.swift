import Foundation
import Testing

@testable import Transcriber

/// Files made to take all of a machine's memory, time, disk or files; these run the real programs.
@Suite("Bombs", .serialized, .timeLimit(.minutes(10)))
struct BombTests {
    /// Each program is given that long, in place of a minute and more.
    private static let toolLimit = Duration.seconds(8)
    /// The service decides on each within this, the tools included.
    private static let limit = Duration.seconds(30)

    @Test("each ends with a reason, or is read, in its time, and the service stays small", arguments: Bomb.allCases)
    func ends(bomb: Bomb) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bomb-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/bomb"
        try bomb.data.write(to: URL(fileURLWithPath: path))
        guard let type = MediaType(sniffing: bomb.data.prefix(MediaType.sniffLength)) else {
            Issue.record("\(bomb) is of no known kind")
            return
        }
        let page = TranscriptionRequest.Page(path: path, name: "\(bomb)", mediaType: type)
        let before = Self.peak()
        for isLocal in [false, true] {
            let (duration, error) = await Tool.$shorterLimit.withValue(Self.toolLimit) {
                await Self.outcome(page, isLocal: isLocal, folder: folder)
            }
            #expect(duration < Self.limit, "\(bomb)")
            if let error {
                #expect([.sheet, .tool].contains(error.blame), "\(error)")
            } else {
                #expect(!isLocal, "there is no sheet on it")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["bomb"], "nothing is left behind")
        }
        #expect(Self.peak() - before < 100_000, "kB")
    }

    private static func outcome(
        _ page: TranscriptionRequest.Page, isLocal: Bool, folder: String
    ) async -> (Duration, TranscriptionError?) {
        let clock = ContinuousClock()
        let start = clock.now
        do throws(TranscriptionError) {
            if isLocal {
                let request = TranscriptionRequest(pages: [page], promptKind: .standard)
                _ = try await TesseractEngine(folder: folder).transcribe(request)
            } else {
                let accepted = AcceptedInput(mediaTypes: [.jpeg, .png, .webp], longestSide: 2048)
                _ = try await PageConverter(accepted, folder: folder).convert([page]) { ready in ready.count }
            }
            return (clock.now - start, nil)
        } catch {
            return (clock.now - start, error)
        }
    }

    /// The most memory that this process has held, in kilobytes.
    private static func peak() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
    }
}

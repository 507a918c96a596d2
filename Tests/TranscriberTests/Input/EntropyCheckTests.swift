import Foundation
import Testing

@testable import Transcriber

@Suite("Reading past all codes of a JPEG", .serialized)
struct EntropyCheckTests {
    private static let cjpeg = Tool(name: "cjpeg", package: "libjpeg-turbo-progs", timeLimit: .seconds(30))
    private static let djpeg = Tool.djpeg

    /// Pictures of every sampling, with and without optimized codes and restarts, of sizes that fill no block.
    enum Form: String, CaseIterable {
        case plain, optimized, quarters, halves, tall, high, gray, restarting, apart, one

        var options: [String] {
            switch self {
            case .plain: []
            case .optimized: ["-optimize"]
            case .quarters: ["-sample", "2x2,1x1,1x1"]
            case .halves: ["-sample", "2x1,1x1,1x1"]
            case .tall: ["-sample", "1x2,1x1,1x1", "-optimize"]
            case .high: ["-sample", "1x1,1x1,1x1", "-quality", "100"]
            case .gray: ["-grayscale", "-optimize"]
            case .restarting: ["-restart", "3B", "-sample", "2x2"]
            case .apart: ["-scans"]
            case .one: ["-quality", "1"]
            }
        }
    }

    private func scratch(_ body: (WorkFolder) async throws -> Void) async throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "entropy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        try await body(WorkFolder(path: url.path))
    }

    private func picture(_ form: Form, size: String, in folder: WorkFolder) async throws -> Data {
        let (points, path) = (folder.file("points.ppm"), folder.file("one.jpg"))
        let drawn = try await Tool.convert.run([
            "-seed", "7", "-size", size, "plasma:white-black", "-attenuate", "2", "+noise", "Gaussian", "ppm:\(points)",
        ])
        try #require(drawn.succeeded, "\(drawn.complaints)")
        var options = form.options
        if form == .apart {
            // Each colour in a scan of its own.
            try Data("0;1;2;".utf8).write(to: URL(fileURLWithPath: folder.file("scans")))
            options.append(folder.file("scans"))
        }
        let made = try await Self.cjpeg.run(options + ["-outfile", path, points])
        try #require(made.succeeded, "\(made.complaints)")
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }

    @Test("whole pictures pass, and none that lacks its end or a byte in its midst", arguments: Form.allCases)
    func pictures(form: Form) async throws {
        try await scratch { folder in
            for size in ["129x77", "8x8", "64x640"] {
                let picture = try await picture(form, size: size, in: folder)
                #expect(EntropyCheck.passes(picture), "\(form) \(size)")
                // A slice begins elsewhere than at 0.
                #expect(EntropyCheck.passes((Data([1, 2, 3]) + picture).dropFirst(3)))
                for cut in stride(from: 3, to: picture.count, by: max(1, picture.count / 200)) {
                    #expect(!EntropyCheck.passes(picture.prefix(cut)), "\(form) \(size) cut at \(cut)")
                }
                // One block may end before that.
                guard size != "8x8" else { continue }
                let start = try #require(JPEGHead(picture)).firstScan + 20
                let hole = picture[start] == 0xFF ? start + 2 : start
                #expect(!EntropyCheck.passes(picture.prefix(hole) + picture.suffix(2)), "\(form) \(size)")
            }
        }
    }

    @Test("of damaged pictures none passes of which djpeg complains", arguments: [Form.plain, .gray, .restarting])
    func damaged(form: Form) async throws {
        try await scratch { folder in
            let picture = try await picture(form, size: "129x77", in: folder)
            let start = try #require(JPEGHead(picture)).firstScan + 20
            let path = folder.file("damaged.jpg")
            for round in 0..<40 {
                var damaged = picture
                let place = start + (picture.count - start - 10) * round / 40
                switch round % 4 {
                case 0: damaged[place] ^= 0x55
                case 1: damaged.remove(at: place)
                case 2: damaged.insert(0x33, at: place)
                default: damaged.replaceSubrange(place..<min(place + 60, picture.count - 2), with: Data(count: 30))
                }
                guard EntropyCheck.passes(damaged) else { continue }
                try damaged.write(to: URL(fileURLWithPath: path))
                let seen = try await Self.djpeg.run(["-scale", "1/8", "-outfile", "/dev/null", path])
                #expect(seen.succeeded && seen.complaints.isEmpty, "\(form) \(round): \(seen.complaints)")
            }
        }
    }

    @Test("forms that are not read here do not pass: progressive, arithmetic, told to be of no size")
    func others() async throws {
        try await scratch { folder in
            let picture = try await picture(.plain, size: "129x77", in: folder)
            let path = folder.file("other.jpg")
            for options in [["-progressive"], ["-arithmetic"]] {
                let jpegtran = Tool(name: "jpegtran", package: "libjpeg-turbo-progs", timeLimit: .seconds(30))
                let made = try await jpegtran.run(options + ["-outfile", path, folder.file("one.jpg")])
                try #require(made.succeeded, "\(made.complaints)")
                #expect(!EntropyCheck.passes(try Data(contentsOf: URL(fileURLWithPath: path))), "\(options)")
            }
            var other = picture
            let frame = try #require(picture.range(of: Data([0xFF, 0xC0])))
            other[frame.upperBound + 3] = 0
            other[frame.upperBound + 4] = 0
            #expect(!EntropyCheck.passes(other))
            // A row of blocks too many is asked for.
            other = picture
            other[frame.upperBound + 4] += 16
            #expect(!EntropyCheck.passes(other))
            #expect(!EntropyCheck.passes(Data()))
        }
    }

    @Test("a table whose codes do not fit is none")
    func tables() {
        let none = [UInt8](repeating: 0, count: 16)
        #expect(HuffmanCodes(counts: none, symbols: [], isDC: true) != nil)
        #expect(HuffmanCodes(counts: [3] + none.dropFirst(), symbols: [0, 1, 2], isDC: true) == nil)
        #expect(HuffmanCodes(counts: [2] + none.dropFirst(), symbols: [0], isDC: true) == nil)
        #expect(
            HuffmanCodes(counts: [1] + none.dropFirst(), symbols: [12], isDC: true) == nil, "too large a difference")
        #expect(HuffmanCodes(counts: none.dropFirst(), symbols: [], isDC: false) == nil)
    }
}

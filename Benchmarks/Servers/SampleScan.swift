import Foundation
import TestSupport

/// Pictures that can be decoded, drawn when they are needed: a scan's first cost is being looked at.
struct SampleScan: Sendable {
    private let picture: [UInt8]

    /// Of the size of a sheet scanned at 150 dots an inch, in grays, about 250 kB like the real ones.
    static func small() async throws -> SampleScan {
        try await SampleScan(
            ["-size", "1240x1660", "plasma:white-gray70"], noise: 0.5, ["-colorspace", "Gray"], quality: 70)
    }

    /// The largest that is sent as it is, in colours, about 2 MB.
    static func large() async throws -> SampleScan {
        try await SampleScan(
            ["-size", "2170x3072", "plasma:white-tan"], noise: 0.45, ["-sampling-factor", "4:2:0"], quality: 89)
    }

    private init(_ canvas: [String], noise: Double, _ colours: [String], quality: Int) async throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("scan.jpg")
        try await ChildProcess.run(
            ["/usr/bin/convert", "-seed", "1"] + canvas + ["-attenuate", "\(noise)", "+noise", "Gaussian"] + colours
                + ["-strip", "-quality", "\(quality)", "jpeg:\(path)"])
        guard let data = FileManager.default.contents(atPath: path), data.count > 10_000 else {
            throw TestFailure("ImageMagick drew no scan")
        }
        picture = Array(data)
    }

    /// In bytes, roughly.
    var size: Int { picture.count }

    /// The picture with a comment of its own for each number.
    func numbered(_ number: Int) -> [UInt8] {
        let words = Array("scan \(number)".utf8)
        let comment: [UInt8] = [0xFF, 0xFE, 0, UInt8(words.count + 2)] + words
        return picture[..<2] + comment + picture[2...]
    }
}

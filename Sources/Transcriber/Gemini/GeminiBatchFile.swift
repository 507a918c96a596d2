import Foundation
import HTTP

/// The requests of a batch as a file of lines (JSONL), written one by one: no page is held in memory whole.
///
/// Writing is blocking work on this machine's disk, done on a thread of its own; one append at a time.
public actor GeminiBatchFile {
    /// Google's limit for a batch's file is 2 GB.
    public static let sizeLimit = GeminiFiles.sizeLimit
    /// A multiple of three, so that the pieces' Base64 can be put one after another.
    private static let chunk = 3 << 18

    /// Where it lies.
    public nonisolated let path: String
    /// The number of bytes written.
    public private(set) var size = 0
    /// The number of requests written.
    public private(set) var count = 0
    private let handle: FileHandle
    private let options: GeminiEngine.Options

    private let executor = DiskExecutor()
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Makes the file, or empties it.
    /// - Throws: `TranscriptionError.unavailable` when it cannot be written.
    public init(path: String, options: GeminiEngine.Options = .init()) throws(TranscriptionError) {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw Self.unwritable("it cannot be made") }
        self.path = path
        self.options = options
        self.handle = handle
    }

    /// Adds a request under a key of the caller's, by which its result is found again.
    ///
    /// - Returns: Whether there was room for it; a batch's file may not be larger than `sizeLimit`.
    /// - Throws: `TranscriptionError.unreadable` for a page that Gemini does not take; `.unavailable` when a page is
    ///   gone or the disk is full. The file then ends with the line before, so that others can still be added.
    public func append(_ request: TranscriptionRequest, key: String) throws(TranscriptionError) -> Bool {
        let prepared = try GeminiRequest(request, options: options)
        let room = prepared.pages.reduce(20_000 + key.utf8.count * 6) { $0 + $1.encodedSize }
        guard size + room <= Self.sizeLimit else { return false }
        do {
            let start = "{\"key\":\(JSONValue.string(key).serialized(.canonical)),\"request\":"
            try write(Data(start.utf8))
            for part in prepared.parts() { try write(part) }
            try write(Data("}\n".utf8))
        } catch {
            try? handle.truncate(atOffset: UInt64(size))
            _ = try? handle.seekToEnd()
            throw Self.unwritable("\(error)")
        }
        size = Int((try? handle.offset()) ?? UInt64(size))
        count += 1
        return true
    }

    /// Ends the writing; the file stays.
    /// - Throws: `TranscriptionError.unavailable` when the disk is full.
    public func close() throws(TranscriptionError) {
        do {
            try handle.synchronize()
            try handle.close()
        } catch { throw Self.unwritable("\(error)") }
    }

    private func write(_ part: HTTPBody.Part) throws {
        switch part {
        case .bytes(let bytes): try write(Data(bytes))
        case .file(let path): try copy(path) { $0 }
        case .base64File(let path): try copy(path) { $0.base64EncodedData() }
        }
    }

    private func copy(_ path: String, _ encode: (Data) -> Data) throws {
        let source = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? source.close() }
        while true {
            var piece = Data()
            // A read may give less than it was asked for, long before the end.
            while piece.count < Self.chunk, let more = try source.read(upToCount: Self.chunk - piece.count),
                !more.isEmpty
            { piece += more }
            if piece.isEmpty { return }
            try write(encode(piece))
        }
    }

    private func write(_ data: Data) throws { try handle.write(contentsOf: data) }

    private static func unwritable(_ reason: String) -> TranscriptionError {
        .unavailable(
            reason: "the file of a batch cannot be written: \(reason)", retryAfter: nil, mayHaveBeenBilled: false)
    }
}

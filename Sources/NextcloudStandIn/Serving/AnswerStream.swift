import FlyingFox
import FlyingSocks

/// An answer's body on its way out: piece by piece, counted, and cut where a fault says so.
struct AnswerStream: AsyncBufferedSequence {
    typealias Element = UInt8

    let body: Answer.Body
    /// Bytes after which the body ends, and whether the connection ends with it.
    let limit: (bytes: Int, cuts: Bool)?
    let tree: SharedTree
    let log: RequestLog
    let number: Int

    func makeAsyncIterator() -> Iterator {
        let cursor: ListingCursor? = if case .listing(let listing) = body { ListingCursor(listing) } else { nil }
        return Iterator(stream: self, cursor: cursor)
    }

    struct Cut: Error {}

    struct Iterator: AsyncBufferedIteratorProtocol {
        let stream: AnswerStream
        var cursor: ListingCursor?
        var sent = 0

        mutating func next() async throws -> UInt8? {
            try await nextBuffer(suggested: 1)?.first
        }

        mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
            if let limit = stream.limit, sent >= limit.bytes {
                if limit.cuts { throw Cut() }
                return nil
            }
            var piece = try nextPiece()
            if let limit = stream.limit { piece = Array(piece.prefix(limit.bytes - sent)) }
            guard !piece.isEmpty else { return nil }
            sent += piece.count
            stream.log.update(stream.number) { $0.bytesOut = sent }
            return piece
        }

        private mutating func nextPiece() throws -> [UInt8] {
            switch stream.body {
            case .bytes(let bytes): Array(bytes.dropFirst(sent))
            case .file(let file): try file.read(at: file.range.lowerBound + sent)
            case .listing: cursor?.next(in: stream.tree) ?? []
            }
        }
    }
}

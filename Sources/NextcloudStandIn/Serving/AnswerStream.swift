/// An answer's body on its way out: piece by piece, counted, slowed down and ended early where a fault says so.
struct AnswerStream {
    /// The connection is to be closed here.
    struct Cut: Error {}

    private let body: Answer.Body
    private let tree: SharedTree
    private let distortion: Distortion
    private var cursor: ListingCursor?
    private var sent = 0
    /// Bytes of a listing that were made and not sent yet.
    private var made: ArraySlice<UInt8> = []

    init(_ body: Answer.Body, of tree: SharedTree, _ distortion: Distortion) {
        self.body = body
        self.tree = tree
        self.distortion = distortion
        if case .listing(let listing) = body { cursor = ListingCursor(listing) }
    }

    /// The next bytes; nil at the end.
    ///
    /// - Throws: ``Cut``, ``StandInError`` of the disk, `CancellationError`.
    mutating func next() async throws -> [UInt8]? {
        if let end = distortion.end, sent >= end.bytes {
            if end.cuts { throw Cut() }
            return nil
        }
        var piece = try nextPiece(atMost: distortion.pace?.bytes ?? .max)
        if let end = distortion.end { piece = Array(piece.prefix(end.bytes - sent)) }
        guard !piece.isEmpty else { return nil }
        if let pace = distortion.pace, sent > 0 { try await Task.sleep(for: pace.interval) }
        sent += piece.count
        return piece
    }

    private mutating func nextPiece(atMost limit: Int) throws -> [UInt8] {
        switch body {
        case .bytes(let bytes): Array(bytes.dropFirst(sent).prefix(limit))
        case .file(let file): Array(try file.read(at: file.range.lowerBound + sent).prefix(limit))
        case .listing: listed(atMost: limit)
        }
    }

    private mutating func listed(atMost limit: Int) -> [UInt8] {
        if made.isEmpty { made = (cursor?.next(in: tree) ?? [])[...] }
        defer { made = made.dropFirst(limit) }
        return Array(made.prefix(limit))
    }
}

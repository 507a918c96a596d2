/// The changes that faults make to an answer's body.
struct Distortion: Sendable {
    /// Bytes after which the body ends, and whether the connection ends with it.
    var end: (bytes: Int, cuts: Bool)?
    /// True tells the length of a body that ends early as if it were whole.
    var tellsShortLength = false
    /// So many bytes at once, with a pause between them.
    var pace: (bytes: Int, interval: Duration)?

    init(_ effects: [Fault.Effect]) {
        for effect in effects {
            switch effect {
            case .cutAfterBodyBytes(let bytes): end = (bytes, true)
            case .truncateBody(let bytes): end = (bytes, false)
            case .shortenBody(let bytes):
                end = (bytes, false)
                tellsShortLength = true
            case .pace(let bytes, let interval): pace = (max(1, bytes), interval)
            default: break
            }
        }
    }

    /// The length that is told beforehand; nil sends the body in chunks.
    func length(of body: Answer.Body) -> Int? {
        let whole: Int? =
            switch body {
            case .bytes(let bytes): bytes.count
            case .file(let file): file.range.count
            case .listing: nil
            }
        guard let end, !end.cuts else { return whole }
        return tellsShortLength ? whole.map { min($0, end.bytes) } : nil
    }
}

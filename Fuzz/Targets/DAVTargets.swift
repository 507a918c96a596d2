@testable import DAV
@testable import Transcriber

/// What servers answer to WebDAV.
enum DAVTargets {
    private static let collection = CollectionURL(
        "https://cloud.example.org/remote.php/dav/files/nids/Observations%20Media")

    /// Fed in pieces, as it arrives: the first byte tells how long they are.
    static func multistatus(_ bytes: [UInt8]) {
        guard let collection, let parser = try? MultistatusParser(collection: collection), let first = bytes.first
        else {
            return
        }
        let step = Int(first) + 1
        do {
            for start in stride(from: 1, to: bytes.count, by: step) {
                _ = try parser.feed(Array(bytes[start..<min(bytes.count, start + step)]))
            }
            try parser.finish()
        } catch {
            return
        }
    }

    static func hrefs(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        if let url = CollectionURL(text), let path = RemotePath(bytes: bytes) { _ = url.url(of: path) }
        guard let path = RemotePath(bytes: bytes), let collection else { return }
        _ = collection.url(of: path, isCollection: true)
        _ = path.appending(bytes)?.relative(to: path)
        precondition(RemotePath(bytes: PercentEncoding.decode(PercentEncoding.encode(path.bytes).utf8)) == path)
    }

    static func etagsAndDates(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        if let tag = ETag(text) { precondition(tag.matches(tag)) }
        let date = Transcriber.HTTPDate(text)
        _ = Delay.retryAfter(text, answeredAt: date)
        _ = Delay.retryAfter(text, answeredAt: Transcriber.HTTPDate(secondsSince1970: 0))
        _ = Delay.protobuf(text)
        _ = Delay.inWords("try again in " + text)
    }
}

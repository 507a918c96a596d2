import Testing

@testable import DAV

/// What a multistatus says, read in pieces of that size.
func parse(
    _ text: some Collection<UInt8>, in url: String = "http://host/dav", pieces: Int = .max
) throws(XMLPushError) -> (resources: [Resource], problems: [String]) {
    guard let collection = CollectionURL(url) else { return ([], ["not a URL: \(url)"]) }
    let parser = try MultistatusParser(collection: collection)
    var resources: [Resource] = []
    var rest = Array(text)[...]
    while !rest.isEmpty {
        resources += try parser.feed(Array(rest.prefix(pieces)))
        rest = rest.dropFirst(pieces)
    }
    try parser.finish()
    return (resources, parser.failures.map(\.description))
}

/// A multistatus of those responses.
func multistatus(_ responses: String...) -> [UInt8] {
    Array(
        """
        <?xml version="1.0"?>
        <d:multistatus xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns">\(responses.joined())</d:multistatus>
        """.utf8)
}

/// A response for a file, or for a collection, with one propstat.
func response(_ href: String, _ properties: String, status: String = "HTTP/1.1 200 OK") -> String {
    """
    <d:response><d:href>\(href)</d:href><d:propstat><d:prop>\(properties)</d:prop>\
    <d:status>\(status)</d:status></d:propstat></d:response>
    """
}

let file = "<d:resourcetype/>"

public import HTTPTypes

/// A whole answer.
public struct HTTPReply: Sendable {
    /// Status and header fields.
    public var head: HTTPResponse
    /// The body; empty where it went into a file.
    public var body: [UInt8]
    /// The URL that answered, other than the one asked where a redirect was followed.
    public var url: String

    public init(head: HTTPResponse, body: [UInt8], url: String) {
        self.head = head
        self.body = body
        self.url = url
    }

    /// The status code.
    public var status: Int { head.status.code }
}

/// How long each phase of an exchange may take. There is no limit to the whole: a large scan over a slow line is fine.
public struct HTTPTimeouts: Sendable, Hashable {
    /// For the connection to be made, TLS included.
    public var connect: Duration
    /// Between the last byte sent and the first byte of the answer.
    public var firstByte: Duration
    /// Without a byte in either direction.
    public var stall: Duration

    public init(connect: Duration = .seconds(20), firstByte: Duration = .seconds(120), stall: Duration = .seconds(60)) {
        self.connect = connect
        self.firstByte = firstByte
        self.stall = stall
    }
}

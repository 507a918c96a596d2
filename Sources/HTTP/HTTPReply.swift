public import HTTPTypes

/// A whole answer.
public struct HTTPReply: Sendable {
    /// Status and header fields.
    public var head: HTTPResponse
    /// The body; empty where it went into a file.
    public var body: [UInt8]
    /// The URL that answered, other than the one asked where a redirect was followed.
    public var url: String
    /// The number of bytes of the body that were taken, also where they went into a file.
    public var bodyLength: Int

    /// A whole answer; without a length of its own, its body counts.
    public init(head: HTTPResponse, body: [UInt8], url: String, bodyLength: Int? = nil) {
        self.head = head
        self.body = body
        self.url = url
        self.bodyLength = bodyLength ?? body.count
    }

    /// The status code.
    public var status: Int { head.status.code }
}

/// The limits in time of an exchange: of each phase, and of the whole by its pace.
public struct HTTPTimeouts: Sendable, Hashable {
    /// For the connection to be made, TLS included.
    public var connect: Duration
    /// Between the last byte sent and the first byte of the answer.
    public var firstByte: Duration
    /// Without a byte in either direction.
    public var stall: Duration
    /// The pace that an exchange as a whole has to keep; `nil` for none: then a byte now and then holds it for ever.
    public var pace: HTTPPace?

    /// Limits for each phase; by default no pace is asked for.
    public init(
        connect: Duration = .seconds(20), firstByte: Duration = .seconds(120), stall: Duration = .seconds(60),
        pace: HTTPPace? = nil
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.stall = stall
        self.pace = pace
    }
}

/// Something that goes wrong with some requests.
public struct Fault: Sendable {
    /// Only requests of this method; nil is any.
    public var method: String?
    /// Only requests whose decoded path (with the query) contains this; nil is any.
    public var pathContains: String?
    /// Only requests about exactly this path of an account's files (`jpeg/lot 1`; empty is the root); nil is any.
    public var path: String?
    /// Only requests with this `Depth`; nil is any.
    public var depth: String?
    /// The first matching request that is met, counted from 1.
    public var occurrence: Int
    /// The number of matching requests met from then on; nil is all.
    public var times: Int?
    /// The way in which they go wrong.
    public var effect: Effect

    /// A fault that meets the first matching request, once, unless said otherwise.
    public init(
        method: String? = nil, pathContains: String? = nil, path: String? = nil, depth: String? = nil,
        occurrence: Int = 1, times: Int? = 1, effect: Effect
    ) {
        self.method = method
        self.pathContains = pathContains
        self.path = path
        self.depth = depth
        self.occurrence = occurrence
        self.times = times
        self.effect = effect
    }

    /// The ways in which a request goes wrong.
    public enum Effect: Sendable, Hashable {
        /// This answer instead of any effect.
        case status(Int, headers: [String: String] = [:], body: String = "")
        /// An error of Nextcloud's own instead of any effect, with its XML; the exception is the name of one of
        /// sabre/dav's (`ServiceUnavailable`).
        case davError(Int, exception: String, message: String, headers: [String: String] = [:])
        /// 401 instead of any effect, as Nextcloud words it.
        case unauthorized
        /// A proxy's own page instead of any effect: that status in HTML, without a session or anything of Nextcloud's.
        case proxyPage(Int)
        /// A login page instead of any effect: 200 and HTML, or 302 to that address.
        case loginPage(redirectingTo: String? = nil)
        /// A `PUT` is answered as if it had worked, and nothing is stored: either the path stays as it was, or an empty
        /// file is there.
        case pretendToStore(leavingEmptyFile: Bool)
        /// The request takes effect as usual after that time.
        case delay(Duration)
        /// The connection is closed before the request was looked at.
        case cutBeforeAnswer
        /// The connection is closed after that many bytes of the answer's body.
        case cutAfterBodyBytes(Int)
        /// The request takes effect, but the connection is closed without an answer.
        case loseAnswer
        /// The answer's body ends after that many bytes, with nothing in the framing to tell.
        case truncateBody(afterBytes: Int)
        /// The answer's body ends after that many bytes, and `Content-Length` names those.
        case shortenBody(toBytes: Int)
        /// The answer's body is sent in pieces of so many bytes, with that pause between them.
        case pace(bytes: Int, every: Duration)
        /// The request takes effect, and is answered with an error of Nextcloud's own all the same.
        case actAndFail(Int, exception: String)
        /// The request takes no effect and is never answered.
        case hang
        /// A 207 breaks off after that many responses and an error document follows inside, as sabre/dav does when
        /// something fails in the middle of a listing.
        case errorInsideMultistatus(afterResponses: Int)
        /// In a 207, the response at that position (the first is 0) has a status of its own and no properties.
        case failedResponse(at: Int, status: Int)
        /// In a 207, the response at that position (the first is 0) has neither href nor status.
        case emptyResponse(at: Int)
    }
}

import HTTP
import HTTPTypes

/// Requests to Google's API: the key goes into a header, never into the URL, and never into an error.
struct GeminiTransport: Sendable {
    let client: HTTPClient
    let key: APIKey
    let timeouts: HTTPTimeouts
    private let base: String

    /// - Parameter baseURL: Where the API lies, without `/v1beta`.
    init(client: HTTPClient, key: APIKey, baseURL: String, timeouts: HTTPTimeouts) {
        self.client = client
        self.key = key
        self.timeouts = timeouts
        var base = baseURL[...]
        while base.hasSuffix("/") { base = base.dropLast() }
        if base.hasSuffix("/v1beta") { base = base.dropLast("/v1beta".count) }
        self.base = String(base)
    }

    /// The URL of a resource: `models/gemini-2.5-pro:generateContent`, `files/abc`.
    func url(_ resource: String, prefix: String = "") -> String { "\(base)\(prefix)/v1beta/\(resource)" }

    /// A URL that the server named, at the host that is configured: a proxy's, where there is one.
    func atBase(_ url: String) -> String {
        guard let scheme = url.firstRange(of: "://"),
            let path = url[scheme.upperBound...].firstIndex(where: { $0 == "/" || $0 == "?" })
        else { return url }
        return base + url[path...]
    }

    /// Sends a request; whatever its status, the answer comes back.
    func reply(
        _ method: HTTPRequest.Method, _ url: String, headers: HTTPFields = [:], body: HTTPBody = .none
    ) async throws(TranscriptionError) -> HTTPReply {
        var headers = headers
        headers[Self.keyField] = key.value
        do throws(HTTPError) {
            return try await client.send(
                HTTPRequest(method, url: url, headers: headers), body: body, limit: 16 << 20, timeouts: timeouts)
        } catch {
            throw TranscriptionError(error, redacting: key)
        }
    }

    /// Sends a request that costs nothing, and reads the answer.
    func document(
        _ method: HTTPRequest.Method, _ url: String, headers: HTTPFields = [:], body: HTTPBody = .none
    ) async throws(TranscriptionError) -> (JSONValue, HTTPReply) {
        let reply = try await freeReply(method, url, headers: headers, body: body)
        guard (200..<300).contains(reply.status) else {
            throw GeminiFault(reply, redacting: key).error(formIsKnownGood: false).free
        }
        guard let document = try? JSONValue(parsing: reply.body) else {
            throw .unavailable(
                reason: "the server answered something that is not Gemini's: check the base URL", retryAfter: nil,
                mayHaveBeenBilled: false)
        }
        return (document, reply)
    }

    /// Sends a request that costs nothing; whatever its status, the answer comes back.
    func freeReply(
        _ method: HTTPRequest.Method, _ url: String, headers: HTTPFields = [:], body: HTTPBody = .none
    ) async throws(TranscriptionError) -> HTTPReply {
        do throws(TranscriptionError) {
            return try await reply(method, url, headers: headers, body: body)
        } catch {
            throw error.free
        }
    }

    /// Writes an answer's body into a file.
    ///
    /// - Returns: `false` where what was asked for is not there, or not any more.
    func download(_ url: String, to path: String, limit: Int) async throws(TranscriptionError) -> Bool {
        let reply: HTTPReply
        do throws(HTTPError) {
            reply = try await client.download(
                HTTPRequest(.get, url: url, headers: [Self.keyField: key.value]), to: path, limit: limit,
                timeouts: timeouts)
        } catch {
            throw TranscriptionError(error, redacting: key).free
        }
        if reply.status == 200 { return true }
        let fault = GeminiFault(reply, redacting: key)
        if reply.status == 404 || reply.status == 403 && fault.isAboutFile { return false }
        throw fault.error(formIsKnownGood: false).free
    }

    /// The header field for the key; a key in the URL would be written into logs.
    private static let keyField = HTTPField.Name("x-goog-api-key") ?? .authorization

    /// The id of a model within a URL.
    static func modelPath(_ model: String) -> String {
        "models/" + percentEncoded(model.hasPrefix("models/") ? String(model.dropFirst("models/".count)) : model)
    }

    static func percentEncoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            let scalar = Unicode.Scalar(byte)
            if scalar.properties.isAlphabetic && byte < 0x80 || (0x30...0x39).contains(byte)
                || "-._~".utf8.contains(byte)
            {
                result.unicodeScalars.append(scalar)
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                result += "%" + (byte < 16 ? "0" : "") + hex
            }
        }
    }
}

extension TranscriptionError {
    /// The same of a request for which nothing is billed: an upload, a look at a batch.
    var free: TranscriptionError {
        if case .unavailable(let reason, let delay, _) = self {
            return .unavailable(reason: reason, retryAfter: delay, mayHaveBeenBilled: false)
        }
        return self
    }
}

import HTTPTypes

/// Which redirects of a reading method are followed.
public enum HTTPRedirects: Sendable {
    /// All, five times at most, never from https to http; credentials stay at their origin.
    case followed
    /// Those that stay at the same scheme, host and port: a login page elsewhere is no answer.
    case withinOrigin
}

extension HTTPClient {
    private static let redirectsFollowed = 5

    /// The fields that prove to a server who we are: never carried to another origin.
    private static let credentialFields: [HTTPField.Name] =
        [.authorization, .cookie, .proxyAuthorization]
        + ["x-goog-api-key", "api-key", "x-api-key"].compactMap { HTTPField.Name($0) }

    /// Sends a request, and again where a redirect points, when its method only reads.
    func following(
        _ request: HTTPRequest, _ redirects: HTTPRedirects,
        exchange: (HTTPRequest) async throws(HTTPError) -> HTTPReply
    ) async throws(HTTPError) -> HTTPReply {
        var request = request
        for _ in 0...Self.redirectsFollowed {
            let reply = try await exchange(request)
            guard [301, 302, 303, 307, 308].contains(reply.status), let location = reply.head.headerFields[.location]
            else { return reply }
            guard let next = Self.redirected(request, to: location),
                redirects == .followed || next.origin == request.origin
            else {
                throw .redirect(status: reply.status, location: URLReference.printable(location))
            }
            request = next
        }
        throw .redirect(status: 310, location: URLReference.printable(request.urlText))
    }

    static func redirected(_ request: HTTPRequest, to location: String) -> HTTPRequest? {
        let readingMethods: [HTTPRequest.Method] = [.get, .head, .options] + ["PROPFIND"].compactMap { .init($0) }
        guard readingMethods.contains(request.method) else { return nil }
        let url = URLReference.resolve(location, against: request)
        guard var next = try? HTTPRequest(request.method, url: url, headers: request.headerFields) else { return nil }
        if request.scheme == "https", next.scheme != "https" { return nil }
        if next.origin != request.origin {
            for field in Self.credentialFields { next.headerFields[field] = nil }
        }
        return next
    }
}

public import HTTP
import HTTPTypes

/// Finds out what kind of server a URL leads to, and where this login's files are on it.
///
/// Nothing is concluded from an answer that somebody else may have given: a Nextcloud is known by its status page or by
/// the principal that its WebDAV names, plain WebDAV by a multistatus for the root alone. Anything else is an error that
/// says who answered, and is to be asked again.
public struct ServerProbe: Sendable {
    /// The kind of server and the place of the files; worth remembering where `doubt` is `nil`.
    public struct Finding: Sendable, Hashable, Codable {
        /// True for a Nextcloud, or an ownCloud.
        public var isNextcloud: Bool
        /// The URL of the collection that holds this login's files.
        public var filesURL: String
        /// The server's version, as it says it.
        public var version: String?
        /// The reason to use the finding now and not to remember it, in words; `nil` when it is final.
        public var doubt: String?

        /// A finding.
        public init(isNextcloud: Bool, filesURL: String, version: String? = nil, doubt: String? = nil) {
            self.isNextcloud = isNextcloud
            self.filesURL = filesURL
            self.version = version
            self.doubt = doubt
        }
    }

    let http: HTTPClient

    /// A probe that uses those connections.
    public init(http: HTTPClient) { self.http = http }

    /// Asks `status.php` and, of a Nextcloud, the user's id, which its paths use and which may differ from the login.
    ///
    /// Where `status.php` gives no clear answer (a proxy may block it), the server's WebDAV is asked: first as a
    /// Nextcloud's, then as a plain one, for the root.
    /// - Parameters:
    ///   - url: the address in the settings: Nextcloud's own, one of its pages, its WebDAV, or a plain collection.
    ///   - credentials: the login.
    ///   - root: the folder below the files that has to answer before a server counts as plain WebDAV.
    /// - Throws: `DAVError`: nobody there, maintenance mode, login refused, or somebody else answered; the last is
    ///   retryable, and its `detail` says what answered.
    public func probe(
        _ url: String, credentials: Credentials, root: RemotePath = .root
    ) async throws(DAVError) -> Finding {
        var unclear: [StatusPage] = []
        let bases = Self.bases(of: url)
        for base in bases {
            let page = try await statusPage(of: base)
            if page.isNextcloud { return try await nextcloud(page, credentials) }
            unclear.append(page)
        }
        for page in unclear {
            if let finding = try await blockedNextcloud(page, credentials) { return finding }
        }
        guard let page = unclear.last else { throw Self.noURL(url) }
        return try await plain(url, page, credentials, root)
    }

    private func nextcloud(_ page: StatusPage, _ credentials: Credentials) async throws(DAVError) -> Finding {
        if page.isInMaintenance {
            throw DAVError(
                .maintenance, path: page.home, status: page.status,
                detail: "Nextcloud is in maintenance mode: we come back later", answerer: .nextcloud)
        }
        let id = try await userID(home: page.home, credentials: credentials)
        return Finding(
            isNextcloud: true, filesURL: Self.filesURL(home: page.home, id), version: page.version,
            doubt: page.disturbance)
    }

    static func filesURL(home: String, _ id: String) -> String {
        "\(home)/remote.php/dav/files/\(PercentEncoding.encode(id.utf8))"
    }

    private static func noURL(_ url: String) -> DAVError {
        DAVError(
            .transport(.invalidRequest(reason: "not an absolute URL")), path: URLReference.printable(url),
            detail: "not an absolute URL")
    }

    /// The addresses at which the Nextcloud itself may be, the likeliest first, where somebody gave that of its WebDAV
    /// or of one of its pages.
    ///
    /// `remote.php` and `index.php` are files of Nextcloud; `apps` and `login` are pages of it, or the folders of the
    /// host in which it lies.
    static func bases(of url: String) -> [String] {
        let plain = url.prefix { $0 != "?" && $0 != "#" }
        guard let scheme = plain.firstRange(of: "://") else { return [String(plain)] }
        let slash = plain[scheme.upperBound...].firstIndex(of: "/") ?? plain.endIndex
        var segments = plain[slash...].split(separator: "/", omittingEmptySubsequences: false)
        for name in ["remote.php", "index.php"] {
            if let index = segments.firstIndex(where: { $0 == name }) { segments.removeSubrange(index...) }
        }
        while segments.last?.isEmpty == true { segments.removeLast() }
        var bases = [segments]
        for index in segments.indices.reversed() where ["apps", "login"].contains(segments[index]) {
            bases.append(Array(segments[..<index]))
        }
        return bases.map { segments in
            var kept = segments
            while kept.last?.isEmpty == true { kept.removeLast() }
            return plain[..<slash] + kept.joined(separator: "/")
        }
    }
}

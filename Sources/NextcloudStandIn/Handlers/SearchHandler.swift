import Synchronization

/// Answers `SEARCH` (RFC 5323) for file ids, the one search that finds a file wherever somebody has it.
struct SearchHandler {
    let tree: SharedTree

    private struct Query {
        var ids: [Int]
        var properties: [Property]
        /// Whose files are searched.
        var user: String
    }

    /// Nextcloud's bound on comparisons joined by `or`.
    private static let operatorLimit = 100

    /// The files with the ids asked for; none that is absent, and no word about it.
    ///
    /// - Throws: ``DAVError``: 400 for another search, 500 for other people's files or more than 100 ids.
    func answer(_ request: Request, account: Account) async throws -> Answer {
        let query = try Self.query(in: try await request.body.text())
        guard query.user == account.userID, query.ids.count <= Self.operatorLimit else {
            throw DAVError.sabre(500, "ServiceUnavailable", "The search cannot be done")
        }
        let listing = Listing(
            prefix: "/remote.php/dav/files/" + Href.encoded(account.userID), names: [], start: 0, depth: .zero,
            properties: query.properties, omitsMissing: true, account: account)
        let responses = tree.mutex.withLock { tree in
            var writer = ResponseWriter(listing)
            var bytes: [UInt8] = []
            for id in query.ids {
                guard let node = tree.byID[id], let names = tree.names(of: node, for: account.userID) else { continue }
                let href = ([listing.prefix] + names.map(Href.encoded)).joined(separator: "/")
                writer.write(
                    node, href: Array((node.isCollection ? href + "/" : href).utf8),
                    .init(longID: tree.longID(of: node), letters: tree.letters(of: node, for: account.userID)),
                    into: &bytes)
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        return Answer(
            207, [("Content-Type", "application/xml; charset=\"utf-8\"")],
            body: .bytes(Multistatus.document(responses)))
    }

    private static func query(in body: [UInt8]) throws(DAVError) -> Query {
        let root: XMLElement
        do { root = try SmallXMLReader.read(body) } catch { throw .sabre(400, "BadRequest", error.reason) }
        guard root.name == "searchrequest", let search = root.first("DAV:", "basicsearch"),
            let href = search.first("DAV:", "from")?.first("DAV:", "scope")?.first("DAV:", "href")?.text,
            let names = PathRules.names(of: PercentEncoding.decoded(href) ?? ""), names.first == "files",
            names.count == 2, let condition = search.first("DAV:", "where")?.children.first
        else { throw .sabre(400, "BadRequest", "Not a search that is known here") }
        let comparisons = condition.name == "or" ? condition.children : [condition]
        let ids = comparisons.compactMap { comparison -> Int? in
            guard comparison.name == "eq",
                comparison.first("DAV:", "prop")?.first("http://owncloud.org/ns", "fileid") != nil
            else { return nil }
            return comparison.first("DAV:", "literal").flatMap { Int($0.text) }
        }
        guard ids.count == comparisons.count else { throw .sabre(400, "BadRequest", "Only oc:fileid is known here") }
        let properties = search.first("DAV:", "select")?.first("DAV:", "prop")?.children ?? []
        return Query(
            ids: ids, properties: properties.map { Property(namespace: $0.namespace, name: $0.name) }, user: names[1])
    }
}

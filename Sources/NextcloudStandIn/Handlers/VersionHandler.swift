import Synchronization

/// Answers `PROPFIND` below `/remote.php/dav/versions/<user>/versions/<file id>`: who wrote a file, and when.
struct VersionHandler {
    let tree: SharedTree

    /// The contents that a file has had, the present one too, by the times of their last change.
    ///
    /// - Throws: ``DAVError``: 403 for another's versions, 404, 405.
    func answer(_ request: Request, account: Account) async throws -> Answer {
        let parts = PathRules.names(of: PercentEncoding.decoded(request.rawPath) ?? "") ?? []
        guard parts.count == 6, parts[4] == "versions", let id = Int(parts[5]) else {
            throw DAVError.sabre(404, "NotFound", "No such versions")
        }
        guard parts[3] == account.userID else { throw DAVError.sabre(403, "Forbidden", "") }
        guard request.method == "PROPFIND" else { throw DAVError.sabre(405, "MethodNotAllowed", "Not on versions") }
        let body = try PropfindBody(try await request.body.text())
        let (name, versions) = try tree.mutex.withLock { tree in
            guard let node = tree.byID[id], !node.isCollection, tree.names(of: node, for: account.userID) != nil else {
                throw DAVError.sabre(404, "NotFound", "No file \(id)")
            }
            let present = FileVersion(seconds: node.modifiedSeconds, size: node.size, author: node.author)
            return (node.name, (node.versions + [present]).sorted { $0.seconds < $1.seconds })
        }
        let href = "/remote.php/dav/versions/\(Href.encoded(account.userID))/versions/\(id)/"
        var responses = [Multistatus.response(href, body.properties.map { ($0, nil) })]
        if request["Depth"] != "0" {
            responses += versions.map { version in
                let values = body.properties.map { ($0, Self.value(of: $0.name, version, name)) }
                return Multistatus.response(href + String(version.seconds), values)
            }
        }
        return .xml(207, Multistatus.document(responses.joined()))
    }

    private static func value(of property: String, _ version: FileVersion, _ name: String) -> String? {
        switch property {
        case "getcontentlength": String(version.size)
        case "getlastmodified": HTTPDate.string(seconds: version.seconds)
        case "getetag": String(version.seconds)
        case "getcontenttype": MediaType.of(name)
        case "version-author": version.author.map { XMLText.escaped($0) }
        case "has-preview": "false"
        default: nil
        }
    }
}

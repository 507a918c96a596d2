import Foundation
import Synchronization

/// Tags (Nextcloud's systemtags): made, listed, put on files and taken off.
struct TagHandler {
    let tree: SharedTree

    /// Everything below `/remote.php/dav/systemtags` and `/remote.php/dav/systemtags-relations`.
    ///
    /// - Throws: ``DAVError``: 400, 404, 405, 409; ``StandInError`` of the disk.
    func answer(_ request: Request) async throws -> Answer {
        let parts = request.rawPath.split(separator: "/").dropFirst(2).map(String.init)
        switch (parts.first, request.method) {
        case ("systemtags", "POST"): return try makeTag(try await request.body.text())
        case ("systemtags", "PROPFIND"):
            let body = try PropfindBody(try await request.body.text())
            let known = tree.mutex.withLock { $0.tags }
            let own = [Multistatus.response("/remote.php/dav/systemtags/", body.properties.map { ($0, nil) })]
            return Self.listing(own, known, body.properties) { "/remote.php/dav/systemtags/\($0)/" }
        case ("systemtags-relations", _): return try await relations(request, Array(parts.dropFirst()))
        default: throw DAVError.sabre(405, "MethodNotAllowed", "Not on tags")
        }
    }

    private func makeTag(_ body: [UInt8]) throws -> Answer {
        struct NewTag: Decodable { var name: String }
        guard let name = try? JSONDecoder().decode(NewTag.self, from: Data(body)).name else {
            throw DAVError.sabre(400, "BadRequest", "Missing \"name\" attribute")
        }
        return try tree.mutex.withLock { tree in
            if tree.tags.values.contains(name) { throw DAVError.sabre(409, "Conflict", "Tag already exists") }
            let id = (tree.tags.keys.max() ?? 0) + 1
            tree.tags[id] = name
            tree.append(.tag(id: id, name: name))
            try tree.commit()
            return .empty(201, [("Content-Location", "/remote.php/dav/systemtags/\(id)")])
        }
    }

    /// `files/<file id>` and `files/<file id>/<tag id>`.
    private func relations(_ request: Request, _ parts: [String]) async throws -> Answer {
        guard parts.count >= 2, parts[0] == "files", let file = Int(parts[1]) else {
            throw DAVError.sabre(404, "NotFound", "No such relation")
        }
        let tag = parts.count > 2 ? Int(parts[2]) : nil
        let body = request.method == "PROPFIND" ? try PropfindBody(try await request.body.text()) : nil
        return try tree.mutex.withLock { tree in
            guard tree.byID[file] != nil else { throw DAVError.sabre(404, "NotFound", "No file \(file)") }
            let set = tree.tagged[file] ?? []
            switch (request.method, tag) {
            case ("PUT", .some(let tag)):
                guard tree.tags[tag] != nil else { throw DAVError.sabre(404, "NotFound", "No tag \(tag)") }
                if set.contains(tag) {
                    throw DAVError.sabre(409, "Conflict", "PUT is not allowed on non-files.")
                }
                tree.tagged[file, default: []].insert(tag)
                tree.append(.tagged(tag: tag, file: file, on: true))
                try tree.commit()
                return .empty(201)
            case ("DELETE", .some(let tag)):
                guard set.contains(tag) else { throw DAVError.sabre(404, "NotFound", "Tag \(tag) is not set") }
                tree.tagged[file]?.remove(tag)
                tree.append(.tagged(tag: tag, file: file, on: false))
                try tree.commit()
                return .empty(204)
            default:
                guard let body else { throw DAVError.sabre(405, "MethodNotAllowed", "Not on relations") }
                let href = "/remote.php/dav/systemtags-relations/files/\(file)/"
                let own = [Multistatus.response(href, body.properties.map { ($0, nil) })]
                return Self.listing(own, tree.tags.filter { set.contains($0.key) }, body.properties) { href + "\($0)" }
            }
        }
    }

    private static func listing(
        _ own: [String], _ tags: [Int: String], _ properties: [Property], href: (Int) -> String
    ) -> Answer {
        let responses = tags.sorted { $0.value < $1.value }.map { id, name in
            let values = properties.map { property -> (property: Property, value: String?) in
                switch property.name {
                case "id": (property, String(id))
                case "display-name": (property, XMLText.escaped(name))
                case "user-visible", "user-assignable", "can-assign": (property, "true")
                default: (property, nil)
                }
            }
            return Multistatus.response(href(id), values)
        }
        return .xml(207, Multistatus.document((own + responses).joined()))
    }
}

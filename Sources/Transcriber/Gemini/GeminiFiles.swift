import Foundation
import HTTP
import HTTPTypes

/// Google's Files API: files are kept for 48 hours, 2 GB each and 20 GB for a project at most
/// (https://ai.google.dev/gemini-api/docs/files). They are sent straight from the disk.
struct GeminiFiles: Sendable {
    /// Google's limit for a file.
    static let sizeLimit = 2_000_000_000
    /// A file that is not looked through after so long is not waited for.
    private static let longestProcessing = Duration.seconds(120)

    let transport: GeminiTransport
    /// Between two looks at a file that is being looked through.
    var pollInterval = Duration.seconds(1)

    /// A file at Google's.
    struct File: Sendable, Hashable {
        /// `files/abc`.
        var name: String
        var uri: String
        var state: String?

        init?(_ document: JSONValue?) {
            guard let name = document?["name"]?.string, let uri = document?["uri"]?.string, name.hasPrefix("files/")
            else { return nil }
            self.name = name
            self.uri = uri
            state = document?["state"]?.string
        }
    }

    /// Uploads a file in one piece of a resumable upload, and waits until it can be used.
    func upload(
        _ path: String, size: Int, type: String, displayName: String
    ) async throws(TranscriptionError) -> File {
        let metadata: JSONValue = ["file": ["display_name": .string(displayName)]]
        let (_, reply) = try await transport.document(
            .post, transport.url("files", prefix: "/upload"),
            headers: Self.fields([
                ("Protocol", "resumable"), ("Command", "start"), ("Header-Content-Length", String(size)),
                ("Header-Content-Type", type),
            ]), body: .text(metadata.serialized(.canonical)))
        guard let url = Self.name("URL").flatMap({ reply.head.headerFields[$0] }) else {
            throw .unavailable(
                reason: "Gemini named no place for the upload", retryAfter: nil, mayHaveBeenBilled: false)
        }
        let (document, _) = try await transport.document(
            .post, transport.atBase(url), headers: Self.fields([("Command", "upload, finalize"), ("Offset", "0")]),
            body: .file(path: path))
        guard let file = File(document["file"]) else {
            throw .unavailable(reason: "Gemini did not take the upload", retryAfter: nil, mayHaveBeenBilled: false)
        }
        return try await whenActive(file)
    }

    /// Deletes a file; that it is gone already is fine.
    func delete(_ name: String) async throws(TranscriptionError) {
        let reply = try await transport.freeReply(.delete, transport.url(name))
        guard (200..<300).contains(reply.status) || reply.status == 404 || reply.status == 403 else {
            throw GeminiFault(reply, redacting: transport.key).error(formIsKnownGood: false).free
        }
    }

    private func whenActive(_ file: File) async throws(TranscriptionError) -> File {
        var file = file
        var waited = Duration.zero
        while file.state == "PROCESSING", waited < Self.longestProcessing {
            do { try await Task.sleep(for: pollInterval) } catch { throw .cancelled }
            waited += pollInterval
            let (document, _) = try await transport.document(.get, transport.url(file.name))
            file = File(document) ?? file
        }
        switch file.state {
        case nil, "ACTIVE", "STATE_UNSPECIFIED": return file
        case "FAILED":
            throw .unreadable(reason: "Gemini could not process the uploaded file")
        default:
            throw .unavailable(
                reason: "Gemini is still processing the uploaded file", retryAfter: nil, mayHaveBeenBilled: false)
        }
    }

    private static func name(_ field: String) -> HTTPField.Name? { HTTPField.Name("X-Goog-Upload-" + field) }

    private static func fields(_ list: [(String, String)]) -> HTTPFields {
        var fields: HTTPFields = [.contentType: "application/json"]
        for (field, value) in list {
            if let name = name(field) { fields[name] = value }
        }
        return fields
    }
}

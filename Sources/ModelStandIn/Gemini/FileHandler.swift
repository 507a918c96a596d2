import Crypto
import FlyingFox
import Foundation

/// The Files API (https://ai.google.dev/api/files): resumable uploads, and files kept for 48 hours.
struct FileHandler {
    let state: StandInState
    let configuration: StandInConfiguration

    private static let uploadURL = HTTPHeader("X-Goog-Upload-URL")
    private static let uploadStatus = HTTPHeader("X-Goog-Upload-Status")

    /// Begins an upload.
    ///
    /// - Throws: ``GoogleFault``, or what the disk throws.
    func startUpload(_ request: HTTPRequest, _ body: [UInt8]) throws -> HTTPResponse {
        func header(_ name: String) -> String? { request[header: "X-Goog-Upload-" + name] }
        guard header("Protocol")?.lowercased() == "resumable", header("Command")?.lowercased() == "start" else {
            throw GoogleFault.invalidArgument("Only resumable uploads are known here.")
        }
        let document = LeanJSON(body)?.root as? [String: Any] ?? [:]
        let file = document["file"] as? [String: Any] ?? [:]
        let size = header("Header-Content-Length").flatMap { Int($0) }
        if let size, size > 2 << 30 { throw GoogleFault.invalidArgument("File size exceeds the limit of 2 GB.") }
        let id = state.files.begin(
            Upload(
                name: file["name"] as? String ?? "files/" + state.files.newID(),
                displayName: (file["displayName"] ?? file["display_name"]) as? String,
                mimeType: header("Header-Content-Type") ?? (file["mimeType"] ?? file["mime_type"]) as? String ?? "",
                announced: size, path: try state.files.newPath()))
        var response = try HTTPResponse.json([:])
        response.headers[Self.uploadURL] =
            "\(state.baseURL)/upload/v1beta/files?upload_id=\(id)&upload_protocol=resumable"
        response.headers[Self.uploadStatus] = "active"
        return response
    }

    /// Takes a piece of an upload, the last one too.
    ///
    /// - Throws: ``GoogleFault``, or what the connection or the disk throws.
    func continueUpload(_ id: String, _ request: HTTPRequest) async throws -> HTTPResponse {
        let command = request[header: "X-Goog-Upload-Command"]?.lowercased() ?? ""
        guard var upload = state.files.upload(id) else {
            try await request.drain()
            throw GoogleFault.notFound("Upload has been terminated or never was.")
        }
        if command.contains("upload") {
            let offset = request[header: "X-Goog-Upload-Offset"].flatMap { Int($0) } ?? 0
            guard offset == upload.received else {
                try await request.drain()
                throw GoogleFault.invalidArgument("The offset is \(upload.received), not \(offset).")
            }
            if !FileManager.default.fileExists(atPath: upload.path) {
                _ = FileManager.default.createFile(atPath: upload.path, contents: nil)
            }
            let handle = try FileHandle(forWritingTo: URL(filePath: upload.path))
            defer { try? handle.close() }
            try handle.seekToEnd()
            for try await chunk in request.bodySequence {
                upload.take(chunk)
                try handle.write(contentsOf: chunk)
            }
            state.files.update(id, upload)
        } else {
            try await request.drain()
        }
        guard command.contains("finalize") else {
            var response = try HTTPResponse.json([:])
            response.headers[Self.uploadStatus] = "active"
            response.headers[HTTPHeader("X-Goog-Upload-Size-Received")] = String(upload.received)
            return response
        }
        if let announced = upload.announced, announced != upload.received {
            throw GoogleFault.invalidArgument("\(upload.received) bytes came, \(announced) were announced.")
        }
        state.files.update(id, nil)
        let now = configuration.clock()
        let file = StoredFile(
            name: upload.name, displayName: upload.displayName, mimeType: upload.mimeType, size: upload.received,
            sha256: Blob.hex(upload.hash.finalize()), head: upload.head, path: upload.path, created: now,
            ready: now.addingTimeInterval(configuration.fileProcessing))
        state.files.add(file)
        var response = try HTTPResponse.json(["file": file.document(baseURL: state.baseURL, now: now)])
        response.headers[Self.uploadStatus] = "final"
        return response
    }

    /// Everything else about state.files.
    ///
    /// - Throws: ``GoogleFault``, or what the disk throws.
    func answer(_ route: Route) throws -> HTTPResponse {
        let now = configuration.clock()
        switch route {
        case .file(let name):
            guard let file = state.files.file(name, at: now) else { throw GoogleFault.noSuchFile(name) }
            return try .json(file.document(baseURL: state.baseURL, now: now))
        case .deleteFile(let name):
            guard state.files.delete(name) else { throw GoogleFault.noSuchFile(name) }
            return try .json([:])
        case .download(let name):
            guard let file = state.files.file(name, at: now) else { throw GoogleFault.noSuchFile(name) }
            guard file.isGenerated else {
                throw GoogleFault.invalidArgument("Only generated files can be downloaded.")
            }
            return HTTPResponse(
                statusCode: .ok, headers: [.contentType: "application/jsonl"],
                body: try HTTPBodySequence(file: URL(filePath: file.path), suggestedBufferSize: 64 << 10))
        default:
            return try .json(["files": state.files.all(at: now).map { $0.document(baseURL: state.baseURL, now: now) }])
        }
    }
}

import Foundation

/// A file of the Files API (https://ai.google.dev/api/files#File).
struct StoredFile: Sendable {
    var name: String
    var displayName: String?
    var mimeType: String
    var size: Int
    /// In hexadecimal.
    var sha256: String
    var head: [UInt8]
    var path: String
    var created: Date
    /// When it has been looked through.
    var ready: Date
    /// Kept 48 hours.
    var expires: Date { created.addingTimeInterval(48 * 3600) }
    var isGenerated = false

    func isReady(at now: Date) -> Bool { ready <= now }

    func document(baseURL: String, now: Date) -> [String: any Sendable] {
        var document: [String: any Sendable] = [
            "name": name, "mimeType": mimeType, "sizeBytes": String(size), "createTime": Timestamp.text(created),
            "updateTime": Timestamp.text(created), "expirationTime": Timestamp.text(expires),
            "sha256Hash": Data(sha256.utf8).base64EncodedString(), "uri": "\(baseURL)/v1beta/\(name)",
            "state": isReady(at: now) ? "ACTIVE" : "PROCESSING", "source": isGenerated ? "GENERATED" : "UPLOADED",
        ]
        if let displayName { document["displayName"] = displayName }
        if isGenerated { document["downloadUri"] = "\(baseURL)/v1beta/\(name):download?alt=media" }
        return document
    }
}

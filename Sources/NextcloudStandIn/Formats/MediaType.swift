/// Media types by the endings of names, as Nextcloud has them.
enum MediaType {
    private static let types = [
        "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
        "tif": "image/tiff", "tiff": "image/tiff", "heic": "image/heic", "bmp": "image/bmp", "svg": "image/svg+xml",
        "pdf": "application/pdf", "json": "application/json", "xml": "application/xml", "zip": "application/zip",
        "txt": "text/plain", "md": "text/markdown", "csv": "text/csv", "html": "text/html",
    ]

    static func of(_ name: String) -> String {
        guard let dot = name.lastIndex(of: ".") else { return "application/octet-stream" }
        return types[name[name.index(after: dot)...].lowercased()] ?? "application/octet-stream"
    }
}

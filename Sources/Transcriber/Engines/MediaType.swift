/// The kinds of scans that are read, told from a file's first bytes: names lie.
public enum MediaType: String, Sendable, Hashable, CaseIterable {
    case jpeg = "image/jpeg"
    case png = "image/png"
    case tiff = "image/tiff"
    case webp = "image/webp"
    case heic = "image/heic"
    case avif = "image/avif"
    case jp2 = "image/jp2"
    case gif = "image/gif"
    case bmp = "image/bmp"
    case pdf = "application/pdf"

    /// The endings of the names under which scans come, in lower case.
    ///
    /// They only say which files are looked at; what a file is, its bytes say.
    public static let fileNameExtensions: Set<String> = [
        "jpg", "jpeg", "jpe", "jfif", "mpo", "png", "tif", "tiff", "webp", "heic", "heif", "avif", "jp2", "j2k", "jpx",
        "gif", "bmp", "pdf",
    ]

    /// The number of a file's first bytes that `init(sniffing:)` looks at.
    public static let sniffLength = 1024

    /// The type that a file's first bytes show, `nil` when it is none of ours.
    public init?(sniffing bytes: some Collection<UInt8>) {
        let head = Array(bytes.prefix(Self.sniffLength))
        func has(_ text: String, at offset: Int = 0) -> Bool {
            head.dropFirst(offset).starts(with: text.utf8)
        }
        if head.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if Self.tiffMarks.contains(where: head.starts) {
            self = .tiff
        } else if has("RIFF"), has("WEBP", at: 8) {
            self = .webp
        } else if has("ftyp", at: 4), ["avif", "avis"].contains(where: { has($0, at: 8) }) {
            self = .avif
        } else if has("ftyp", at: 4), Self.heifBrands.contains(where: { has($0, at: 8) }) {
            // The brand of all such pictures may stand first, and what they are coded with behind it.
            self = Self.names(brand: "avif", in: head) ? .avif : .heic
        } else if has("jP  ", at: 4) || head.starts(with: [0xFF, 0x4F, 0xFF, 0x51]) {
            self = .jp2
        } else if has("GIF87a") || has("GIF89a") {
            self = .gif
        } else if has("BM"), Self.isBitmap(head) {
            self = .bmp
        } else if Self.holdsPDFHeader(head) {
            self = .pdf
        } else {
            return nil
        }
    }

    /// Little and big end first, and both of BigTIFF.
    private static let tiffMarks: [[UInt8]] = [
        [0x49, 0x49, 0x2A, 0x00], [0x4D, 0x4D, 0x00, 0x2A], [0x49, 0x49, 0x2B, 0x00], [0x4D, 0x4D, 0x00, 0x2B],
    ]
    private static let heifBrands = ["heic", "heix", "heim", "heis", "mif1", "msf1", "hevc", "hevx"]

    /// True when the list of brands behind the first one has it.
    private static func names(brand: String, in head: [UInt8]) -> Bool {
        guard head.count >= 16 else { return false }
        let length = min(head.count, Int(head[2]) << 8 | Int(head[3]))
        return stride(from: 16, to: max(16, length - 3), by: 4).contains { head[$0...].starts(with: brand.utf8) }
    }

    /// Two letters begin many files: the length of a known header follows in a bitmap.
    private static func isBitmap(_ head: [UInt8]) -> Bool {
        head.count > 17 && [12, 40, 52, 56, 64, 108, 124].contains(head[14]) && head[15...17].allSatisfy { $0 == 0 }
    }

    /// Readers accept a PDF's header anywhere in the first 1,024 bytes (ISO 32000-1, annex H.3.4.1).
    private static func holdsPDFHeader(_ head: [UInt8]) -> Bool {
        let mark = Array("%PDF-".utf8)
        return head.indices.contains { head[$0...].starts(with: mark) }
    }
}

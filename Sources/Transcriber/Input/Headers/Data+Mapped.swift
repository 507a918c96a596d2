import Foundation

extension Data {
    /// A file's bytes, read only where they are looked at: a header costs the same in a picture of any size.
    ///
    /// The file must not become shorter meanwhile; those here lie in folders of our own.
    static func mapped(_ path: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    }
}

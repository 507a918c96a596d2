import DAV
import Transcriber

/// Tells files that are scans to work on from others, and why those are none.
struct ScanRules: Sendable {
    private static let extensions = Set(MediaType.fileNameExtensions.map { Array($0.utf8) })
    private static let unfinished = Set(["part", "tmp", "crdownload", "filepart"].map { Array($0.utf8) })

    private let include: [Glob]
    private let exclude: [Glob]
    private let maximumSize: Int
    let variants: VariantFolders

    init(_ settings: Settings.Nextcloud) {
        include = settings.include.map(Glob.init)
        exclude = settings.exclude.map(Glob.init)
        maximumSize = settings.maximumScanSize
        variants = VariantFolders(settings.variants)
    }

    /// The scan that a file is, with the reason if it is left out; `nil` for a file that is none of our business.
    func scan(_ resource: Resource) -> FoundScan? {
        let name = resource.path.name
        let isScan = Self.extensions.contains(Self.pathExtension(name))
        let isIncluded = include.contains { $0.matches(resource.path.bytes) }
        guard isScan || isIncluded else { return nil }
        if resource.path.isInside(ResultNames.folder) {
            guard isScan else { return nil }
            return FoundScan(
                resource: resource, name: PageName(stem: PageName.stem(of: name)), leftOut: ScanTable.amongResults)
        }
        return FoundScan(
            resource: resource, name: PageName(stem: PageName.stem(of: name)),
            leftOut: reason(resource, name, isScan: isScan, isIncluded: isIncluded),
            family: variants.family(of: resource.path.parent ?? .root))
    }

    private func reason(_ resource: Resource, _ name: ArraySlice<UInt8>, isScan: Bool, isIncluded: Bool) -> String? {
        if name.first == UInt8(ascii: ".") { return "hidden file" }
        if Self.unfinished.contains(Self.pathExtension(name)) {
            return "upload not finished"
        }
        if !isIncluded { return "outside nextcloud.include" }
        if exclude.contains(where: { $0.matches(resource.path.bytes) }) { return "matched by nextcloud.exclude" }
        if !isScan { return "not a scan, by its name" }
        guard let length = resource.length else { return nil }
        if length == 0 { return "empty file (0 bytes)" }
        if length > maximumSize { return "larger than nextcloud.max_scan_size" }
        return nil
    }

    private static func pathExtension(_ name: ArraySlice<UInt8>) -> [UInt8] {
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return [] }
        return name[(dot + 1)...].map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }
}

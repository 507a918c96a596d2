import DAV
import Testing

@testable import NidsSync

@Suite("Folders of preparations")
struct VariantFoldersTests {
    private let variants = VariantFolders(["FUSION_FULL", "binarisation", "Numérisé"])

    private func place(_ path: String) -> VariantFolders.Place? { variants.place(of: .sample(path)) }

    @Test(
        "are told by their names in any case and normal form",
        arguments: [
            "jpeg/FUSION_FULL", "jpeg/fusion_full", "jpeg/BINARISATION", "jpeg/NUMÉRISÉ", "jpeg/nume\u{301}rise\u{301}",
        ])
    func names(path: String) throws {
        #expect(try #require(place(path)).family == place("jpeg/FUSION_FULL")?.family)
    }

    @Test(
        "are none where no name is listed, whatever looks like one",
        arguments: ["", "jpeg", "jpeg/FUSION_FULL_2", "x/blur"])
    func others(path: String) {
        #expect(place(path) == nil)
        #expect(variants.family(of: .sample(path)) == Array(path.utf8))
    }

    @Test("belong together where they differ in one name alone")
    func differences() throws {
        func areOne(_ one: String, _ other: String) throws -> Bool {
            let (one, other) = (try #require(place(one)), try #require(place(other)))
            return one.family == other.family && one.isVariant(of: other)
        }
        #expect(try areOne("a/FUSION_FULL/b", "a/binarisation/b"))
        #expect(try areOne("a/FUSION_FULL/e\u{301}", "a/fusion_full/\u{E9}"))
        #expect(try areOne("FUSION_FULL/x/binarisation", "FUSION_FULL/x/numérisé"))
        #expect(try !areOne("FUSION_FULL/x/binarisation", "binarisation/x/FUSION_FULL"))
        #expect(try !areOne("a/FUSION_FULL/b", "a/binarisation/c"))
        #expect(try !areOne("a/FUSION_FULL", "A/binarisation"))
        #expect(try !areOne("FUSION_FULL", "FUSION_FULL/FUSION_FULL"))
    }

    @Test("a name that is not UTF-8 is a folder as any other")
    func bytes() throws {
        let folder = try #require(RemotePath(bytes: Array("jpeg/FUSION_FULL/".utf8) + [0xE9]))
        #expect(variants.place(of: folder)?.family.last == 0xE9)
    }
}

import DAV
import Testing

@Suite("Remote paths")
struct RemotePathTests {
    @Test("two Unicode spellings of one name are two paths")
    func spellings() throws {
        let composed = try #require(RemotePath("\u{E9}t\u{E9}.jpg"))
        let decomposed = try #require(RemotePath("e\u{301}te\u{301}.jpg"))
        #expect(composed.description == decomposed.description)
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect((composed < decomposed) != (decomposed < composed))
    }

    @Test(
        "slashes at either end are dropped",
        arguments: [
            ("a", "a"), ("/a/", "a"), ("//a//", "a"), ("a/b", "a/b"), ("/", ""), ("", ""), ("...", "..."),
            (".a/..b", ".a/..b"),
            (" / ", " / "),
        ])
    func trimming(text: String, path: String) throws {
        #expect(try #require(RemotePath(text)).bytes == Array(path.utf8))
    }

    @Test(
        "what could lead elsewhere is no path",
        arguments: [
            "..", ".", "../a", "a/..", "a/../b", "a/./b", "a//b", "/../", "a\0", "\0", "a/\0/b", "a/b/..",
        ])
    func refused(text: String) { #expect(RemotePath(text) == nil) }

    @Test("bytes that are no UTF-8 are kept")
    func invalidUTF8() throws {
        let bytes: [UInt8] = [0x66, 0xE9, 0x2F, 0xFF, 0xC3]
        let path = try #require(RemotePath(bytes: bytes))
        #expect(path.bytes == bytes)
        #expect(path.name == [0xFF, 0xC3])
        #expect(path.description == "f\u{FFFD}/\u{FFFD}\u{FFFD}")
    }

    @Test("a path knows its name, its parent and its segments")
    func parts() throws {
        let path = try #require(RemotePath("a/b/c.jpg"))
        #expect(path.name.elementsEqual("c.jpg".utf8))
        #expect(path.parent == RemotePath("a/b"))
        #expect(path.segments.map { String(decoding: $0, as: UTF8.self) } == ["a", "b", "c.jpg"])
        #expect(RemotePath("a")?.parent == .root)
        #expect(RemotePath.root.parent == nil)
        #expect(RemotePath.root.name.isEmpty)
        #expect(RemotePath.root.segments.isEmpty)
    }

    @Test("appending stays below")
    func appending() throws {
        let path = try #require(RemotePath("a"))
        #expect(path.appending("b/c".utf8) == RemotePath("a/b/c"))
        #expect(path.appending("/b/".utf8) == RemotePath("a/b"))
        #expect(path.appending("..".utf8) == nil)
        #expect(path.appending(.root) == path)
        #expect(RemotePath.root.appending(path) == path)
    }

    @Test("a name that begins like a collection's is not inside it")
    func inside() throws {
        let collection = try #require(RemotePath("jpeg"))
        let beside = try #require(RemotePath("jpeg2/a"))
        let below = try #require(RemotePath("jpeg/a/b"))
        #expect(!beside.isInside(collection))
        #expect(beside.relative(to: collection) == nil)
        #expect(below.isInside(collection) && collection.isInside(collection) && below.isInside(.root))
        #expect(!collection.isInside(below))
        #expect(below.relative(to: collection) == RemotePath("a/b"))
        #expect(below.relative(to: .root) == below)
        #expect(collection.relative(to: collection) == .root)
    }
}

import Foundation

/// A line of the ``Journal``: a letter, then fields between tabs.
enum JournalLine: Sendable, Hashable {
    /// The installation's id, part of file ids and a cookie's name.
    case instance(String)
    /// A node as it is from now on: made, changed, renamed or moved.
    case node(NodeLine)
    /// A new ETag and time for some collections.
    case touched(etag: String, modified: Int, ids: [Int])
    /// A node is gone, and all below.
    case gone(Int)
    /// A property that a client set; nil takes it away.
    case property(node: Int, PropertyName, value: String?)
    case tag(id: Int, name: String)
    case tagged(tag: Int, file: Int, on: Bool)

    struct NodeLine: Sendable, Hashable {
        var id: Int
        /// 0 for an account's root.
        var parent: Int
        var isCollection: Bool
        var etag: String
        var modified: Int
        var size: Int
        var checksum: String
        var name: String
    }

    func write(into bytes: inout [UInt8]) {
        switch self {
        case .instance(let id): Self.write("I", [id], into: &bytes)
        case .node(let node):
            Self.write(
                node.isCollection ? "C" : "F",
                [
                    String(node.id), String(node.parent), node.etag, String(node.modified), String(node.size),
                    node.checksum, node.name,
                ], into: &bytes)
        case .touched(let etag, let modified, let ids):
            Self.write("E", [etag, String(modified)] + ids.map { String($0) }, into: &bytes)
        case .gone(let id): Self.write("D", [String(id)], into: &bytes)
        case .property(let node, let name, let value):
            Self.write("P", [String(node), name.namespace, name.name] + (value.map { [$0] } ?? []), into: &bytes)
        case .tag(let id, let name): Self.write("T", [String(id), name], into: &bytes)
        case .tagged(let tag, let file, let on):
            Self.write("R", [String(tag), String(file), on ? "1" : "0"], into: &bytes)
        }
    }

    /// Reads a line without its end; nil if it is none of ours.
    init?(_ line: UnsafeRawBufferPointer) {
        let fields = Self.fields(of: line)
        guard let kind = fields.first else { return nil }
        switch kind {
        case "I" where fields.count == 2: self = .instance(fields[1])
        case "C", "F":
            guard fields.count == 8, let id = Int(fields[1]), let parent = Int(fields[2]),
                let modified = Int(fields[4]), let size = Int(fields[5])
            else { return nil }
            self = .node(
                NodeLine(
                    id: id, parent: parent, isCollection: kind == "C", etag: fields[3], modified: modified, size: size,
                    checksum: fields[6], name: fields[7]))
        case "E" where fields.count >= 3:
            guard let modified = Int(fields[2]) else { return nil }
            self = .touched(etag: fields[1], modified: modified, ids: fields.dropFirst(3).compactMap { Int($0) })
        case "D" where fields.count == 2:
            guard let id = Int(fields[1]) else { return nil }
            self = .gone(id)
        case "P" where fields.count == 4 || fields.count == 5:
            guard let node = Int(fields[1]) else { return nil }
            let name = PropertyName(namespace: fields[2], name: fields[3])
            self = .property(node: node, name, value: fields.count == 5 ? fields[4] : nil)
        case "T" where fields.count == 3:
            guard let id = Int(fields[1]) else { return nil }
            self = .tag(id: id, name: fields[2])
        case "R" where fields.count == 4:
            guard let tag = Int(fields[1]), let file = Int(fields[2]) else { return nil }
            self = .tagged(tag: tag, file: file, on: fields[3] == "1")
        default: return nil
        }
    }

    private static func write(_ kind: String, _ fields: [String], into bytes: inout [UInt8]) {
        bytes.append(contentsOf: kind.utf8)
        for field in fields {
            bytes.append(UInt8(ascii: "\t"))
            // Names may hold what separates fields and lines.
            let plain = !field.utf8.contains { $0 < 0x20 || $0 == UInt8(ascii: "\\") }
            bytes.append(contentsOf: plain ? Array(field.utf8) : escaped(field))
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private static func escaped(_ field: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for byte in field.utf8 {
            switch byte {
            case UInt8(ascii: "\t"): bytes += Array("\\t".utf8)
            case UInt8(ascii: "\n"): bytes += Array("\\n".utf8)
            case UInt8(ascii: "\\"): bytes += Array("\\\\".utf8)
            default: bytes.append(byte)
            }
        }
        return bytes
    }

    private static func fields(of line: UnsafeRawBufferPointer) -> [String] {
        var fields: [String] = []
        var rest = line[...]
        while true {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            var length = part.count
            if let base = part.baseAddress, let tab = memchr(base, 9, part.count) {
                length = UnsafeRawPointer(tab) - base
            }
            fields.append(unescaped(UnsafeRawBufferPointer(rebasing: part[..<length])))
            guard length < part.count else { return fields }
            rest = rest.dropFirst(length + 1)
        }
    }

    private static func unescaped(_ field: UnsafeRawBufferPointer) -> String {
        guard let base = field.baseAddress, memchr(base, Int32(UInt8(ascii: "\\")), field.count) != nil else {
            return String(decoding: field, as: UTF8.self)
        }
        var bytes: [UInt8] = []
        var source = field[...]
        while let byte = source.popFirst() {
            guard byte == UInt8(ascii: "\\"), let next = source.popFirst() else {
                bytes.append(byte)
                continue
            }
            switch next {
            case UInt8(ascii: "t"): bytes.append(9)
            case UInt8(ascii: "n"): bytes.append(10)
            default: bytes.append(next)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

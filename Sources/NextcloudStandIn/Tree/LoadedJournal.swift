import Foundation

/// The content of a journal, read line by line; a last line that was cut short is left out.
struct LoadedJournal {
    private(set) var nodes: [Int: Node] = [:]
    private(set) var roots: [Node] = []
    private(set) var tags: [Int: String] = [:]
    private(set) var tagged: [Int: Set<Int>] = [:]
    private(set) var instance: String?
    private(set) var lastID = 0
    private(set) var lines = 0
    /// Bytes of whole lines.
    private(set) var length = 0
    private var parents: [Int: Int] = [:]

    /// Reads the journal; one that does not exist is empty.
    init(path: String) throws(StandInError) {
        guard access(path, F_OK) == 0 else { return }
        let bytes = try Disk.readFile(path)
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while let base = UnsafeRawBufferPointer(rebasing: rest).baseAddress, let end = memchr(base, 10, rest.count)
            {
                let count = UnsafeRawPointer(end) - base
                if let line = JournalLine(UnsafeRawBufferPointer(rebasing: rest.prefix(count))) { apply(line) }
                rest = rest.dropFirst(count + 1)
                lines += 1
                length += count + 1
            }
        }
    }

    private mutating func apply(_ line: JournalLine) {
        switch line {
        case .instance(let id): instance = id
        case .node(let line):
            lastID = max(lastID, line.id)
            let node =
                nodes[line.id]
                ?? Node(
                    id: line.id, isCollection: line.isCollection, name: line.name, etag: line.etag,
                    modified: line.modified, size: line.size)
            node.name = line.name
            node.etag = line.etag
            node.modified = line.modified
            node.size = line.size
            node.checksum = line.checksum.isEmpty ? nil : line.checksum
            nodes[line.id] = node
            parents[line.id] = line.parent
        case .touched(let etag, let modified, let ids):
            for id in ids {
                nodes[id]?.etag = etag
                nodes[id]?.modified = modified
            }
        case .property(let id, let name, let value): nodes[id]?.properties[name] = value
        case .gone(let id): nodes[id] = nil
        case .tag(let id, let name): tags[id] = name
        case .tagged(let tag, let file, let on):
            if on { tagged[file, default: []].insert(tag) } else { tagged[file]?.remove(tag) }
        }
    }

    /// Hangs every node below its parent; what lost its parent goes.
    mutating func adoptOrphans() {
        let all = nodes.values.sorted { $0.id < $1.id }
        nodes = [:]
        let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
        for node in all {
            if parents[node.id] == 0 {
                roots.append(node)
            } else if let parent = parents[node.id].flatMap({ byID[$0] }), parent.isCollection {
                parent.adopt(node)
            }
        }
        var pending = roots
        while let node = pending.popLast() {
            nodes[node.id] = node
            pending += node.children
        }
    }
}

/// All that people keep in the folder, results apart, as it must be on the server.
struct PeopleTree: Sendable {
    /// By the path below the root.
    var files: [String: ScanFile] = [:]
    var folders: Set<String> = []
    private var next = 0

    mutating func number() -> Int {
        next += 1
        return next
    }

    /// The paths at which scans lie, in an order that a seed decides nothing about.
    var scans: [String] { files.keys.filter(Places.isScan).sorted() }

    func holds(_ path: String) -> Bool { files[path] != nil || folders.contains(path) }

    mutating func make(_ folder: String) {
        var path = ""
        for name in folder.split(separator: "/") {
            path += (path.isEmpty ? "" : "/") + name
            folders.insert(path)
        }
    }

    /// Takes out what lies at a path and below.
    mutating func take(_ path: String) -> PeopleTree {
        var taken = PeopleTree()
        for (other, file) in files where other == path || other.hasPrefix(path + "/") {
            taken.files[other] = file
            files[other] = nil
        }
        for folder in folders where folder == path || folder.hasPrefix(path + "/") {
            taken.folders.insert(folder)
            folders.remove(folder)
        }
        return taken
    }

    /// Puts in what was taken at a path, at another.
    mutating func put(_ taken: PeopleTree, from path: String, at target: String) {
        for (other, file) in taken.files { files[target + other.dropFirst(path.count)] = file }
        for folder in taken.folders { folders.insert(target + folder.dropFirst(path.count)) }
    }

    mutating func move(_ path: String, to target: String) { put(take(path), from: path, at: target) }

    /// Copies are other scans, whose results nobody has deleted.
    mutating func copy(_ path: String, to target: String) {
        var copied = self
        var taken = copied.take(path)
        for (other, file) in taken.files {
            taken.files[other] = ScanFile(number: number(), bytes: file.bytes, isWhole: file.isWhole)
        }
        put(taken, from: path, at: target)
    }

    /// Changes every file of which something holds.
    mutating func change(where holds: (String, ScanFile) -> Bool, _ change: (inout ScanFile) -> Void) {
        for (path, file) in files where holds(path, file) {
            var file = file
            change(&file)
            files[path] = file
        }
    }
}

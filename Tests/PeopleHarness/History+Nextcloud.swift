import DAV
import HTTP
import HarnessSupport

/// What people do on a Nextcloud beside files.
extension History {
    /// - Returns: what was done; nil for what cannot be done now, or is no such deed.
    func performOnNextcloud(_ deed: Deed, _ person: Visitor) async throws -> String? {
        switch deed {
        case .lock: return try await lock(person)
        case .restore: return plan.server.hasTrash ? try await restore() : nil
        case .restoreVersion: return plan.server.hasVersions ? try await restoreVersion(person) : nil
        case .limitShare where share == .all:
            try await setShare(.readOnly)
            return "to reading"
        case .takeShare where share == .all:
            try await setShare(.none)
            return "back"
        case .giveShare where share != .all:
            try await setShare(.all)
            return "again"
        default: return nil
        }
    }

    /// Locks a scan or a result for a moment, while the program works.
    private func lock(_ person: Visitor) async throws -> String? {
        guard isRunning, plan.server.hasLocks, let path = scan() else { return nil }
        let target = generator.happens(0.7) ? Places.result(of: path) : path
        let headers = ["X-User-Lock": "1"]
        // Nextcloud answers 500 where there is nothing to lock.
        let url = person.url(of: root + "/" + target)
        guard try await person.send("LOCK", url: url, nil, headers).status == 200 else { return nil }
        try await Task.sleep(for: generator.time(upTo: .milliseconds(1200)))
        // It may have been moved under its lock: that takes the lock along.
        let unlocked = try await person.send("UNLOCK", url: url, nil, headers).status
        return "\(target), unlocked: \(unlocked)"
    }

    private func restore() async throws -> String? {
        let possible = bin.indices.filter { index in
            let path = bin[index].path
            return !tree.holds(path)
                && (path.hasPrefix(Places.results + "/") || tree.folders.contains(Places.parent(path)))
        }
        guard let index = possible.randomElement(using: &generator) else { return nil }
        let item = bin[index]
        // What lies at its place now, or is not there any more, would make it come back elsewhere.
        if try await owner.get(root + "/" + item.path) != nil { return nil }
        let here = try await owner.list(root)
        guard here[item.path] == nil, here[Places.parent(item.path)]?.isCollection == true else { return nil }
        guard try await owner.restore(root + "/" + item.path) else { return nil }
        bin.remove(at: index)
        if item.path.hasPrefix(Places.results + "/") {
            try await takeBack(item)
        } else {
            tree.put(item.tree, from: item.path, at: item.path)
        }
        return item.path
    }

    /// Results are there again: the scans that still lie at their places have theirs.
    private func takeBack(_ item: Deleted) async throws {
        let now = try await Snapshot.taken(by: owner, of: root, since: oracle.snapshot)
        for (path, bytes) in now.results where path == item.path || path.hasPrefix(item.path + "/") {
            oracle.keepIfPersons(bytes, at: path)
        }
        tree.change(where: { path, file in item.resultsOf.contains(file.number) }) { $0.isResultDeleted = false }
        tree.change(where: { path, file in
            item.resultsOf.contains(file.number) && now.results[Places.result(of: path)] == nil
        }) { $0.isUnsure = true }
    }

    private func restoreVersion(_ person: Visitor) async throws -> String? {
        guard let path = scan() else { return nil }
        let ofResult = generator.happens(0.6)
        let target = ofResult ? Places.result(of: path) : path
        guard let id = try await person.list(root)[target]?.fileID,
            let before = try await person.get(root + "/" + target)
        else { return nil }
        var chance = generator
        defer { generator = chance }
        guard try await person.restoreVersion(of: id, choosing: { $0.randomElement(using: &chance) }),
            let bytes = try await person.get(root + "/" + target)
        else { return nil }
        if ofResult {
            oracle.forget(before)
            oracle.keepIfPersons(bytes, at: target)
            // An older result of ours is of the scan as it was then.
            tree.change(where: { other, _ in Places.result(of: other) == target }) { $0.isUnsure = true }
        } else if var file = tree.files[path] {
            if file.isResultDeleted { file.isUnsure = true }
            file.bytes = bytes
            file.isReplaced = true
            file.isWhole = bytes.starts(with: [0xFF, 0xD8])
            tree.files[path] = file
        }
        return target
    }
}

import HarnessSupport

/// What people do with scans.
extension History {
    private static let folders = [
        "jpeg", "jpeg/lot 3", "jpeg/TRI_ANCIEN", "jpeg/Été #1 100%/à trier", "pdf", "jpeg/lot 3/seconde",
    ]

    /// - Returns: what was done; nil for what cannot be done now, or is no deed on scans.
    func performOnScans(_ deed: Deed, _ person: Visitor) async throws -> String? {
        switch deed {
        case .upload: return try await upload(person, [picture()])
        case .uploadInTwoSteps: return try await upload(person, [[], picture()])
        case .uploadEmpty: return try await upload(person, [[]], isWhole: false)
        case .uploadBroken:
            return try await upload(person, [Array("no picture at all \(nextEdit())".utf8)], isWhole: false)
        case .replace: return try await replace(person)
        case .touch:
            guard let path = scan(), let file = tree.files[path] else { return nil }
            return did(try await person.put(root + "/" + path, file.bytes), path)
        case .rename, .move:
            guard let path = scan() else { return nil }
            let target = deed == .rename ? Places.parent(path) + "/" + name() : anyFolder() + "/" + Places.name(path)
            return try await move(person, path, to: target)
        case .swap: return try await swap(person, scan(), scan())
        case .copy:
            guard let path = scan() else { return nil }
            return try await copy(person, path, to: anyFolder() + "/" + name())
        case .delete: return try await delete(person, scan())
        case .renameFolder, .moveFolder:
            guard let path = scanFolder() else { return nil }
            let name = "lot \(nextEdit())"
            return try await move(
                person, path, to: (deed == .renameFolder ? Places.parent(path) : anyFolder()) + "/" + name)
        case .swapFolders: return try await swap(person, scanFolder(), scanFolder())
        case .copyFolder:
            guard let path = scanFolder() else { return nil }
            return try await copy(person, path, to: "jpeg/copie \(nextEdit())")
        case .deleteFolder: return try await delete(person, scanFolder())
        case .moveAside:
            guard let path = scan() else { return nil }
            return try await move(person, path, to: "ailleurs/" + Places.name(path))
        default: return nil
        }
    }

    private func picture() -> [UInt8] { SmallPicture.grey(nextEdit(), longest: 2000, using: &generator) }

    private func name() -> String {
        let number = nextEdit()
        return switch number % 6 {
        case 1: "fiche été n° \(number).jpg"
        case 3: "\(number) a & b +c #d %41.jpg"
        case 4: "l'œuf cassé [\(number)].jpg"
        default: "fiche \(number) FINAL.jpg"
        }
    }

    private func anyFolder() -> String { Self.folders.randomElement(using: &generator) ?? "jpeg" }

    func scan() -> String? { tree.scans.randomElement(using: &generator) }

    /// One below the first ones, which stay.
    private func scanFolder() -> String? {
        tree.folders.filter { $0.contains("/") && Places.isScan($0 + "/x.jpg") }.sorted()
            .randomElement(using: &generator)
    }

    /// - Returns: what was done, with the server's refusal if there was one.
    func did(_ status: Int, _ words: String) -> String {
        (200..<300).contains(status) ? words : "\(words) (refused: \(status))"
    }

    private func require(_ folder: String, _ person: Visitor) async throws {
        guard !tree.folders.contains(folder) else { return }
        try await person.makeCollections(root + "/" + folder)
        tree.make(folder)
    }

    private func upload(_ person: Visitor, _ contents: [[UInt8]], isWhole: Bool = true) async throws -> String? {
        let folder = anyFolder()
        let path = folder + "/" + name()
        try await require(folder, person)
        for bytes in contents {
            let status = try await person.put(root + "/" + path, bytes)
            guard (200..<300).contains(status) else { return did(status, path) }
            tree.files[path] = ScanFile(
                number: tree.files[path]?.number ?? tree.number(), bytes: bytes, isWhole: isWhole && !bytes.isEmpty)
        }
        return path
    }

    private func replace(_ person: Visitor) async throws -> String? {
        guard let path = scan(), var file = tree.files[path] else { return nil }
        let bytes = picture()
        let status = try await person.put(root + "/" + path, bytes)
        guard (200..<300).contains(status) else { return did(status, path) }
        // A new picture of a sheet whose reading somebody removed: both can be meant.
        if file.isResultDeleted { file.isUnsure = true }
        file.bytes = bytes
        file.isReplaced = true
        file.isWhole = true
        tree.files[path] = file
        return path
    }

    func move(_ person: Visitor, _ path: String, to target: String) async throws -> String? {
        guard !tree.holds(target), !target.hasPrefix(path + "/"), path != target else { return nil }
        try await require(Places.parent(target), person)
        let status = try await person.move(root + "/" + path, to: root + "/" + target)
        if (200..<300).contains(status) { tree.move(path, to: target) }
        return did(status, "\(path) -> \(target)")
    }

    private func swap(_ person: Visitor, _ first: String?, _ second: String?) async throws -> String? {
        guard let first, let second, first != second, !first.hasPrefix(second + "/"), !second.hasPrefix(first + "/")
        else { return nil }
        let aside = first + ".tmp"
        guard let one = try await move(person, first, to: aside), let two = try await move(person, second, to: first),
            let three = try await move(person, aside, to: second)
        else { return "\(first) <-> \(second), not to its end" }
        return "\(one), \(two), \(three)"
    }

    private func copy(_ person: Visitor, _ path: String, to target: String) async throws -> String? {
        guard !tree.holds(target), !target.hasPrefix(path + "/") else { return nil }
        try await require(Places.parent(target), person)
        let status = try await person.copy(root + "/" + path, to: root + "/" + target)
        if (200..<300).contains(status) { tree.copy(path, to: target) }
        return did(status, "\(path) -> \(target)")
    }

    private func delete(_ person: Visitor, _ path: String?) async throws -> String? {
        guard let path else { return nil }
        let status = try await person.act("DELETE", root + "/" + path)
        if (200..<300).contains(status) { bin.append(Deleted(path: path, tree: tree.take(path))) }
        return did(status, path)
    }
}

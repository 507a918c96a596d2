import DAV
import Foundation
import HarnessSupport
import ModelStandIn

/// What people do with results.
extension History {
    /// - Returns: what was done; nil for what cannot be done now, or is no deed on results.
    func performOnResults(_ deed: Deed, _ person: Visitor) async throws -> String? {
        switch deed {
        case .writeBefore: return try await writeBefore(person)
        case .edit: return try await edit(person, try await resultOfSome(), times: 1)
        case .editTwice: return try await edit(person, try await resultOfSome(), times: 2)
        case .editFresh: return try await editFresh(person)
        case .spoil: return try await spoil(person)
        case .mend: return try await mend(person)
        case .note:
            try await person.makeCollections(root + "/" + Places.results)
            let path = Places.results + "/à lire \(nextEdit()).txt"
            let bytes = Array("quelques mots \(nextEdit())".utf8)
            let status = try await person.put(root + "/" + path, bytes)
            if status < 300 { oracle.keep(bytes, at: path) }
            return did(status, path)
        case .deleteResult: return try await deleteResult(person)
        case .deleteResults: return try await deleteResults(person)
        case .exchange: return try await exchange(person)
        case .moveTogether: return try await moveTogether(person)
        case .moveFoldersTogether: return try await moveFoldersTogether(person)
        case .moveResult:
            guard let place = try await resultOfSome() else { return nil }
            let target = Places.parent(place) + "/classé \(nextEdit())_result.json"
            // What becomes of it is not followed; its rows tell where it is.
            tree.change(where: { path, _ in Places.result(of: path) == place }) { $0.isUnsure = true }
            return did(try await person.move(root + "/" + place, to: root + "/" + target), "\(place) -> \(target)")
        default: return nil
        }
    }

    /// The place of a result that is there, of a scan by chance.
    private func resultOfSome() async throws -> String? {
        guard let path = scan() else { return nil }
        let place = Places.result(of: path)
        return try await owner.get(root + "/" + place) == nil ? nil : place
    }

    private func writeBefore(_ person: Visitor) async throws -> String? {
        let number = nextEdit()
        let path = "jpeg/lot 3/écrite \(number).jpg"
        let text = SampleFiche.json(seed: Array("by hand \(number) \(played.seed)".utf8)).replacing(
            "\"remarque\": null", with: "\"remarque\": \"écrit à la main \(number)\"")
        let place = Places.result(of: path)
        try await person.makeCollections(root + "/" + Places.parent(place))
        let status = try await person.put(root + "/" + place, Array(text.utf8))
        guard status < 300 else { return did(status, place) }
        oracle.keep(Array(text.utf8), at: place)
        let bytes = SmallPicture.grey(number, longest: 2000, using: &generator)
        tree.make("jpeg/lot 3")
        try await person.makeCollections(root + "/jpeg/lot 3")
        let uploaded = try await person.put(root + "/" + path, bytes)
        if uploaded < 300 { tree.files[path] = ScanFile(number: tree.number(), bytes: bytes) }
        return did(uploaded, path)
    }

    private func edit(_ person: Visitor, _ place: String?, times: Int) async throws -> String? {
        guard let place else { return nil }
        var words = place
        for _ in 0..<times {
            guard let bytes = try await person.get(root + "/" + place) else { return nil }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let line = text.firstRange(of: /"remarque": (null|"[^"]*")/) else { return nil }
            let edited = Array(text.replacingCharacters(in: line, with: "\"remarque\": \"corrigé \(nextEdit())\"").utf8)
            guard let status = try await write(person, edited, over: bytes, at: place) else { return words }
            words = did(status, words)
        }
        return words
    }

    /// Where a file was taken away since it was read, this makes a new one, which is a person's like any other.
    private func write(_ person: Visitor, _ bytes: [UInt8], over old: [UInt8], at place: String) async throws -> Int? {
        let status = try await person.put(root + "/" + place, bytes)
        if status < 300 {
            oracle.forget(old)
            oracle.keep(bytes, at: place)
        }
        return status
    }

    /// Waits for a result to appear while the program runs, and edits it at once.
    private func editFresh(_ person: Visitor) async throws -> String? {
        guard isRunning else { return nil }
        let waiting = tree.scans.filter { path in
            tree.files[path].map { $0.isWhole && !$0.isResultDeleted && $0.result == nil } ?? false
        }
        guard let path = waiting.randomElement(using: &generator) else { return nil }
        let place = Places.result(of: path)
        let patience = ContinuousClock.now + .seconds(6)
        while ContinuousClock.now < patience {
            if try await person.get(root + "/" + place) != nil { return try await edit(person, place, times: 1) }
            try await Task.sleep(for: .milliseconds(15))
        }
        return nil
    }

    private func spoil(_ person: Visitor) async throws -> String? {
        guard let place = try await resultOfSome(), let bytes = try await person.get(root + "/" + place) else {
            return nil
        }
        let half = Array(bytes.prefix(bytes.count / 2)) + Array(" gâché \(nextEdit())".utf8)
        return did(try await write(person, half, over: bytes, at: place) ?? 0, place)
    }

    /// Puts a whole sheet where a spoilt one is.
    private func mend(_ person: Visitor) async throws -> String? {
        guard let place = try await resultOfSome(), let bytes = try await person.get(root + "/" + place),
            (try? JSONSerialization.jsonObject(with: Data(bytes))) == nil
        else { return nil }
        let text = SampleFiche.json(seed: Array("mended \(nextEdit()) \(played.seed)".utf8))
        return did(try await write(person, Array(text.utf8), over: bytes, at: place) ?? 0, place)
    }

    private func deleteResult(_ person: Visitor) async throws -> String? {
        guard let place = try await resultOfSome(), let bytes = try await person.get(root + "/" + place) else {
            return nil
        }
        let status = try await person.act("DELETE", root + "/" + place)
        guard status < 300 else { return did(status, place) }
        oracle.forget(bytes)
        bin.append(Deleted(path: place, tree: PeopleTree(), resultsOf: resultsGone { $0 == place }))
        return place
    }

    private func deleteResults(_ person: Visitor) async throws -> String? {
        let folders = Set(tree.scans.map { Places.parent(Places.result(of: $0)) }).sorted()
        guard let folder = folders.randomElement(using: &generator) else { return nil }
        let before = try await Snapshot.taken(by: owner, of: root, since: oracle.snapshot)
        guard before.entries[folder] != nil else { return nil }
        let status = try await person.act("DELETE", root + "/" + folder)
        guard status < 300 else { return did(status, folder) }
        for (path, bytes) in before.results where path.hasPrefix(folder + "/") { oracle.forget(bytes) }
        // What appears there between the look and the deletion is nobody's to judge.
        if isRunning {
            tree.change(where: { path, _ in Places.result(of: path).hasPrefix(folder + "/") }) { $0.isUnsure = true }
        }
        let gone = resultsGone { before.results[$0] != nil && $0.hasPrefix(folder + "/") }
        bin.append(Deleted(path: folder, tree: PeopleTree(), resultsOf: gone))
        return folder
    }

    /// Marks the scans whose results are gone.
    private func resultsGone(_ isGone: (String) -> Bool) -> [Int] {
        var numbers: [Int] = []
        tree.change(where: { path, file in
            isGone(Places.result(of: path)) || (file.result.map(isGone) ?? false)
        }) { file in
            // A run beside this may have moved it already, or be at it.
            if isRunning { file.isUnsure = true }
            // Nor can the program know of one that it never saw, or that was another scan's when it was last looked at.
            if !(file.result.map(isGone) ?? false) { file.isUnsure = true }
            // Whether the reading of the old picture was unwanted, or only made way for the new one, cannot be known.
            if file.isReplaced { file.isUnsure = true }
            file.isResultDeleted = true
            file.result = nil
            numbers.append(file.number)
        }
        return numbers
    }

    private func exchange(_ person: Visitor) async throws -> String? {
        guard let first = try await resultOfSome(), let second = try await resultOfSome(), first != second else {
            return nil
        }
        let aside = first + ".tmp"
        var words = "\(first) <-> \(second)"
        for (from, to) in [(first, aside), (second, first), (aside, second)] {
            let status = try await person.move(root + "/" + from, to: root + "/" + to)
            if status >= 300 { words += " (refused: \(status))" }
        }
        let places = [first, second]
        tree.change(where: { path, _ in places.contains(Places.result(of: path)) }) { $0.isUnsure = true }
        return words
    }

    private func moveTogether(_ person: Visitor) async throws -> String? {
        guard let path = scan(), tree.files[path]?.isResultDeleted == false else { return nil }
        let place = Places.result(of: path)
        guard try await owner.get(root + "/" + place) != nil else { return nil }
        let target = "jpeg/ensemble \(nextEdit())/" + Places.name(path)
        let newPlace = Places.result(of: target)
        try await person.makeCollections(root + "/" + Places.parent(newPlace))
        let resultFirst = generator.happens(0.5)
        var status = 0
        if resultFirst { status = try await person.move(root + "/" + place, to: root + "/" + newPlace) }
        let words = try await move(person, path, to: target)
        if !resultFirst { status = try await person.move(root + "/" + place, to: root + "/" + newPlace) }
        return "\(words ?? path), \(did(status, newPlace))"
    }

    private func moveFoldersTogether(_ person: Visitor) async throws -> String? {
        let folders = tree.folders.filter { $0.hasPrefix("jpeg/") }.sorted()
        guard let path = folders.randomElement(using: &generator) else { return nil }
        let target = "jpeg/lots \(nextEdit())"
        let words = try await move(person, path, to: target)
        let status = try await person.move(
            root + "/" + Places.results + "/" + path, to: root + "/" + Places.results + "/" + target)
        return "\(words ?? path), \(did(status, "its results"))"
    }
}

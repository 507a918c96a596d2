import Transcriber

extension ObservationDatabase {
    public func equivalences() async throws(ObservationError) -> [Equivalence] {
        try await read { session in try EquivalenceTable(session: session).all() }
    }

    public func undoEquivalence(of reading: String) async throws(ObservationError) -> Int {
        guard let form = SpeciesReference.form(reading) else { return 0 }
        // Or every row would be computed anew with the lists of the files.
        try await takeForeignLists()
        let count = try await write(concerning: nil) { session in
            let equivalences = EquivalenceTable(session: session)
            let count = try equivalences.undo(form)
            try equivalences.forget([form])
            return count
        }
        try await computePending()
        return count
    }
}

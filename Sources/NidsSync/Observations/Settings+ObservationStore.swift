public import Transcriber

extension Settings.Observations {
    /// The store that these settings name; it opens nothing yet.
    /// - Parameters:
    ///   - stateDirectory: the folder of the state, where the SQLite file lies.
    ///   - names: the lists that names are looked up in.
    ///   - takesDjangoLists: whether those of the Django application in the same database serve instead.
    public func makeStore(
        stateDirectory: String, names: NameReference, takesDjangoLists: Bool
    ) -> any ObservationStore {
        switch self {
        case .sqlite: SQLiteObservationStore(path: stateDirectory + "/observations.sqlite", names: names)
        case .mariaDB(let configuration):
            MariaDBObservationStore(configuration: configuration, names: names, takesDjangoLists: takesDjangoLists)
        }
    }
}

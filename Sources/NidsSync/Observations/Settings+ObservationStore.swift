extension Settings.Observations {
    /// The store that these settings name; it opens nothing yet.
    /// - Parameter stateDirectory: the folder of the state, where the SQLite file lies.
    public func makeStore(stateDirectory: String) -> any ObservationStore {
        switch self {
        case .sqlite: SQLiteObservationStore(path: stateDirectory + "/observations.sqlite")
        case .mariaDB(let configuration): MariaDBObservationStore(configuration: configuration)
        }
    }
}

import Transcriber

/// The settings of those who only look at the observations, or undo what was learned: no Nextcloud and no model.
public struct ObservationSettings: Sendable {
    private let observations: Settings.Observations
    private let stateDirectory: String
    private let reference: Settings.Reference

    /// Reads the settings about the observations alone.
    /// - Throws: `ConfigurationError` that names the place and what would be right.
    public init(_ loader: SettingsLoader) throws(ConfigurationError) {
        try loader.refuseUnknownVariables()
        observations = try loader.observations()
        stateDirectory = try loader.stateDirectory()
        reference = try loader.reference()
    }

    /// The store of the observations; it opens nothing yet.
    /// - Throws: `ConfigurationError` for a list that cannot be read.
    public func makeStore() throws(ConfigurationError) -> any ObservationStore {
        observations.makeStore(
            stateDirectory: stateDirectory, names: try NameReference(reference),
            takesDjangoLists: reference.takesDjangoLists)
    }
}

import Foundation

/// The settings of those who only look at the state, or write a wish into it: no server, and no secret.
public struct StateSettings: Sendable, Hashable {
    /// The state's folder.
    public var directory: String
    /// US dollars that may be spent in a month; `nil` where nobody set a limit.
    public var monthlyBudget: Settings.Budget?

    public init(directory: String, monthlyBudget: Settings.Budget? = nil) {
        self.directory = directory
        self.monthlyBudget = monthlyBudget
    }
}

extension SettingsLoader {
    /// The settings about the state alone: a person's shell has none of the secrets that a service is given.
    /// - Throws: `ConfigurationError` that names the place and what would be right.
    public func loadStateSettings() throws(ConfigurationError) -> StateSettings {
        // A misspelt NIDS_STATE_DIRECTORY would show another state.
        try refuseUnknownVariables()
        return StateSettings(
            directory: try stateDirectory(), monthlyBudget: try sources.budget("transcription.monthly_budget"))
    }

    func stateDirectory() throws(ConfigurationError) -> String {
        guard let directory = try sources.text("state.directory") else {
            return try UsualPlaces.stateDirectory(sources.environment, isRoot: getuid() == 0)
        }
        // Another working folder would be another state, and a shell's ~ would be a folder of that name.
        guard directory.hasPrefix("/") else {
            throw sources.wrong(
                "state.directory", directory, "Write the path in full, for example /home/anne/nids-sync.")
        }
        return directory
    }
}

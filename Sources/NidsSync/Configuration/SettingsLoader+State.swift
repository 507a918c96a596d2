/// What those need to know who only look at the state, or write a wish into it: no server, and no secret.
public struct StateSettings: Sendable, Hashable {
    /// The state's folder.
    public var directory: String
    /// What may be spent in a month; `nil` where nobody said.
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
            directory: try stateDirectory(), monthlyBudget: try budget("transcription.monthly_budget"))
    }
}

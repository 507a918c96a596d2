import Foundation

extension SettingsLoader {
    /// `nids-sync.yaml` here, in the user's configuration folder, or in `/etc/nids-sync`.
    static func usualPlace(_ environment: [String: String]) -> String? {
        let home = folder("XDG_CONFIG_HOME", below: ".config", environment)
        let places = ["nids-sync.yaml", home.map { $0 + "/nids-sync/nids-sync.yaml" }, "/etc/nids-sync/nids-sync.yaml"]
        return places.compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0) }
    }

    func stateDirectory() throws(ConfigurationError) -> String {
        guard let directory = try text("state.directory") else {
            return try Self.defaultStateDirectory(environment, isRoot: getuid() == 0)
        }
        // A shell would complete it; we would make a folder of that name.
        guard !directory.hasPrefix("~") else {
            throw wrong("state.directory", directory, "Write the path in full, for example /home/anne/nids-sync.")
        }
        return directory
    }

    /// Where the state lies when nobody says.
    /// - Throws: `ConfigurationError` where there is no such place.
    static func defaultStateDirectory(
        _ environment: [String: String], isRoot: Bool
    ) throws(ConfigurationError) -> String {
        // systemd separates several by colons; the first is the service's own.
        if let directory = environment["STATE_DIRECTORY"]?.split(separator: ":").first { return String(directory) }
        if isRoot { return "/var/lib/nids-sync" }
        guard let base = folder("XDG_STATE_HOME", below: ".local/state", environment) else {
            throw ConfigurationError(
                "missing, and there is no home folder to put it in", key: "state.directory",
                advice: "The folder where the program keeps what it knows. As a variable: NIDS_STATE_DIRECTORY.")
        }
        return base + "/nids-sync"
    }

    /// A folder of the XDG specification, which has empty and relative ones ignored.
    private static func folder(_ variable: String, below place: String, _ environment: [String: String]) -> String? {
        if let folder = environment[variable], folder.hasPrefix("/") { return folder }
        return environment["HOME"].flatMap { $0.isEmpty ? nil : $0 + "/" + place }
    }
}

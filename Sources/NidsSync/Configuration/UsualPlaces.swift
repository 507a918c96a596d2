import Foundation

/// The places where the configuration and the state lie when nobody names another one.
enum UsualPlaces {
    /// `nids-sync.yaml` here, in the user's configuration folder, or in `/etc/nids-sync`; `nil` where none is there.
    static func configuration(_ environment: [String: String]) -> String? {
        let home = folder("XDG_CONFIG_HOME", below: ".config", environment)
        let places = ["nids-sync.yaml", home.map { $0 + "/nids-sync/nids-sync.yaml" }, "/etc/nids-sync/nids-sync.yaml"]
        return places.compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0) }
    }

    /// The state's folder: systemd's, root's, else the user's.
    /// - Throws: `ConfigurationError` where there is no such place.
    static func stateDirectory(
        _ environment: [String: String], isRoot: Bool
    ) throws(ConfigurationError) -> String {
        // systemd separates several by colons; the first is the service's own.
        if let directory = environment["STATE_DIRECTORY"]?.split(separator: ":").first {
            guard directory.hasPrefix("/") else {
                throw ConfigurationError(
                    "it is no absolute path", key: "state.directory", at: .variable("STATE_DIRECTORY"),
                    advice: "systemd sets it; write the path in full, or give NIDS_STATE_DIRECTORY.")
            }
            return String(directory)
        }
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

import Foundation
import Testing

@testable import NidsSync

@Suite("Where the state lies")
struct StateDirectoryTests {
    @Test("systemd's folder, root's, else the user's")
    func places() throws {
        let place = UsualPlaces.stateDirectory
        #expect(try place(["STATE_DIRECTORY": "/run/state", "HOME": "/h"], false) == "/run/state")
        #expect(try place(["STATE_DIRECTORY": "/a:/b"], true) == "/a")
        #expect(try place(["HOME": "/h"], true) == "/var/lib/nids-sync")
        #expect(try place(["HOME": "/h"], false) == "/h/.local/state/nids-sync")
        #expect(try place(["HOME": "/h", "XDG_STATE_HOME": "/x"], false) == "/x/nids-sync")
    }

    @Test("an empty or relative XDG folder is none, as its specification says", arguments: ["", "state"])
    func emptyXDG(folder: String) throws {
        #expect(
            try UsualPlaces.stateDirectory(["HOME": "/h", "XDG_STATE_HOME": folder], isRoot: false)
                == "/h/.local/state/nids-sync")
    }

    @Test("a relative folder of systemd's is refused")
    func relativeSystemd() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try UsualPlaces.stateDirectory(["STATE_DIRECTORY": "nids-sync"], isRoot: true)
        }
        #expect(error.place == .variable("STATE_DIRECTORY"))
    }

    @Test("without any place for it, the folder is asked for")
    func none() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try UsualPlaces.stateDirectory([:], isRoot: false)
        }
        #expect(error.key == "state.directory")
    }

    @Test("the configuration is looked for in the user's folder; an empty XDG folder is none")
    func usualPlace() throws {
        let home = NSTemporaryDirectory() + "nids-home-\(UUID())"
        try FileManager.default.createDirectory(atPath: home + "/.config/nids-sync", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: home) }
        let file = home + "/.config/nids-sync/nids-sync.yaml"
        try Data("log.level: debug\n".utf8).write(to: URL(filePath: file))
        #expect(UsualPlaces.configuration(["HOME": home]) == file)
        #expect(UsualPlaces.configuration(["HOME": home, "XDG_CONFIG_HOME": ""]) == file)
        #expect(UsualPlaces.configuration(["XDG_CONFIG_HOME": home + "/.config"]) == file)
    }
}

import Foundation
import TestSupport
import Testing
import Transcriber

@testable import NidsSync

@Suite("The lists of names in the configuration")
struct NameReferenceTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func file(_ text: String) throws -> String {
        let path = folder.file("especes.csv")
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    @Test("are the program's own where none is given, and another list stands in their place")
    func given() throws {
        let own = try NameReference(Settings.Reference())
        #expect(own.species.species.count == 329)
        let path = try file("code_euring,nom_scientifique,nom_francais,code_crbpo\n1,A b,C d,77\n")
        let other = try NameReference(Settings.Reference(speciesFile: path))
        #expect(other.species.species.map(\.frenchName) == ["C d"])
        #expect(other.digest != own.digest)
        #expect(own.digest == NameReference().digest)
    }

    @Test("are named with file and line when they are wrong")
    func wrong() throws {
        let path = try file("code_euring,nom_scientifique,nom_francais\n1,A b,C d\n1,E f,G h\n")
        let error = try #require(throws: ConfigurationError.self) {
            try NameReference(Settings.Reference(speciesFile: path))
        }
        #expect(error.description.hasPrefix("\(path), line 3: reference.especes_file: "))
        let missing = try #require(throws: ConfigurationError.self) {
            try NameReference(Settings.Reference(speciesFile: folder.file("none.csv")))
        }
        #expect(missing.description.contains("none.csv"))
    }

    @Test("have no communes where none are given; a list of them is another reference")
    func communes() throws {
        #expect(try NameReference(Settings.Reference()).communes == nil)
        let path = try file("COM,LIBELLE\n25056,Besançon\n")
        let names = try NameReference(Settings.Reference(communesFile: path))
        #expect(names.communes?.communes.map(\.name) == ["Besançon"])
        #expect(names.digest != NameReference().digest)
        #expect(names.digest.utf8.count <= 64)
        let wrong = try file("COM,LIBELLE\nX,Besançon\n")
        let error = try #require(throws: ConfigurationError.self) {
            try NameReference(Settings.Reference(communesFile: wrong))
        }
        #expect(error.description.hasPrefix("\(wrong), line 2: reference.communes_file: "))
    }

    private func load(_ more: [String: String]) throws -> Settings {
        let environment = [
            "NIDS_NEXTCLOUD_URL": "https://cloud.example.org", "NIDS_NEXTCLOUD_USER": "nids",
            "NIDS_NEXTCLOUD_PASSWORD": "x", "NIDS_NEXTCLOUD_ROOT": "Nids", "NIDS_STATE_DIRECTORY": folder.path,
        ].merging(more) { $1 }
        return try SettingsLoader(file: SettingsFile(), environment: environment).load()
    }

    @Test("are read from the settings and their variables")
    func setting() throws {
        let path = try file("code_euring,nom_scientifique,nom_francais\n1,A b,C d\n")
        let files = try load(["NIDS_REFERENCE_ESPECES_FILE": path, "NIDS_REFERENCE_COMMUNES_FILE": path])
        #expect(files.reference == Settings.Reference(speciesFile: path, communesFile: path))
        #expect(try load([:]).reference == Settings.Reference())
        #expect(try load(["NIDS_OBSERVATIONS_DJANGO_BRIDGE": "false"]).reference == Settings.Reference())
    }

    @Test("are the Django application's where that is wanted and it has a database")
    func bridge() throws {
        let bridge = ["NIDS_OBSERVATIONS_DJANGO_BRIDGE": "true"]
        let server = ["DB_HOST": "127.0.0.1", "DB_NAME": "nids", "DB_USER": "nids", "DB_PASSWORD": "x"]
        #expect(try load(bridge.merging(server) { $1 }).reference.takesDjangoLists)
        let error = try #require(throws: ConfigurationError.self) { try load(bridge) }
        #expect(error.description.contains("observations.django_bridge"))
        #expect(error.description.contains("observations.host is missing"))
    }
}

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

    @Test("are read from the setting and its variable")
    func setting() throws {
        let path = try file("code_euring,nom_scientifique,nom_francais\n1,A b,C d\n")
        let environment = [
            "NIDS_NEXTCLOUD_URL": "https://cloud.example.org", "NIDS_NEXTCLOUD_USER": "nids",
            "NIDS_NEXTCLOUD_PASSWORD": "x", "NIDS_NEXTCLOUD_ROOT": "Nids", "NIDS_STATE_DIRECTORY": folder.path,
            "NIDS_REFERENCE_ESPECES_FILE": path,
        ]
        let settings = try SettingsLoader(file: SettingsFile(), environment: environment).load()
        #expect(settings.reference.speciesFile == path)
    }
}

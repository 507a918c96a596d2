import Crypto
import Transcriber

/// The lists of the Django application that lives in the same database, which may serve instead of files. They are
/// read and nothing else.
///
/// Its versions differ: what columns there are is asked for.
struct DjangoTables {
    let session: any SQLSession

    private static let species = "taxonomy_espece"
    private static let communes = "geo_commune_france"

    /// The lists with those of the application in their place, where it has them.
    /// - Throws: `ObservationError.misconfigured` when it has none, or one lacks what is needed.
    func names(insteadOf names: NameReference) throws -> NameReference {
        var result = names
        let species = try species(knowing: names.species)
        let communes = try communes()
        guard species != nil || communes != nil else {
            throw ObservationError.misconfigured(
                reason: """
                    observations.django_bridge is on, and the database has neither \(Self.species) nor \(Self.communes), \
                    or this account may not read them: set it to false, or give the right to read them
                    """)
        }
        result.species = species ?? result.species
        result.communes = communes ?? result.communes
        return result
    }

    /// The application knows no codes: a species gets those of the species of that name in our list.
    private func species(knowing known: SpeciesReference) throws -> SpeciesReference? {
        let table = try Columns(Self.species, in: session)
        guard !table.names.isEmpty else { return nil }
        let name = try table.required("nom", "nom_francais")
        let scientific = table.first("nom_scientifique")
        var species: [Species] = []
        var places: [String: Int] = [:]
        try table.rows([name] + [scientific].compactMap(\.self)) { row in
            guard let french = row[0].string, let form = SpeciesReference.form(french) else { return }
            let latin = row.count > 1 ? row[1].string ?? "" : ""
            let match = [french, latin].lazy.compactMap { known.match(name: $0, code: nil) }.first {
                $0.status == .certaine
            }
            let own = match?.species
            let key = own?.code ?? form
            if let place = places[key] {
                species[place].otherNames += [french, latin].filter { !$0.isEmpty }
            } else {
                places[key] = species.count
                species.append(
                    Species(
                        code: own?.code ?? "", scientificName: latin.isEmpty ? own?.scientificName ?? "" : latin,
                        frenchName: french,
                        otherNames: own.map { [$0.frenchName, $0.scientificName] + $0.otherNames } ?? [],
                        otherCodes: own?.otherCodes ?? [:]))
            }
        }
        return SpeciesReference(species, digest: table.digest)
    }

    private func communes() throws -> CommuneReference? {
        let table = try Columns(Self.communes, in: session)
        guard !table.names.isEmpty else { return nil }
        let needed = [
            try table.required("nom"), try table.required("code_insee"),
            try table.required("code_departement"),
        ]
        let further = ["latitude", "longitude", "autres_noms"].map { table.first($0) }
        var communes: [Commune] = []
        var otherNames: [Int: [String]] = [:]
        try table.rows(needed + further.compactMap(\.self)) { row in
            guard let name = row[0].string, let code = row[1].string, let department = row[2].string else { return }
            var rest = row.dropFirst(3)
            let values = further.map { $0 == nil ? nil : rest.popFirst()?.string }
            if let others = values[2] {
                otherNames[communes.count] = others.split(separator: ",").map(String.init)
            }
            communes.append(
                Commune(
                    code: code, name: name, department: department, latitude: values[0].flatMap { Double($0) },
                    longitude: values[1].flatMap { Double($0) }))
        }
        return CommuneReference(communes, digest: table.digest, otherNames: otherNames)
    }

    /// A table of the application, as it is in this version of it.
    private final class Columns {
        let names: [String]
        private let table: String
        private let session: any SQLSession
        private var hash = SHA256()

        init(_ table: String, in session: any SQLSession) throws {
            self.table = table
            self.session = session
            names = try session.columns(of: table)
        }

        func first(_ wanted: String...) -> String? { wanted.first(where: names.contains) }

        func required(_ wanted: String...) throws -> String {
            guard let name = wanted.first(where: names.contains) else {
                throw ObservationError.misconfigured(
                    reason: """
                        observations.django_bridge is on, and \(table) has no column \
                        \(wanted.joined(separator: " or ")), only \(names.joined(separator: ", ")): set it to false, and \
                        give lists as files (reference.especes_file, reference.communes_file)
                        """)
            }
            return name
        }

        /// Goes through the rows; empty texts are blanks.
        func rows(_ columns: [String], _ body: ([SQLValue]) -> Void) throws {
            let order = names.contains("id") ? "id" : columns[0]
            let list = columns.map { "`\($0)`" }.joined(separator: ", ")
            for row in try session.rows("SELECT \(list) FROM `\(table)` ORDER BY `\(order)`") {
                let values = row.map { $0.string?.isEmpty == true ? SQLValue.null : $0 }
                for value in values { hash.update(data: Array(((value.string ?? "") + "\u{0}").utf8)) }
                body(values)
            }
        }

        /// Of all that was read.
        var digest: String { hash.finalize().prefix(8).hexadecimal }
    }
}

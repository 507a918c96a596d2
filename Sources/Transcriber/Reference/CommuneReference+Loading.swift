extension CommuneReference {
    /// Reads a list of communes as INSEE (`v_commune_AAAA.csv`, `v_commune_depuis_1943.csv`) or La Poste (base
    /// officielle des codes postaux) publishes it: a code, a name, and where they are there department, coordinates,
    /// kind and end.
    ///
    /// - Parameter file: its name, for errors.
    /// - Throws: `ReferenceError` that names the line.
    public init(csv bytes: [UInt8], file: String) throws(ReferenceError) {
        let table = try CSVTable(bytes, file: file)
        let columns = try Columns(table)
        var communes: [Commune] = []
        var places: [String: Int] = [:]
        for row in table.rows {
            let commune = try columns.commune(row)
            // La Poste has a row for each postcode, INSEE one for each time a commune changed.
            let key = commune.code + " " + Self.form(commune.name)
            if let place = places[key] {
                communes[place].isFormer = communes[place].isFormer && commune.isFormer
                communes[place].latitude = communes[place].latitude ?? commune.latitude
                communes[place].longitude = communes[place].longitude ?? commune.longitude
            } else {
                places[key] = communes.count
                communes.append(commune)
            }
        }
        guard !communes.isEmpty else {
            throw ReferenceError(
                file: file, line: 1, problem: "it names no commune", advice: "Each further line is a commune.")
        }
        self.init(communes, digest: CSVTable.digest(of: bytes))
    }

    /// The places of what is read.
    private struct Columns {
        private let table: CSVTable
        private let code: Int
        private let name: Int
        private let department: Int?
        private let place: Int?
        private let latitude: Int?
        private let longitude: Int?
        private let kind: Int?
        private let end: Int?

        init(_ table: CSVTable) throws(ReferenceError) {
            self.table = table
            func missing(_ what: String, _ names: String) -> ReferenceError {
                ReferenceError(
                    file: table.file, line: 1, problem: "it has no column with the \(what)",
                    advice: "One of \(names); its columns are \(table.columns.joined(separator: ", ").shortened).")
            }
            guard
                let code = table.column(
                    "COM", "code_commune_insee", "#code_commune_insee", "code_insee", "codgeo", "insee", "code")
            else { throw missing("code", "COM, code_commune_insee, code_insee") }
            guard
                let name = table.column(
                    "LIBELLE", "nom_commune_complet", "nom_de_la_commune", "nom_commune_postal", "nom_commune", "nom",
                    "NCCENR", "NCC")
            else { throw missing("name", "LIBELLE, nom_de_la_commune, nom_commune") }
            self.code = code
            self.name = name
            department = table.column("DEP", "code_departement")
            place = table.column("coordonnees_gps", "coordonnees_geographiques", "_geopoint")
            latitude = table.column("latitude", "lat")
            longitude = table.column("longitude", "lon", "lng")
            kind = table.column("TYPECOM")
            end = table.column("DATE_FIN")
        }

        func commune(_ row: CSVTable.Row) throws(ReferenceError) -> Commune {
            let code = try insee(row)
            let name = row.fields[name].trimmed
            guard !name.isEmpty, name.utf8.count <= SpeciesReference.longestName else {
                throw table.error(row, "it has no name", "Each line names a commune.")
            }
            let (latitude, longitude) = coordinates(row)
            let given = department.map { row.fields[$0].trimmed }.flatMap(Departements.all(in:).self)?.first
            let isPast = kind.map { !["COM", "ARM", ""].contains(row.fields[$0].trimmed.uppercased()) } ?? false
            let hasEnded = end.map { !row.fields[$0].trimmed.isEmpty } ?? false
            return Commune(
                code: code, name: name,
                department: given ?? String(code.prefix(code.hasPrefix("97") || code.hasPrefix("98") ? 3 : 2)),
                latitude: latitude, longitude: longitude, isFormer: isPast || hasEnded)
        }

        /// Five characters: spreadsheets take a leading zero away.
        private func insee(_ row: CSVTable.Row) throws(ReferenceError) -> String {
            let text = row.fields[code].trimmed.uppercased()
            let padded = text.utf8.count == 4 ? "0" + text : text
            let isCode = padded.wholeMatch(of: /[0-9][0-9AB][0-9]{3}/) != nil
            guard isCode else {
                throw table.error(
                    row, "« \(text.shortened) » is no INSEE code", "Five characters, for example 01004 or 2A004.")
            }
            return padded
        }

        private func coordinates(_ row: CSVTable.Row) -> (Double?, Double?) {
            var pair: [Double?] = [nil, nil]
            if let place {
                pair = row.fields[place].split(separator: ",").map { Double(String($0).trimmed) }
            } else if let latitude, let longitude {
                pair = [Double(row.fields[latitude].trimmed), Double(row.fields[longitude].trimmed)]
            }
            guard pair.count == 2, let north = pair[0], let east = pair[1], (-90...90).contains(north),
                (-180...180).contains(east)
            else { return (nil, nil) }
            return (north, east)
        }
    }
}

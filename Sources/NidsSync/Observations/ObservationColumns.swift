/// The columns to compute with, which came in version 2 of the tables. Released statements do not change.
enum ObservationColumns {
    static func add(in session: any SQLSession) throws {
        let dialect = session.dialect
        try add(lectures(dialect), to: "nids_lectures", in: session)
        try add([("date_visite", "DATE")], to: "nids_visites", in: session)
        try EquivalenceTable.create(in: session)
        for (table, name, columns) in indexes(dialect) {
            try session.run("CREATE INDEX IF NOT EXISTS nids_\(name) ON \(table) (\(columns))")
        }
    }

    private static func lectures(_ dialect: SQLDialect) -> [(String, String)] {
        [
            ("annee_nombre", "BIGINT"), ("hauteur_nid_m", "DOUBLE"), ("hauteur_couvert_m", "DOUBLE"),
            ("altitude_m", "DOUBLE"), ("date_premier_oeuf", "DATE"), ("date_premiere_eclosion", "DATE"),
            ("date_premier_envol", "DATE"), ("espece_statut", "VARCHAR(20)"), ("espece_source", "VARCHAR(20)"),
            ("espece_code", "VARCHAR(5)"), ("espece_nom", "VARCHAR(191)"), ("espece_scientifique", "VARCHAR(191)"),
            ("espece_proposee", "VARCHAR(191)"), ("espece_proposee_code", "VARCHAR(5)"), ("espece_score", "DOUBLE"),
            ("espece_forme", dialect.exact("VARCHAR(191)")), ("espece_modele", "TEXT"),
            ("commune_statut", "VARCHAR(20)"), ("commune_code", "VARCHAR(5)"), ("commune_nom", "VARCHAR(191)"),
            ("commune_departement", "VARCHAR(3)"), ("commune_latitude", "DOUBLE"), ("commune_longitude", "DOUBLE"),
            ("relue_par", "VARCHAR(191)"), ("relue_le", "DATETIME"), ("priorite_relecture", "BIGINT"),
            ("calcul", dialect.exact("VARCHAR(64)") + " NOT NULL DEFAULT ''"),
        ]
    }

    private static func indexes(_ dialect: SQLDialect) -> [(table: String, name: String, columns: String)] {
        [
            ("nids_lectures", "lectures_espece", "espece_code, annee_nombre"),
            ("nids_lectures", "lectures_statut", "espece_statut"),
            ("nids_lectures", "lectures_forme", "espece_forme"),
            ("nids_lectures", "lectures_annee", "annee_nombre"),
            ("nids_lectures", "lectures_ponte", "date_premier_oeuf"),
            ("nids_lectures", "lectures_departement", dialect.prefix("departement", 20)),
            ("nids_lectures", "lectures_commune", dialect.prefix("commune", 64)),
            ("nids_lectures", "lectures_code_commune", "commune_code"),
            ("nids_lectures", "lectures_observateur", dialect.prefix("observateur", 64)),
            ("nids_lectures", "lectures_relecture", "relue_par, relue_le"),
            ("nids_lectures", "lectures_priorite", "priorite_relecture"),
            ("nids_lectures", "lectures_calcul", "calcul"),
            ("nids_visites", "visites_date", "date_visite"),
            ("nids_controles", "controles_regle", dialect.prefix("regle", 64)),
            ("nids_fiches", "fiches_chemin", dialect.prefix("chemin", 191)),
        ]
    }

    /// Each column once: a try before may have made some of them.
    private static func add(_ columns: [(name: String, type: String)], to table: String, in session: any SQLSession)
        throws
    {
        let present = Set(try session.columns(of: table))
        for column in columns where !present.contains(column.name) {
            try session.run("ALTER TABLE \(table) ADD COLUMN \(column.name) \(column.type)")
        }
    }
}

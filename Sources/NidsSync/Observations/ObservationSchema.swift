/// The tables and views as they were first made. Released statements do not change: a new step is added instead.
enum ObservationSchema {
    static func tables(_ dialect: SQLDialect) -> [String] {
        [
            """
            CREATE TABLE IF NOT EXISTS nids_fiches (
                \(dialect.idColumn),
                cle \(dialect.exact("CHAR(64)")) NOT NULL,
                racine \(dialect.exact("TEXT")) NOT NULL,
                chemin \(dialect.exact("TEXT")) NOT NULL,
                enregistree_le DATETIME NOT NULL,
                CONSTRAINT nids_fiches_cle UNIQUE (cle)
            ) \(dialect.tableOptions)
            """,
            """
            CREATE TABLE IF NOT EXISTS nids_lectures (
                \(dialect.idColumn),
                fiche_id BIGINT NOT NULL,
                modele \(dialect.exact("VARCHAR(191)")) NOT NULL,
                est_principal BOOLEAN NOT NULL,
                origine VARCHAR(20) NOT NULL,
                \(ficheColumns),
                modele_fournisseur TEXT,
                type_fiche VARCHAR(20) NOT NULL,
                version_consigne TEXT,
                transcrite_le DATETIME,
                chemin_resultat TEXT,
                etag_resultat TEXT,
                document MEDIUMTEXT NOT NULL,
                empreinte CHAR(64) NOT NULL,
                enregistree_le DATETIME NOT NULL,
                modifiee_le DATETIME NOT NULL,
                retiree_le DATETIME,
                retiree_motif TEXT,
                CONSTRAINT nids_lectures_modele UNIQUE (fiche_id, modele),
                CONSTRAINT nids_lectures_fiche FOREIGN KEY (fiche_id) REFERENCES nids_fiches (id) ON DELETE CASCADE
            ) \(dialect.tableOptions)
            """,
            part(
                "visites",
                """
                jour BIGINT, mois BIGINT, heure BIGINT, nombre_oeufs BIGINT, nombre_poussins BIGINT,
                age TEXT, observations TEXT
                """, dialect),
            part("pages", "chemin \(dialect.exact("TEXT")) NOT NULL, sha256 CHAR(64) NOT NULL", dialect),
            part(
                "controles", "champ TEXT NOT NULL, regle TEXT NOT NULL, gravite TEXT NOT NULL, message TEXT NOT NULL",
                dialect),
        ]
    }

    static func views(_ dialect: SQLDialect) -> [String] {
        [
            """
            \(dialect.createView) nids_v_fiches AS
            SELECT f.id AS fiche_id, l.id AS lecture_id, f.racine, f.chemin,
                l.n_fiche, l.observateur, l.n_espece, l.espece, l.annee,
                l.nid_precedent_meme_couple, l.hauteur_nid, l.hauteur_couvert, l.nid,
                l.ign_50000, l.commune, l.departement, l.coordonnees_lieu_dit, l.altitude, l.paysage, l.alentours,
                l.premier_oeuf_jour, l.premier_oeuf_mois, l.premier_oeuf_precision,
                l.premiere_eclosion_jour, l.premiere_eclosion_mois, l.premiere_eclosion_precision,
                l.premier_envol_jour, l.premier_envol_mois, l.premier_envol_precision,
                l.oeufs_pondus, l.oeufs_eclos, l.oeufs_non_eclos,
                l.poussins_demi, l.poussins_trois_quarts, l.poussins_volants, l.causes_echec, l.remarque,
                (SELECT COUNT(*) FROM nids_controles c WHERE c.lecture_id = l.id) AS nombre_controles,
                l.origine, l.modele, l.type_fiche, l.transcrite_le, l.chemin_resultat
            FROM nids_fiches f JOIN nids_lectures l ON l.id = (
                SELECT m.id FROM nids_lectures m WHERE m.fiche_id = f.id AND m.retiree_le IS NULL
                ORDER BY CASE m.origine WHEN 'personne' THEN 0 ELSE 1 END, m.est_principal DESC, m.modele LIMIT 1)
            """,
            """
            \(dialect.createView) nids_v_visites AS
            SELECT f.fiche_id, f.lecture_id, f.racine, f.chemin, f.n_fiche, f.observateur, f.n_espece, f.espece,
                f.annee, f.commune, f.departement,
                v.rang, v.jour, v.mois, v.heure, v.nombre_oeufs, v.nombre_poussins, v.age, v.observations
            FROM nids_v_fiches f JOIN nids_visites v ON v.lecture_id = f.lecture_id
            """,
        ]
    }

    private static let ficheColumns = """
        n_fiche TEXT, observateur TEXT, n_espece BIGINT, espece TEXT, annee TEXT,
        nid_precedent_meme_couple BOOLEAN, hauteur_nid TEXT, hauteur_couvert TEXT, nid TEXT,
        ign_50000 TEXT, commune TEXT, departement TEXT, coordonnees_lieu_dit TEXT, altitude TEXT, paysage TEXT,
        alentours TEXT,
        premier_oeuf_jour BIGINT, premier_oeuf_mois BIGINT, premier_oeuf_precision TEXT,
        premiere_eclosion_jour BIGINT, premiere_eclosion_mois BIGINT, premiere_eclosion_precision TEXT,
        premier_envol_jour BIGINT, premier_envol_mois BIGINT, premier_envol_precision TEXT,
        oeufs_pondus BIGINT, oeufs_eclos BIGINT, oeufs_non_eclos BIGINT,
        poussins_demi BIGINT, poussins_trois_quarts BIGINT, poussins_volants BIGINT,
        causes_echec TEXT, remarque TEXT
        """

    /// A table whose rows are parts of a reading, numbered from 1.
    private static func part(_ name: String, _ columns: String, _ dialect: SQLDialect) -> String {
        """
        CREATE TABLE IF NOT EXISTS nids_\(name) (
            \(dialect.idColumn),
            lecture_id BIGINT NOT NULL,
            rang BIGINT NOT NULL,
            \(columns),
            CONSTRAINT nids_\(name)_rang UNIQUE (lecture_id, rang),
            CONSTRAINT nids_\(name)_lecture FOREIGN KEY (lecture_id) REFERENCES nids_lectures (id) ON DELETE CASCADE
        ) \(dialect.tableOptions)
        """
    }
}

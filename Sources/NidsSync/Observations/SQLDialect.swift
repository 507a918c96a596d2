/// The few words of SQL in which the two databases differ.
enum SQLDialect: Sendable {
    case sqlite
    case mariaDB

    var idColumn: String {
        self == .sqlite ? "id INTEGER PRIMARY KEY" : "id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY"
    }

    /// Texts compared byte by byte, trailing spaces included; SQLite's are anyway.
    func exact(_ type: String) -> String {
        self == .sqlite ? type : "\(type) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"
    }

    /// The options that follow a table's columns. Other texts take the server's collation for utf8mb4, most likely the one that
    /// the other tables have, and that people search with.
    var tableOptions: String {
        self == .sqlite ? "" : "ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET = utf8mb4"
    }

    /// With its reader's rights, a view outlives the account that made it.
    var createView: String {
        self == .sqlite ? "CREATE VIEW IF NOT EXISTS" : "CREATE SQL SECURITY INVOKER VIEW IF NOT EXISTS"
    }

    /// A view in another one's place: MariaDB wants the right to drop it.
    func replaceView(_ name: String, _ select: String) -> [String] {
        self == .sqlite
            ? ["DROP VIEW \(name)", "CREATE VIEW \(name) AS \(select)"]
            : ["CREATE OR REPLACE SQL SECURITY INVOKER VIEW \(name) AS \(select)"]
    }

    /// A column of an index by its first characters; SQLite takes all of them.
    func prefix(_ column: String, _ length: Int) -> String { self == .sqlite ? column : "\(column)(\(length))" }

    /// The rules that the reading `l` breaks, in order.
    var rules: String {
        self == .sqlite
            ? """
            (SELECT group_concat(r.regle, ', ') FROM (SELECT DISTINCT c.regle FROM nids_controles c
                WHERE c.lecture_id = l.id ORDER BY c.regle) r)
            """
            : """
            (SELECT GROUP_CONCAT(DISTINCT c.regle ORDER BY c.regle SEPARATOR ', ') FROM nids_controles c
                WHERE c.lecture_id = l.id)
            """
    }

    /// The folder of a path, with its slash; empty for a file in the root itself.
    func folder(of path: String) -> String {
        self == .sqlite
            ? "RTRIM(\(path), REPLACE(\(path), '/', ''))"
            : "LEFT(\(path), CHAR_LENGTH(\(path)) - CHAR_LENGTH(SUBSTRING_INDEX(\(path), '/', -1)))"
    }

    var columnsOfTable: String {
        self == .sqlite
            ? "SELECT name FROM pragma_table_info(?) ORDER BY cid"
            : """
            SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? \
            ORDER BY ordinal_position
            """
    }

    var countTablesNamed: String {
        self == .sqlite
            ? "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = ?"
            : "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?"
    }
}

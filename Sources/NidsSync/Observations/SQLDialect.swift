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

    var countTablesNamed: String {
        self == .sqlite
            ? "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = ?"
            : "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?"
    }
}

import GRDB

/// The state's tables within one transaction: several of them can be read and changed together.
struct StateTables {
    let db: Database
    /// The labels of the configured models, the primary's first.
    let models: [String]

    var memory: MemoryTable { MemoryTable(db: db) }
    var collections: CollectionTable { CollectionTable(db: db) }
    var resultFiles: ResultFileTable { ResultFileTable(db: db) }
    var scans: ScanTable { ScanTable(db: db) }
    var variants: VariantTable { VariantTable(db: db) }
    var sheets: SheetTable { SheetTable(db: db) }
    var jobs: JobTable { JobTable(db: db) }
    var counts: JobCounts { JobCounts(db: db) }
    var answers: AnswerTable { AnswerTable(db: db) }
    var requests: RequestTable { RequestTable(db: db) }
    var publications: PublicationTable { PublicationTable(db: db) }
    var batches: BatchTable { BatchTable(db: db) }
    var pauses: PauseTable { PauseTable(db: db) }
    var dueTimes: DueTimes { DueTimes(db: db) }
    var neighbours: NeighbourQuery { NeighbourQuery(db: db) }

    /// Forgets everything that belongs to one root of one server; paid answers stay.
    /// - Throws: `DatabaseError`.
    func forgetRoot() throws {
        for table in ["publication", "job", "scan", "sheet", "result_file", "collection"] {
            try db.execute(sql: "DELETE FROM \(table)")
        }
        try memory.forgetRoot()
    }
}

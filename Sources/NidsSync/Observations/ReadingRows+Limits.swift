import Foundation

extension ReadingRows {
    /// MariaDB's `TEXT`.
    static let textLimit = 65_535
    /// Far more than a sheet holds, and less than any server's `max_allowed_packet`.
    static let documentLimit = 1 << 20
    static let modelLimit = 191
    /// A person's name is cut there.
    private static let reviewerLimit = 191

    /// A person's name as it is kept.
    static func reviewer(_ name: String) -> String { String(name.unicodeScalars.prefix(reviewerLimit)) }

    /// Refuses a value that does not fit, by its field's name, so that both databases refuse the same.
    /// - Throws: `ObservationError.rejected`.
    func check(_ reading: ObservationReading) throws(ObservationError) {
        func reject(_ reason: String) -> ObservationError { .rejected(sheet: reading.sheet, reason: reason) }
        if reading.model.isEmpty || reading.model.unicodeScalars.count > Self.modelLimit {
            throw reject("a model's label has 1 to \(Self.modelLimit) characters")
        }
        for (name, date) in [("transcription", reading.transcribedAt), ("review", reading.reviewedAt)] {
            guard let date, !Self.dates.contains(date) else { continue }
            throw reject("the time of the \(name) is not in the years 1000 to 9999")
        }
        if let page = reading.pages.first(where: { $0.sha256.utf8.count > 64 }) {
            throw reject("\(page.sha256.prefix(80)) is not a SHA-256")
        }
        try check(Self.lectureColumns, [lecture], "", reject)
        try check(Self.visiteColumns, visites, "visit", reject)
        try check(Self.pageColumns, pages, "page", reject)
        try check(Self.checkColumns, checks, "check", reject)
    }

    /// Year 1000 to 9999: MariaDB's `DATETIME`.
    private static let dates =
        Date(timeIntervalSince1970: -30_610_224_000)..<Date(timeIntervalSince1970: 253_402_300_800)

    private func check(
        _ columns: [String], _ rows: [[SQLValue]], _ kind: String, _ reject: (String) -> ObservationError
    ) throws(ObservationError) {
        for (index, row) in rows.enumerated() {
            for (column, value) in zip(columns, row) {
                guard case .text(let text) = value else { continue }
                let limit = column == "document" ? Self.documentLimit : Self.textLimit
                guard text.utf8.count > limit else { continue }
                let place = kind.isEmpty ? column : "\(column) of \(kind) \(index + 1)"
                throw reject("\(place) has \(text.utf8.count) bytes, at most \(limit) can be stored")
            }
        }
    }
}

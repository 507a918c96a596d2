/// A page whose words have been read, taken apart into what stands beside labels and in tables.
struct ReadPage: Sendable {
    let form: FormReader
    let visits: [VisitReading]
    let summary: [SummaryColumn: FieldReading]

    /// True when anything printed on the sheet was found.
    var isForm: Bool { form.labels.count >= 2 || !visits.isEmpty || !summary.isEmpty }

    /// Everything that was written: beside labels and in cells.
    var readings: [FieldReading] {
        FieldLabel.allCases.compactMap(form.reading) + visits.flatMap(\.cells.values) + summary.values
    }

    init(layout: PageLayout, segments: [ReadSegment]) {
        let grid = TableGrid(layout: layout, segments: segments)
        form = FormReader(layout: layout, segments: segments)
        visits = VisitTableReader(grid: grid).rows()
        summary = SummaryReader(grid: grid).readings()
    }
}

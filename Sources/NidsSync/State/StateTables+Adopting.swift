import GRDB

extension StateTables {
    /// A result that was there before us is taken over as it is; nothing is asked of a model.
    func adoptTheirs(_ job: SheetJob, _ publication: Publication) throws {
        try publications.store(publication)
        try jobs.adoptTheirs(job)
    }

    /// A result of ours, of this content, is taken over: published already, still to be recorded.
    ///
    /// - Parameter compared: the models whose readings its consensus names.
    func adoptOurs(
        _ job: SheetJob, content: String, answer: Int64, compared: [String], _ publication: Publication
    ) throws {
        var publication = publication
        if try lacksReading(job, answer: answer, compared: compared) { publication.state = .pending }
        try publications.store(publication)
        try jobs.adoptOurs(job, content: content, answer: answer)
    }

    /// A person took away what stood in a sheet's way: it is read as if nothing had been there.
    func makeWay(_ publication: Publication) throws {
        try publications.remove(publication.path)
        if let job = try jobs.job(publication.jobID) { try jobs.reopen(job.sheetID) }
    }

    /// Sheets that have no scan any more are withdrawn.
    func retireEmpty(_ left: Set<Int64>) throws {
        for sheet in left where try !scans.hasPages(sheet, besides: []) { try jobs.retire(sheet) }
    }

    /// Says of new jobs what has to be done first: to look at what lies at the result's place, or to ask a model.
    ///
    /// - Returns: the number of jobs.
    func sortNewJobs(_ filter: JobFilter, limit: Int) throws -> Int {
        if try resultFiles.isEmpty() { return try jobs.sortAllToAsk() }
        let new = try jobs.unsorted(filter, limit: limit)
        for job in new {
            let isThere = try job.place.map(resultFiles.exists) ?? false
            let adopts = isThere && !job.isPublished
            // What was read before waits for nothing.
            if adopts { try sheets.hold(job.sheet, until: nil) }
            try jobs.sort(job.id, adopts: adopts)
        }
        return new.count
    }
}

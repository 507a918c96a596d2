import DAV

extension ResultDocument {
    /// The scan that this is our own intact result of, where it is none of the job's.
    ///
    /// A restored version of the scan's own result has its file id, or its content.
    func otherScan(than job: SheetJob) -> String? {
        guard case .ours(let sources) = author, let first = sources.first else { return nil }
        let isOfJob = sources.contains { source in
            job.pages.contains { page in
                page.sha256 == source.sha256 || page.path.description.utf8.elementsEqual(source.path.utf8)
                    || page.fileID != nil && page.fileID == source.fileID
            }
        }
        return isOfJob ? nil : first.path
    }
}

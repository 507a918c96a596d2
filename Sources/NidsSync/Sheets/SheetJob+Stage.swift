extension SheetJob {
    /// Where a job is in its life; `JobTable` draws which stage may follow which.
    enum Stage: String, Sendable, CaseIterable {
        /// Nothing is known of it but that it is there.
        case new
        /// Something lies at its result's place, which may be its result.
        case adopting
        /// Its content has to be looked at, and a model asked.
        case asking
        /// It is one of a batch, whose answers come within a day.
        case batched
        /// An answer is there; it has not been delivered everywhere.
        case answered
        /// Delivered, or adopted.
        case done
        /// Failed for good, until its content changes or a person asks.
        case failed
        /// Its scans are gone; its rows have still to be withdrawn.
        case withdrawing
        /// Its scans are gone.
        case withdrawn

        /// The stages in which a sheet has no answer yet.
        static let unanswered: [Stage] = [.new, .adopting, .asking]
        /// The stages in which there is something to do.
        static let pending: [Stage] = unanswered + [.batched, .answered, .withdrawing]
    }
}

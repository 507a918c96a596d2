import Foundation
import Transcriber

/// The state of things that `status` shows.
public struct StatusReport: Sendable {
    /// Something that happened to several.
    struct Reason: Sendable, Equatable {
        var reason: String
        var count: Int
    }

    /// Something about one sheet.
    struct Note: Sendable, Equatable {
        var path: String
        /// Empty where it is about no model.
        var model: String
        var reason: String
    }

    /// A sheet that waits.
    struct Waiting: Sendable, Equatable {
        var path: String
        var model: String
        var reason: String
        /// Since when, where it is known.
        var since: Date?
    }

    /// A scan that stands by, since another preparation of its sheet is read.
    struct Variant: Sendable, Equatable {
        var path: String
        /// The scan that is read in its place.
        var readPath: String
    }

    /// The sheets, each counted once for every model that reads it.
    struct Sheets: Sendable, Equatable {
        var done = 0
        /// Those whose result a person deleted: it is not brought back.
        var deleted = 0
        var waiting = 0
        /// Those that wait for something other than their turn, those that wait longest first; the first of them.
        var waitingSheets: [Waiting] = []
        /// The number of all of them.
        var listedWaiting = 0
        /// The reasons why they wait, the most frequent first.
        var waitingReasons: [Reason] = []
        /// When the first of those that are tried again by themselves is.
        var nextRetry: Date?
        /// Those that failed, in the order of their paths; the first of them.
        var failed: [Note] = []
        /// The number of all of them.
        var failedCount = 0
        /// The reasons why scans are not worked on.
        var leftOut: [Reason] = []
        /// The scans that are not worked on, by reason and path; the first of each reason.
        var leftOutScans: [Note] = []
        /// Scans that are not paired with another; the first of them.
        var notes: [Note] = []
        /// The number of all of them.
        var noteCount = 0
        /// Scans that stand by; the first of them.
        var variants: [Variant] = []
        /// The number of all of them.
        var variantCount = 0
        /// Folders that may hold preparations of the same sheets and are not known to, as words about their parent.
        var similarFolders: [Note] = []
    }

    /// One model, and what it has done for its money.
    struct Model: Sendable, Equatable {
        var label: String
        /// Set where the last run worked with it.
        var isConfigured: Bool
        /// Set where it costs nothing.
        var isFree: Bool
        /// Sheets that have its reading.
        var sheetsRead: Int
        /// Sheets that it is still to be asked about, those in a batch apart.
        var toAsk: Int
        var total: Spending
        var thisMonth: Spending
        var batches: [Batch]
        var pause: Pause?
    }

    /// Requests sent to a provider together.
    struct Batch: Sendable, Equatable {
        /// `gathering`, `sending` or `sent`.
        var stage: String
        /// Lines whose results are still awaited.
        var awaited: Int
        /// When it was sent, else when it was begun.
        var since: Date
        /// The reason why it is not where it should be, in words.
        var note: String?
    }

    /// The reason why a model is paused.
    struct Pause: Sendable, Equatable {
        var reason: String
        var since: Date
        /// `nil` until the next pass.
        var until: Date?
    }

    /// The process that works with the state.
    struct Running: Sendable, Equatable {
        var process: String?
        var since: Date
    }

    /// When this was so.
    var now: Date
    var directory: String
    /// The server and its folder, `nil` before the first run.
    var url: String?
    var root: String?
    var lastFullLook: Date?
    var running: Running?
    var sheets: Sheets
    var models: [Model]
    var budget: Settings.Budget?
}

extension StatusReport {
    /// The money spent this month as the budget counts it: lost requests at what an answer costs on average.
    var spentThisMonth: Double { models.reduce(0) { $0 + $1.thisMonth.estimatedCost } }

    /// The same since the beginning.
    var spentInTotal: Double { models.reduce(0) { $0 + $1.total.estimatedCost } }

    /// The rest of this month's budget, `nil` without one.
    var left: Double? {
        guard case .sum(let sum) = budget else { return nil }
        return max(0, sum - spentThisMonth)
    }

    /// Paid answers still to come, batches included.
    var stillToPay: Int { models.filter { !$0.isFree }.reduce(0) { $0 + $1.stillToPay } }

    /// The cost of those, but for those of which it is not known.
    var estimate: Double? {
        let estimates = models.filter { !$0.isFree && $0.stillToPay > 0 }.compactMap(\.estimate)
        return estimates.isEmpty ? nil : estimates.reduce(0, +)
    }

    /// The number of those of which the cost is not known.
    var withoutEstimate: Int {
        models.filter { !$0.isFree && $0.estimate == nil }.reduce(0) { $0 + $1.stillToPay }
    }
}

extension StatusReport.Model {
    /// Answers that are still to come.
    var stillToPay: Int { toAsk + total.awaited }

    /// Their cost, where it is known what an answer costs.
    var estimate: Double? { total.costPerAnswer.map { $0 * Double(stillToPay) } }

    /// Set where there is anything to tell of it.
    var isWorthTelling: Bool { isConfigured || total.requests > 0 || sheetsRead > 0 || pause != nil }
}

extension Spending {
    /// With lost requests at what an answer costs on average.
    var estimatedCost: Double { cost + Double(lost) * (costPerAnswer ?? 0) }
}

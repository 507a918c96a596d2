import Foundation
import Logging
import Transcriber

/// Says what an error of the provider's means for a batch: it is tried again later, and costs the model nothing that it
/// does otherwise, a refused key and a provider out of reach apart.
struct BatchFaults: Sendable {
    /// The time after which a batch whose sending was in doubt is looked for: by then the provider's list shows it, in
    /// seconds.
    static let afterDoubt: TimeInterval = 60

    let state: StateDatabase
    let pauses: ModelPauses
    let stuck: StuckModels
    let timing: Timing
    let logger: Logger

    /// Puts a batch off.
    /// - Throws: `CancellationError`, `DatabaseError`.
    func postpone(_ batch: BatchRecord, after error: TranscriptionError) async throws {
        let reason = error.reason ?? "\(error)"
        switch error {
        case .cancelled: throw CancellationError()
        case .keyRefused: _ = await pauses.pause(batch.model, for: error)
        case .unavailable(_, let after, _):
            await pauses.pause(batch.model, .model(label: batch.model, reason), for: after)
        default: break
        }
        logger.warning("batch put off", metadata: ["model": "\(batch.model)", "reason": "\(reason)"])
        if batch.stage == .sending { stuck.mark(batch.model, isStuck: true) }
        var next = next(after: batch)
        if error.leavesDoubt { next = max(next, timing.now().addingTimeInterval(Self.afterDoubt)) }
        if let after = error.retryAfter { next = max(next, timing.now().addingTimeInterval(after.seconds)) }
        let time = next
        try await state.write { try $0.batches.postpone(batch.id, until: time, note: reason) }
    }

    /// The time of the next look at a batch that is under way.
    func next(after batch: BatchRecord) -> Date {
        timing.now().addingTimeInterval(BackoffSchedule.batch.pause(after: min(batch.looks, 20) + 1))
    }
}

extension TranscriptionError {
    /// Set where what was asked may have been done all the same.
    var leavesDoubt: Bool {
        if case .unavailable(_, _, mayHaveBeenBilled: true) = self { true } else { false }
    }

    /// The provider's words, where there are any.
    var reason: String? {
        switch self {
        case .unreadable(let reason), .refused(let reason), .unavailable(let reason, _, _),
            .modelPaused(let reason, _), .keyRefused(let reason), .rejected(let reason),
            .severalPagesRefused(let reason):
            reason
        case .rateLimited: "too many requests in this minute"
        default: nil
        }
    }
}

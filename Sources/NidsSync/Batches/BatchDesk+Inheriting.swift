import Foundation
import Synchronization
import Transcriber

/// A state that is lost may have sent batches: their names say that they are this installation's, and the keys of
/// their lines say what they are about, so that nothing is paid for twice.
extension BatchDesk {
    /// How often it is looked whether such a batch is done.
    private static let pause = Duration.seconds(600)

    /// What the names of this installation's batches for a model begin with.
    func displayNamePrefix(_ model: String) async throws -> String {
        let installation = try await state.recall(.installation) ?? "new"
        return "nids-sync \(installation.prefix(13)) \(model) "
    }

    /// While a batch of a lost state is under way it is not known what is in it: nothing more is gathered.
    /// - Throws: `WorkInterruption.waiting`, or `TranscriptionError` where the provider cannot be asked.
    func refuseBeforeInherited(_ model: String, _ batching: Batching) async throws {
        if !examined.withLock({ $0.contains(model) }) {
            try await inherit(model, batching)
            examined.withLock { _ = $0.insert(model) }
        }
        let batches = try await state.openBatches()
        guard let sent = batches.first(where: { $0.isInherited && $0.model == model }) else { return }
        let reason = "the batch \(sent.displayName), sent before the state was lost, has still to be done"
        await worker.rest(model, .modelPaused(label: model, reason), for: Self.pause)
        throw WorkInterruption.waiting(reason: reason)
    }

    private func inherit(_ model: String, _ batching: Batching) async throws {
        // Asked once in a state's life, before it sends its first batch.
        let known = try await state.recall(.examinedBatches) ?? ""
        guard !known.split(separator: ",").contains(Substring(model)) else { return }
        let prefix = try await displayNamePrefix(model)
        let now = timing.now()
        for job in try await batching.provider.jobs(withPrefix: prefix) where job.failure == nil {
            try await state.inherit(job, model: model, at: now)
        }
        try await state.remember(.examinedBatches, known + "," + model)
        for batch in try await ready(.sent, onlyDue: false) { try await look(at: batch) }
    }
}

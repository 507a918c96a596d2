import Foundation
import Synchronization
import Transcriber

/// Batches that a state which is lost has sent: their names say that they are this installation's, and the keys of
/// their lines what they are about, so that nothing is paid for twice.
final class LostStateBatches: Sendable {
    /// The time after which it is looked again whether such a batch is done.
    private static let pause = Duration.seconds(600)

    private let sender: BatchSender
    private let collector: BatchCollector
    /// Models of which it is known whether a state of before has sent batches.
    private let examined = Mutex<Set<String>>([])

    init(sender: BatchSender, collector: BatchCollector) {
        self.sender = sender
        self.collector = collector
    }

    private var state: StateDatabase { sender.state }

    /// The beginning of the names of this installation's batches for a model.
    /// - Throws: `DatabaseError`.
    func displayNamePrefix(_ model: String) async throws -> String {
        let installation = try await state.recall(.installation) ?? "new"
        return "nids-sync \(installation.prefix(13)) \(model) "
    }

    /// Stops the gathering while a batch of a lost state is under way, since it is not known what is in it.
    /// - Throws: `WorkFault.waiting`, `DatabaseError`, or `TranscriptionError` where the provider cannot be asked.
    func requireNone(_ model: String, _ batching: Batching) async throws {
        if !examined.withLock({ $0.contains(model) }) {
            try await inherit(model, batching)
            examined.withLock { _ = $0.insert(model) }
        }
        let batches = try await state.read { try $0.batches.open() }
        guard let sent = batches.first(where: { $0.isInherited && $0.model == model }) else { return }
        let reason = "the batch \(sent.displayName), sent before the state was lost, has still to be done"
        await sender.pauses.pause(model, .modelPaused(label: model, reason), for: Self.pause)
        throw WorkFault.waiting(reason: reason)
    }

    private func inherit(_ model: String, _ batching: Batching) async throws {
        // Asked once in a state's life, before it sends its first batch.
        let known = try await state.recall(.examinedBatches) ?? ""
        guard !known.split(separator: ",").contains(Substring(model)) else { return }
        let prefix = try await displayNamePrefix(model)
        let now = sender.timing.now()
        let found = try await batching.provider.jobs(withPrefix: prefix).filter { $0.failure == nil }
        try await state.write { tables in
            for job in found { try tables.batches.inherit(job, model: model, at: now) }
            try tables.memory.remember(.examinedBatches, known + "," + model)
        }
        for batch in try await sender.ready(.sent, onlyDue: false) { try await collector.look(at: batch) }
    }
}

import Foundation
import Logging
import Transcriber

/// Pauses models that cannot answer just now, and stores why for those who ask for the status.
struct ModelPauses: Sendable {
    /// The pause after which it is tried again whether the machine has what it wanted.
    private static let machinePause = Duration.seconds(15)

    let breaker: CircuitBreaker
    let state: StateDatabase
    let timing: Timing
    let logger: Logger

    /// A fault of the account, the model or this machine: the model is paused, and no sheet fails.
    ///
    /// - Returns: the reason, in words.
    func pause(_ model: String, for error: TranscriptionError) async -> String {
        switch error {
        case .modelPaused(let reason, let after):
            await pause(model, .modelPaused(label: model, reason), for: after, isNamed: after != nil)
            return reason
        case .keyRefused(let reason):
            await pause(model, .keyRefused(label: model, reason), for: nil)
            return reason
        case .toolMissing(let name, let package):
            let reason = "the program \(name) is missing on this machine: apt-get install \(package)"
            await pause(model, .model(label: model, reason), for: nil)
            return reason
        case .machineFault(let reason):
            // Soon, for a pass too: room is made, memory is free again.
            await pause(model, .model(label: model, reason), for: Self.machinePause)
            return reason
        default:
            return "\(error)"
        }
    }

    /// Nothing is asked of a model for some time.
    ///
    /// - Parameter isNamed: `true` where the provider named that time, so that it holds for a restart too.
    func pause(_ model: String, _ outage: Outage, for pause: Duration?, isNamed: Bool = false) async {
        let isNews = breaker.open(.model(model), outage, retryAfter: pause)
        guard isNews || isNamed else { return }
        let until = breaker.openUntil(.model(model))
        logger.warning(
            "model paused",
            metadata: [
                "model": "\(model)", "reason": "\(outage.explanation)",
                "until": "\(until.map { $0.ISO8601Format() } ?? "the next pass")",
            ])
        let record = ModelPause(
            model: model, reason: outage.explanation, since: timing.now(), until: until, isNamed: isNamed)
        do { try await state.write { try $0.pauses.store(record) } } catch {
            logger.error("the pause cannot be stored", metadata: ["reason": "\(error)"])
        }
    }

    /// A model has answered: whatever kept it from that is over.
    func recordAnswer(_ model: String) async {
        guard breaker.recordSuccess(.model(model)) else { return }
        logger.notice("model answers again", metadata: ["model": "\(model)"])
        do { try await state.write { try $0.pauses.end(model) } } catch {
            logger.error("the pause cannot be ended", metadata: ["reason": "\(error)"])
        }
    }

    /// A model whose provider said when to come back is left alone until then, by a new start too.
    /// - Throws: `DatabaseError`.
    func restore() async throws {
        let now = timing.now()
        let pauses = try await state.write { tables in
            try tables.pauses.forgetOld(at: now)
            return try tables.pauses.all()
        }
        for pause in pauses {
            guard let until = pause.until else { continue }
            breaker.open(
                .model(pause.model), .modelPaused(label: pause.model, pause.reason),
                retryAfter: .seconds(until.timeIntervalSince(now)))
        }
    }
}

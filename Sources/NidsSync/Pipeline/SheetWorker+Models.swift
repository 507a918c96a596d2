import Foundation
import Logging
import Transcriber

extension SheetWorker {
    /// A fault of the account, the model or this machine: the model rests, and no sheet fails.
    ///
    /// - Returns: why, in words.
    func pause(_ model: String, for error: TranscriptionError) async -> String {
        switch error {
        case .modelPaused(let reason, let after):
            await rest(model, .modelPaused(label: model, reason), for: after, isNamed: after != nil)
            return reason
        case .keyRefused(let reason):
            await rest(model, .keyRefused(label: model, reason), for: nil)
            return reason
        case .toolMissing(let name, let package):
            let reason = "the program \(name) is missing on this machine: apt-get install \(package)"
            await rest(model, .model(label: model, reason), for: nil)
            return reason
        default:
            return "\(error)"
        }
    }

    /// Nothing is asked of a model for some time, and those who ask for the status are told why.
    ///
    /// - Parameter isNamed: whether the provider named that time, so that it holds for a restart too.
    func rest(_ model: String, _ outage: Outage, for pause: Duration?, isNamed: Bool = false) async {
        let isNews = availability.close(.model(model), outage, retryAfter: pause)
        guard isNews || isNamed else { return }
        let until = availability.closedUntil(.model(model))
        logger.warning(
            "model paused",
            metadata: [
                "model": "\(model)", "reason": "\(outage.explanation)",
                "until": "\(until.map { $0.ISO8601Format() } ?? "the next pass")",
            ])
        let record = ModelPause(
            model: model, reason: outage.explanation, since: timing.now(), until: until, isNamed: isNamed)
        do { try await state.store(record) } catch {
            logger.error("the pause cannot be stored", metadata: ["reason": "\(error)"])
        }
    }

    /// A model has answered: whatever kept it from that is over.
    func modelAnswered(_ model: String) async {
        guard availability.reopen(.model(model)) else { return }
        logger.notice("model answers again", metadata: ["model": "\(model)"])
        do { try await state.endPause(of: model) } catch {
            logger.error("the pause cannot be ended", metadata: ["reason": "\(error)"])
        }
    }
}

import Foundation
import Transcriber

extension ResultDocument {
    /// The answer that a result of ours tells of, as if it had just come.
    ///
    /// - Parameter label: the model's.
    func received(label: String, now: Date) -> ReceivedAnswer {
        let provenance = provenance
        return ReceivedAnswer(
            answer: EngineAnswer(
                text: sheet.serialized(.canonical), providerModel: provenance.providerModel ?? label,
                usage: provenance.usage),
            promptVersion: provenance.promptVersion ?? 0, askedAt: provenance.askedAt ?? now,
            receivedAt: provenance.receivedAt ?? now, cost: nil, isOfBatch: provenance.isOfBatch, remarks: remarks)
    }
}

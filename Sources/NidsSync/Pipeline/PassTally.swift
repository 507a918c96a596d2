import Synchronization

/// What a pass has done so far, and what stands in its way.
final class PassTally: Sendable {
    struct State: Sendable {
        var transcribed = 0
        var adopted = 0
        var published = 0
        var recorded = 0
        var failed: [PassSummary.Failure] = []
        var notes: [PassSummary.Failure] = []
        var outages: Set<Outage> = []
        var uploads = 0
        /// Models that may not be asked because nobody said what may be spent, with the words for it.
        var unbudgeted: [String: String] = [:]
    }

    private let state = Mutex(State())

    var current: State { state.withLock { $0 } }

    func update(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    func note(_ outage: Outage) { state.withLock { _ = $0.outages.insert(outage) } }

    /// Whether nothing at all can go on: the login or a key is refused, or Nextcloud is out of reach.
    var isHalted: Bool {
        state.withLock { state in
            state.outages.contains {
                switch $0 {
                case .loginRefused, .keyRefused, .nextcloud: true
                default: false
                }
            }
        }
    }

    var uploadsHalted: String? {
        first { if case .uploads(let reason) = $0 { reason } else { nil } }
    }

    var observationsHalted: String? {
        first {
            switch $0 {
            case .observations(let reason), .observationsRefused(let reason), .observationsMisconfigured(let reason):
                reason
            default: nil
            }
        }
    }

    func modelHalted(_ label: String) -> String? {
        first {
            switch $0 {
            case .model(label, let reason), .modelPaused(label, let reason): reason
            default: nil
            }
        }
    }

    private func first(_ match: (Outage) -> String?) -> String? {
        state.withLock { $0.outages.lazy.compactMap(match).first }
    }
}

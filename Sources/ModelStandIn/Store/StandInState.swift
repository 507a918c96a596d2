import Synchronization

/// Everything that a stand-in remembers: how it behaves, what it was asked, its files and batches.
final class StandInState: Sendable {
    private struct Values {
        var configuration: StandInConfiguration
        var log = CallLog()
        var rejected = 0
        var quotas = Quotas()
        var port: UInt16 = 0
    }

    private let values: Mutex<Values>
    let files = FileStore()
    let batches = BatchStore()

    init(_ configuration: StandInConfiguration) {
        values = Mutex(Values(configuration: configuration))
    }

    var configuration: StandInConfiguration { values.withLock(\.configuration) }
    var baseURL: String { "http://127.0.0.1:\(values.withLock(\.port))" }
    var calls: [ModelCall] { values.withLock(\.log.calls) }
    var callsByDigest: [String: Int] { values.withLock(\.log.byDigest) }
    var rejectedCount: Int { values.withLock(\.rejected) }

    func configure(_ change: (inout StandInConfiguration) -> Void) { values.withLock { change(&$0.configuration) } }

    func listen(onPort port: UInt16) { values.withLock { $0.port = port } }

    func countRejection() { values.withLock { $0.rejected += 1 } }

    /// Counts a request and notes it, or returns the quota that forbids it.
    func take(_ call: ModelCall, _ configuration: StandInConfiguration) -> Quotas.Exceeded? {
        values.withLock { values in
            let exceeded = values.quotas.take(
                at: configuration.clock(), perMinute: configuration.quotaPerMinute, configuration.quotaKind,
                perDay: configuration.quotaPerDay)
            if exceeded == nil { values.log.append(call, keeping: configuration.keptBytes) }
            return exceeded
        }
    }

    /// Notes the line of a batch, which quotas of requests do not count.
    func note(_ call: ModelCall, _ configuration: StandInConfiguration) {
        values.withLock { $0.log.append(call, keeping: configuration.keptBytes) }
    }
}

import Synchronization

/// The faults that are set, each with what it has met so far.
final class FaultList: Sendable {
    private struct Entry {
        var fault: Fault
        var seen = 0
    }

    private let entries = Mutex<[Entry]>([])

    func add(_ fault: Fault) { entries.withLock { $0.append(Entry(fault: fault)) } }

    func clear() { entries.withLock { $0 = [] } }

    /// The effects that meet a request: delays and the like add up, in the order they were set.
    func effects(method: String, path: String, depth: String?) -> [Fault.Effect] {
        entries.withLock { entries in
            var effects: [Fault.Effect] = []
            for index in entries.indices {
                let fault = entries[index].fault
                if let wanted = fault.method, wanted != method { continue }
                if let part = fault.pathContains, !path.contains(part) { continue }
                if let wanted = fault.depth, wanted != depth { continue }
                entries[index].seen += 1
                let turn = entries[index].seen - fault.occurrence
                guard turn >= 0, fault.times.map({ turn < $0 }) ?? true else { continue }
                effects.append(fault.effect)
            }
            return effects
        }
    }
}

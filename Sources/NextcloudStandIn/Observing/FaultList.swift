import Synchronization

/// The faults that are set, each with what it has met so far.
final class FaultList: Sendable {
    private struct Entry {
        var id: FaultID
        var fault: Fault
        var seen = 0
    }

    private struct State {
        var entries: [Entry] = []
        var last = 0
    }

    private let state = Mutex(State())

    func add(_ fault: Fault) -> FaultID {
        state.withLock { state in
            state.last += 1
            let id = FaultID(number: state.last)
            state.entries.append(Entry(id: id, fault: fault))
            return id
        }
    }

    func remove(_ id: FaultID) { state.withLock { $0.entries.removeAll { $0.id == id } } }

    func clear() { state.withLock { $0.entries = [] } }

    /// The effects that meet a request: delays and the like add up, in the order they were set.
    ///
    /// - Parameter file: the path among an account's files that the request is about, if it is.
    func effects(method: String, path: String, file: String?, depth: String?) -> [Fault.Effect] {
        state.withLock { state in
            var effects: [Fault.Effect] = []
            for index in state.entries.indices {
                let fault = state.entries[index].fault
                if let wanted = fault.method, wanted != method { continue }
                if let part = fault.pathContains, !path.contains(part) { continue }
                if let wanted = fault.path, wanted != file { continue }
                if let wanted = fault.depth, wanted != depth { continue }
                state.entries[index].seen += 1
                let turn = state.entries[index].seen - fault.occurrence
                guard turn >= 0, fault.times.map({ turn < $0 }) ?? true else { continue }
                effects.append(fault.effect)
            }
            return effects
        }
    }
}

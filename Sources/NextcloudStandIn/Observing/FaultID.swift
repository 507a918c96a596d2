/// Names a fault that was set, for taking it away.
public struct FaultID: Sendable, Hashable {
    let number: Int
}

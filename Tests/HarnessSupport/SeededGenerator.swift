/// Numbers that a seed decides (SplitMix64).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The numbers of a seed: the same seed gives the same ones.
    public init(seed: UInt64) { state = seed }

    /// The next number, all of its 64 bits by chance.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// True for something that happens that often, from 0 to 1.
    public mutating func happens(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &self) < probability
    }

    /// A time from none to that long.
    public mutating func time(upTo longest: Duration) -> Duration { longest * Double.random(in: 0..<1, using: &self) }
}

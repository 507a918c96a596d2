import Foundation

/// Changes seeds at random and gives them to a target for some seconds: quick to build, blind to what it reaches.
struct MutationRun {
    /// No input of that size may take longer.
    private static let limit = Duration.seconds(1)
    private static let longest = 64_000

    let target: FuzzTarget
    private let seeds: [[UInt8]]
    private let seconds: Int
    private let seed: UInt64

    /// - Parameter arguments: A folder of seeds, `--seconds N`, `--seed N`.
    init(target: FuzzTarget, arguments: [String]) {
        self.target = target
        func number(_ name: String) -> Int? {
            arguments.firstIndex(of: name).flatMap { arguments.indices.contains($0 + 1) ? Int(arguments[$0 + 1]) : nil }
        }
        seconds = number("--seconds") ?? 10
        seed = number("--seed").map { UInt64(truncatingIfNeeded: $0) } ?? UInt64.random(in: 0...UInt64.max)
        let folder = arguments.first { !$0.hasPrefix("--") && Int($0) == nil } ?? ""
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        seeds = names.sorted().compactMap { FileManager.default.contents(atPath: folder + "/" + $0).map(Array.init) }
    }

    /// True when every input was taken in its time; one that traps ends the program.
    func run() -> Bool {
        var random = SplitMix(state: seed)
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        var count = 0
        for seed in seeds { target.run(seed) }
        while clock.now < end {
            let input = mutated(&random)
            let before = Self.processorTime()
            target.run(input)
            let duration = Self.processorTime() - before
            count += 1
            if duration > Self.limit {
                print("\(target.rawValue): \(input.count) bytes took \(duration), --seed \(seed), input \(count)")
                return false
            }
        }
        print("\(target.rawValue): \(count) inputs, \(seeds.count) seeds")
        return true
    }

    /// The processor's time that this process has taken: on a busy machine others' time is not the input's.
    private static func processorTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    private func mutated(_ random: inout SplitMix) -> [UInt8] {
        var bytes = seeds.randomElement(using: &random) ?? []
        for _ in 0...Int.random(in: 0..<6, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            let length = min(bytes.count - place, Int.random(in: 0..<64, using: &random))
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 1: if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &random) }
            case 2: bytes.removeSubrange(place..<place + length)
            case 3: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
            case 4:
                let piece = bytes[place..<place + length]
                let times = min(500, (Self.longest - bytes.count) / max(1, length))
                if times > 0 { bytes.insert(contentsOf: (0..<times).flatMap { _ in piece }, at: place) }
            default:
                if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
            }
        }
        return Array(bytes.prefix(Self.longest))
    }
}

/// Random numbers that come again from the same state (Steele, Lea and Flood, 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

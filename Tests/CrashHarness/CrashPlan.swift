/// What a run of the harness is to do.
public struct CrashPlan: Sendable {
    /// How often the program is killed.
    public var kills: Int
    /// How many scans there are in the end.
    public var sheets: Int
    /// Decides everything that is left to chance here; the machine's timing is not.
    public var seed: UInt64
    /// The full path of `nids-sync`.
    public var program: String
    /// How long after an answer was handed to the connection its storing may still be under way, at a kill.
    public var grace: Duration = .milliseconds(500)
    /// Whether runs are left to their end before a third start in a row dies on one sheet, which sets it aside.
    public var sparesThirdStart = true
    /// Whether the observations go to a MariaDB started for it, and not into the state folder.
    public var usesMariaDB = false
    /// Whether there are runs in which the machine fails and nobody kills.
    public var hasMishaps = false
    /// Is told what happens, a line each.
    public var tell: @Sendable (String) -> Void = { _ in }

    public init(kills: Int, sheets: Int, seed: UInt64, program: String) {
        self.kills = kills
        self.sheets = sheets
        self.seed = seed
        self.program = program
    }
}

/// The work of a run of the harness.
public struct PeoplePlan: Sendable {
    /// The server, and the logins of those who work on it.
    public var server: PeopleServer
    /// The full path of `nids-sync`.
    public var program: String
    /// Decides what the people of the first history do; each further history has the next one. The machine's timing is
    /// not decided.
    public var seed: UInt64
    /// So many histories are played.
    public var histories = 200
    /// So many things the people of a history do.
    public var steps = 40
    /// So many histories are played at the same time, each in a folder of its own.
    public var parallel = 1
    /// Set where what a broken history leaves on the server and on this machine stays there, to be looked at.
    public var keepsBroken = false
    /// A folder for the course of each history, kept or broken; by default only a broken one's is told.
    public var courses: String?
    /// Is told of each history that has ended, a line each; of a broken one its whole course.
    public var tell: @Sendable (String) -> Void = { _ in }

    /// A plan for a server.
    public init(server: PeopleServer, program: String, seed: UInt64) {
        self.server = server
        self.program = program
        self.seed = seed
    }
}

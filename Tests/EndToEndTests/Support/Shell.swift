/// Surroundings that a shell gives the program before it becomes that.
enum Shell {
    /// The program after some commands, with redirections of its own.
    static func after(_ commands: String, redirections: String = "") -> [String] {
        ["bash", "-c", "\(commands)\nexec \"$0\" \"$@\" \(redirections)"]
    }
}

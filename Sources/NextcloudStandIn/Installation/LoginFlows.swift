/// Logins begun in a browser (Nextcloud's login flow v2).
struct LoginFlows: Sendable {
    /// Those begun, by the token that the client polls with.
    var pending: Set<String> = []
    /// Those that a person approved, with the account's id.
    var approved: [String: String] = [:]
    /// App passwords given out, with the account's id.
    var appPasswords: [String: String] = [:]

    /// A person approves every login that waits.
    mutating func approveAll(for userID: String) {
        for token in pending { approved[token] = userID }
        pending = []
    }
}

/// The forms that secrets have, so that one which was pasted in a wrong place is not repeated.
enum SecretShape {
    /// Google, OpenAI and its like, OAuth, GitHub, Slack, AWS, JSON web tokens.
    private static let beginnings = [
        "AIza", "AQ.", "sk-", "ya29.", "ghp_", "github_pat_", "xox", "AKIA", "eyJ", "Bearer ",
    ]

    /// True for an API key, a Nextcloud app password (`Ab3dE-…`, five times five), or a long run of letters and digits
    /// that no name, path or pattern looks like.
    static func matches(_ text: String) -> Bool {
        if text.utf8.count >= 12, beginnings.contains(where: text.hasPrefix) { return true }
        if text.wholeMatch(of: /[A-Za-z0-9]{5}(-[A-Za-z0-9]{5}){4}/) != nil { return true }
        return text.split(whereSeparator: { " /.,:;*?@_-".contains($0) }).contains { run in
            run.utf8.count >= 20 && run.contains(where: \.isNumber) && run.contains(where: \.isLetter)
        }
    }
}

public import Foundation

/// The holder of a file's lock, as Nextcloud's app `files_lock` says it.
public struct ResourceLock: Sendable, Hashable {
    /// The user's id, where a user holds it.
    public var owner: String?
    /// The user's name as people read it.
    public var ownerName: String?
    /// The editor that holds it open, such as `text`.
    public var editor: String?
    /// Since when, by the server's clock.
    public var since: Date?

    /// A lock.
    public init(owner: String? = nil, ownerName: String? = nil, editor: String? = nil, since: Date? = nil) {
        self.owner = owner
        self.ownerName = ownerName
        self.editor = editor
        self.since = since
    }
}

extension ResourceLock: CustomStringConvertible {
    /// The holder and the lock as a sentence without its end.
    public var description: String {
        let who = ownerName ?? owner ?? "somebody"
        guard let editor, editor != owner else { return "\(who) has locked it" }
        return "\(who) has it open in the editor \(editor)"
    }
}

/// Someone who has an account in the stand-in.
public struct Account: Sendable, Hashable {
    /// The login as it is typed; may be an e-mail address.
    public var user: String
    /// The password or app password that goes with it.
    public var password: String
    /// The id in `/remote.php/dav/files/<id>/`, and the name of the folder below `files/`.
    public var userID: String
    /// The name shown to people.
    public var displayName: String
    /// The account's quota in bytes; nil is unlimited.
    public var quotaBytes: Int?
    /// Disabled by an administrator: 503 over WebDAV, 401 over OCS.
    public var isDisabled = false

    /// An account; `userID` and `displayName` are the login unless given.
    public init(
        user: String, password: String, userID: String? = nil, displayName: String? = nil, quotaBytes: Int? = nil
    ) {
        self.user = user
        self.password = password
        self.userID = userID ?? user
        self.displayName = displayName ?? user
        self.quotaBytes = quotaBytes
    }
}

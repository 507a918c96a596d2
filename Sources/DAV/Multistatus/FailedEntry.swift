/// One `<response>` of a listing that cannot be taken, while its siblings can.
public struct FailedEntry: Error, Sendable, Hashable {
    /// The resource, `nil` where the entry does not even say that: then it may be any.
    public var path: RemotePath?
    /// The status that the server gives to it, where it gives one.
    public var status: Int?
    /// The fault in it, as the rest of a sentence that begins with its path.
    public var reason: String

    /// An entry that cannot be taken.
    public init(path: RemotePath?, status: Int? = nil, reason: String) {
        self.path = path
        self.status = status
        self.reason = reason
    }
}

extension FailedEntry: CustomStringConvertible {
    public var description: String {
        guard let path else { return reason }
        return (path.isRoot ? "the folder itself" : "\(path)") + ": \(reason)"
    }
}

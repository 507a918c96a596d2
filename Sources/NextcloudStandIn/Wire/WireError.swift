/// An end of a connection that was not meant.
enum WireError: Error {
    /// The client hung up in the middle of a request.
    case ended
    /// These are no bytes of HTTP/1.1.
    case malformed(String)
}

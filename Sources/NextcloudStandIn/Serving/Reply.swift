/// The end of an exchange.
enum Reply {
    /// An answer, the changes that faults make to it, and its number in the record of requests.
    case answer(Answer, Distortion, number: Int)
    /// The connection is closed without a byte.
    case cut
}

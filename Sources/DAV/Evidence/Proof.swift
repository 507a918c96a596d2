/// The proof that an answer gives about the resource that was asked for.
public enum Proof: Sendable, Hashable {
    /// The server itself says that it is not there. A conclusion needs the root to be there as well
    /// (`PresenceProbe`).
    case absence
    /// A server that is not known by the form of its errors answers 404 or 410: an absence that only a complete listing
    /// of the collection above proves.
    case claimedAbsence
    /// The server itself speaks of the resource, and of something else than its absence.
    case answer
    /// Nothing: a passing fault, or somebody else than the server has answered.
    case nothing
}

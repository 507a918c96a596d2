import DAV

/// The conclusions that a listing allows from what it lacks.
struct ListingEvidence: Sendable {
    /// A listing that names everything there is.
    static let whole = ListingEvidence(provesAbsence: true, unknown: [])

    /// Set where what it lacks is not there, apart from those of which nothing is known.
    var provesAbsence: Bool
    /// Entries with an error of their own: nothing is known of them, nor of what lies below.
    var unknown: Set<RemotePath>

    init(provesAbsence: Bool, unknown: Set<RemotePath>) {
        self.provesAbsence = provesAbsence
        self.unknown = unknown
    }

    /// The evidence of a listing. An entry that does not even say which it is may be any, and a collection with an empty
    /// ETag may be a storage that is away, which shows nothing of what it holds.
    init(_ outcome: ListingOutcome) {
        unknown = Set(outcome.failures.compactMap(\.path))
        provesAbsence =
            outcome.namesItself && !outcome.hasEmptyETag && outcome.failures.allSatisfy { $0.path != nil }
    }

    /// Set where a look at what the listing names sees everything.
    var isComplete: Bool { provesAbsence && unknown.isEmpty }
}

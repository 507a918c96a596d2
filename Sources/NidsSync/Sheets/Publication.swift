import DAV
import Foundation

/// One file of ours in Nextcloud, and how far it is.
struct Publication: Sendable, Equatable {
    enum State: String, Sendable, CaseIterable {
        /// To be sent, or being sent.
        case pending
        /// There, and ours.
        case published
        /// A person's: edited, or there before us. It stays.
        case theirs
        /// Deleted by a person. It is not brought back.
        case deleted
        /// Left where it is, because another file is where it would have to go.
        case left
    }

    var path: RemotePath
    var jobID: Int64
    var state: State
    /// The ETag that the file had when it was last ours.
    var etag: String?
    /// The digest of the bytes that are being sent.
    var sending: String?
    /// The digest of the bytes that were last known to be there and ours.
    var published: String?
    /// The place that it is being moved to.
    var movingTo: RemotePath?
    /// The modification time that it was last sent with, in seconds since 1970.
    var modified: Int?

    init(
        path: RemotePath, jobID: Int64, state: State, etag: String? = nil, sending: String? = nil,
        published: String? = nil, movingTo: RemotePath? = nil, modified: Int? = nil
    ) {
        self.path = path
        self.jobID = jobID
        self.state = state
        self.etag = etag
        self.sending = sending
        self.published = published
        self.movingTo = movingTo
        self.modified = modified
    }

    /// Nextcloud takes no time of the first day of 1970 and answers 500; a machine that does not know the time thinks that
    /// it is then. Any earlier time does as well.
    private static let earliest = 1_000_000_000

    /// A modification time that the place has not had: an ETag may be made of it, so that any later write gets another.
    ///
    /// - Parameters:
    ///   - received: the time at which the answer came that is sent.
    ///   - now: the present; what is written within the next two seconds may get the same time.
    /// - Returns: seconds since 1970, lower than every one of before.
    func nextModified(received: Double, now: Date) -> Int {
        let latest = min(received, now.timeIntervalSince1970 - 2)
        let time = max(Self.earliest, latest > 0 ? Int(exactly: latest.rounded(.down)) ?? 0 : 0)
        return modified.map { min(time, $0 - 1) } ?? time
    }

    /// Set for the result itself; a raw answer is nobody's observation.
    var isResult: Bool { !path.name.reversed().starts(with: "_raw.json".utf8.reversed()) }

    /// Set where a file of it may lie at its place.
    var mayExist: Bool {
        switch state {
        case .pending: published != nil || sending != nil
        case .published, .theirs: true
        case .deleted, .left: false
        }
    }
}

import HTTP

/// The presence of a resource, as far as it can be proven.
public enum Presence: Sendable, Hashable {
    /// It is there.
    case present(Resource)
    /// It is not, and the root is: a complete listing of the collection above lacks it.
    case absent
    /// Neither is proven: the answer says why.
    case unknown(DAVError)
}

/// Finds out whether a resource is there, with proof for its absence.
public struct PresenceProbe: Sendable {
    private let client: DAVClient

    /// A probe that asks by that client.
    public init(_ client: DAVClient) { self.client = client }

    /// Asks for a resource.
    ///
    /// A 404 alone proves nothing, the server's own included: a storage that is away answers it for all that lies in it
    /// and even for its own folder, which the folder above still lists, with an empty ETag (measured on Nextcloud 34). So
    /// the listing (`Depth: 1`) of the nearest collection above that is there has to be complete and to lack it, and no
    /// collection on the way may have an empty ETag.
    /// - Parameters:
    ///   - path: the resource.
    ///   - rootID: the root's file id, where it is known: a folder of another id in the root's place is not the root.
    /// - Returns: `.unknown` for anything that may be a passing fault.
    public func presence(of path: RemotePath, rootID: String? = nil) async -> Presence {
        do throws(DAVError) {
            return .present(try await client.properties(of: path))
        } catch {
            guard error.proof == .absence || error.proof == .claimedAbsence, !path.isRoot else {
                return .unknown(error)
            }
            do throws(DAVError) {
                if let rootID { try await check(rootID) }
                return try await isUnlisted(path) ? .absent : .unknown(error)
            } catch {
                return .unknown(error)
            }
        }
    }

    private func check(_ rootID: String) async throws(DAVError) {
        let root = try await client.properties(of: .root, isCollection: true)
        guard let found = root.fileID, found != rootID else { return }
        throw doubt(.root, "another folder is in the root's place")
    }

    private func isUnlisted(_ path: RemotePath) async throws(DAVError) -> Bool {
        var missing = path
        while let above = missing.parent {
            guard let outcome = try await outcome(of: above, lacking: missing) else {
                missing = above
                continue
            }
            guard outcome.isLacking, outcome.listing.provesAbsence(of: missing) else {
                // Listed and yet 404: a storage is away, or it came this very moment.
                throw doubt(missing, outcome.isLacking ? "the listing above is not complete" : "it is listed, yet 404")
            }
            for collection in above.ancestors where client.isNextcloud {
                if try await client.etag(of: collection).hasEmptyETag {
                    throw doubt(collection, "its storage may be away (the folder's ETag is empty)")
                }
            }
            return true
        }
        return false
    }

    /// A collection's listing, and whether it lacks that child; `nil` when the collection itself answers 404.
    private func outcome(
        of above: RemotePath, lacking child: RemotePath
    ) async throws(DAVError) -> (listing: ListingOutcome, isLacking: Bool)? {
        var isLacking = true
        do {
            let listing = try await client.contents(of: above, depth: .one) { batch in
                if batch.contains(where: { $0.path == child }) { isLacking = false }
            }
            return (listing, isLacking)
        } catch let error as DAVError {
            guard error.proof == .absence || error.proof == .claimedAbsence else { throw error }
            return nil
        } catch {
            throw doubt(above, "\(error)")
        }
    }

    private func doubt(_ path: RemotePath, _ words: String) -> DAVError {
        DAVError(.incomplete, path: client.collection.readableName(of: path), detail: words, operation: .listing)
    }
}

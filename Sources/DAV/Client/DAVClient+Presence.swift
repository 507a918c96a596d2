import HTTP

/// Whether a resource is there, as far as it can be proven.
public enum Presence: Sendable, Hashable {
    /// It is there.
    case present(Resource)
    /// It is not, and the root is: the server itself says so, or a complete listing of the collection above lacks it.
    case absent
    /// Neither is proven: the answer says why.
    case unknown(DAVError)
}

extension DAVClient {
    /// Finds out whether a resource is there, with proof for its absence.
    ///
    /// A Nextcloud's own 404 counts while the root answers 207. Of other servers, whose 404 may be anybody's page, the
    /// listing (`Depth: 1`) of the nearest collection above that is there has to be complete and to lack it.
    /// - Parameters:
    ///   - path: the resource.
    ///   - rootID: the root's file id, where it is known: a folder of another id in the root's place is not the root.
    /// - Returns: `.unknown` for anything that may be a passing fault.
    public func presence(of path: RemotePath, rootID: String? = nil) async -> Presence {
        do throws(DAVError) {
            return .present(try await properties(of: path))
        } catch {
            switch error.proof {
            case .absence: return await absenceBesideRoot(error, rootID)
            case .claimedAbsence where !path.isRoot: return await absenceFromListing(path, error)
            default: return .unknown(error)
            }
        }
    }

    private func absenceBesideRoot(_ error: DAVError, _ rootID: String?) async -> Presence {
        do throws(DAVError) {
            let root = try await properties(of: .root, isCollection: true)
            guard let rootID, let found = root.fileID, rootID != found else { return .absent }
            return .unknown(
                DAVError(
                    .notFound, path: collection.readableName, detail: "another folder is in the root's place",
                    operation: .listing, answerer: error.answerer))
        } catch {
            return .unknown(error)
        }
    }

    private func absenceFromListing(_ path: RemotePath, _ claim: DAVError) async -> Presence {
        var missing = path
        while let above = missing.parent {
            var found: Resource?
            do {
                let outcome = try await contents(of: above, depth: .one) { batch in
                    found = batch.first { $0.path == missing } ?? found
                }
                // Listed and yet 404: the server contradicts itself, or it came this very moment.
                if found != nil { return .unknown(claim) }
                return outcome.provesAbsence(of: missing) ? .absent : .unknown(claim)
            } catch let error as DAVError {
                guard error.proof == .claimedAbsence || error.proof == .absence else { return .unknown(error) }
                missing = above
            } catch {
                return .unknown(claim)
            }
        }
        return .unknown(claim)
    }
}

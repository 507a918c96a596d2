import DAV
import HTTP

extension Publisher {
    /// One conditional PUT, and a look at what is there where the outcome is not known from its answer.
    func send(_ bytes: [UInt8], _ publication: Publication) async throws -> PublishRule.Action {
        let wasThere = publication.published != nil
        if wasThere, publication.etag == nil {
            let action = PublishRule.decide(.beginning, found: try await look(publication), wasThere: true)
            guard case .send = action else { return action }
        }
        let precondition: Precondition =
            wasThere ? publication.etag.flatMap(ETag.init).map(Precondition.unchanged) ?? .absent : .absent
        do {
            if let etag = try await results.put(publication.path, bytes, precondition) { return .settle(etag) }
        } catch let error as DAVError where error.leavesDoubt {
            return try await afterDoubt(error, bytes, publication)
        }
        return PublishRule.decide(.accepted, found: try await look(publication), wasThere: wasThere)
    }

    private func afterDoubt(
        _ error: DAVError, _ bytes: [UInt8], _ publication: Publication
    ) async throws -> PublishRule.Action {
        let wasThere = publication.published != nil
        switch PublishRule.decide(.failed(error.kind), found: try await look(publication), wasThere: wasThere) {
        case .raise: throw error
        case .replace(let etag):
            try await replace(publication.path, bytes, etag)
            return PublishRule.decide(.replaced, found: try await look(publication), wasThere: wasThere)
        case let action: return action
        }
    }

    /// Replaces a file of ours under an ETag seen just now; whether it did is for the caller to look at.
    private func replace(_ path: RemotePath, _ bytes: [UInt8], _ etag: ETag) async throws {
        do {
            _ = try await results.put(path, bytes, .unchanged(etag))
        } catch let error as DAVError where error.kind == .preconditionFailed {
            // Something else is there by now, which the look shows.
        }
    }

    /// Tells the file at a place by its bytes.
    func look(_ publication: Publication) async throws -> PublishRule.Found {
        guard let found = try await results.read(publication.path) else { return .nothing }
        let digest = found.digest
        if digest == publication.sending { return .sent(found.etag) }
        if digest == publication.published { return .previous(found.etag) }
        return .other(found.etag)
    }
}

extension DAVError {
    /// Set where it takes a look to know what a PUT that failed so has done.
    fileprivate var leavesDoubt: Bool {
        switch kind {
        case .transport(let error): error.mayHaveActed
        case .preconditionFailed, .serverFailure, .locked, .notFound: true
        default: false
        }
    }
}

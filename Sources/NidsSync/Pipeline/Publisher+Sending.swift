import DAV
import HTTP

extension Publisher {
    /// Bytes to be sent to a place, and what is known of it.
    struct Upload: Sendable {
        var bytes: [UInt8]
        /// With the digest of these bytes as `sending`.
        var publication: Publication
        var job: SheetJob
        /// Set where an earlier try has sent something, of which a part may lie there.
        var wasTried: Bool

        var wasThere: Bool { publication.published != nil }
    }

    /// One conditional PUT, and a look at what is there where the outcome is not known from its answer.
    func send(_ upload: Upload) async throws -> PublishRule.Action {
        let (publication, wasThere) = (upload.publication, upload.wasThere)
        if wasThere, publication.etag == nil {
            let found = try await look(upload, mayLeavePart: upload.wasTried)
            let action = PublishRule.decide(.beginning, found: found, wasThere: true)
            guard case .send = action else { return action }
        }
        let precondition: Precondition =
            wasThere ? publication.etag.flatMap(ETag.init).map(Precondition.unchanged) ?? .absent : .absent
        if !(try await state.read { try $0.isHonoured(precondition) }) {
            let found = try await look(upload, mayLeavePart: upload.wasTried)
            switch PublishRule.decide(.unguarded, found: found, wasThere: wasThere) {
            case .send, .replace: break
            case let action: return action
            }
        }
        do {
            if let etag = try await put(upload, precondition) { return .settle(etag) }
        } catch let error as DAVError where error.leavesDoubt {
            return try await afterDoubt(error, upload)
        }
        return PublishRule.decide(.accepted, found: try await look(upload, mayLeavePart: true), wasThere: wasThere)
    }

    private func put(_ upload: Upload, _ precondition: Precondition) async throws -> ETag? {
        try await results.put(
            upload.publication.path, upload.bytes, precondition, modified: upload.publication.modified)
    }

    private func afterDoubt(_ error: DAVError, _ upload: Upload) async throws -> PublishRule.Action {
        // A part of what was sent is ours where something was sent: a precondition that failed kept this try from it.
        let mayLeavePart = upload.wasTried || error.kind != .preconditionFailed
        let event: PublishRule.Event = error.saysGone ? .saidGone : .failed(error.kind)
        let found = try await look(upload, mayLeavePart: mayLeavePart)
        switch PublishRule.decide(event, found: found, wasThere: upload.wasThere) {
        case .raise: throw error
        case .replace(let etag):
            try await replace(upload, etag)
            return PublishRule.decide(
                .replaced, found: try await look(upload, mayLeavePart: true), wasThere: upload.wasThere)
        case let action: return action
        }
    }

    /// Replaces a file of ours under an ETag seen just now; whether it did is for the caller to look at.
    private func replace(_ upload: Upload, _ etag: ETag) async throws {
        do {
            _ = try await put(upload, .unchanged(etag))
        } catch let error as DAVError where error.kind == .preconditionFailed {
            // Something else is there by now, which the look shows.
        }
    }

    /// Tells the file at a place by its bytes.
    ///
    /// - Parameter mayLeavePart: `true` where an upload of ours may have left a part of itself.
    func look(_ upload: Upload, mayLeavePart: Bool) async throws -> PublishRule.Found {
        let publication = upload.publication
        let found: ResultsFolder.Found?
        do {
            found = try await results.read(publication.path, ours: [publication.sending, publication.published])
        } catch WorkFault.later(let reason, _, _, _) {
            return .unproven(reason)
        } catch let error as DAVError where error.isOfOneAnswer {
            return .unproven(error.description)
        }
        guard let found else { return .nothing }
        if !found.isTooLarge {
            let digest = found.digest
            if digest == publication.sending { return .sent(found.etag) }
            if digest == publication.published { return .previous(found.etag) }
            if mayLeavePart, found.bytes.count < upload.bytes.count, upload.bytes.starts(with: found.bytes) {
                return .remnant(found.etag)
            }
            if let scan = found.document?.otherScan(than: upload.job) { return .another(scan: scan, found.etag) }
        }
        return .other(found.etag)
    }
}

extension DAVError {
    /// Set where it takes a look to know what a PUT that failed so has done.
    fileprivate var leavesDoubt: Bool {
        switch kind {
        case .transport(let error): error.mayHaveActed
        case .preconditionFailed, .serverFailure, .locked, .notFound: true
        // A page in the place of an answer says nothing.
        case .malformed: true
        default: false
        }
    }

    /// Set where a look that failed so says nothing of the file, and nothing of the server as a whole either.
    fileprivate var isOfOneAnswer: Bool {
        switch kind {
        case .unexpectedBody: true
        case .notFound: proof == .nothing
        default: false
        }
    }
}

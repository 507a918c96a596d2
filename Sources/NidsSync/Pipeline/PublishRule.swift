import DAV

/// Decides what an answer of the server means for a file of ours that is to be written: one pure function, a table.
enum PublishRule {
    /// The file that lies at the place, told by its bytes.
    enum Found: Equatable {
        /// It is proven that there is none.
        case nothing
        /// The bytes that were sent.
        case sent(ETag?)
        /// Ours, of before.
        case previous(ETag?)
        /// What an upload of ours left that failed: nothing, or the beginning of what was sent.
        case remnant(ETag?)
        /// Our intact result of another scan.
        case another(scan: String, ETag?)
        /// None of these.
        case other(ETag?)
        /// Neither presence nor absence is proven, for that reason.
        case unproven(String)
    }

    /// The event after which the file is looked at.
    enum Event: Equatable {
        /// A file of ours is to be replaced, and its ETag is not known.
        case beginning
        /// Something is to be sent to a server that ignores the precondition.
        case unguarded
        /// The server took the bytes, and told no strong ETag.
        case accepted
        /// The server refused, or its answer was lost.
        case failed(DAVError.Kind)
        /// The server says that nothing is there for this account: deleted, or no longer shared.
        case saidGone
        /// A file of ours of before was replaced under the ETag seen a moment ago, or not.
        case replaced
        /// Other bytes, sent by an earlier run, may have arrived.
        case resumed
    }

    enum Action: Equatable {
        /// The bytes that were sent are there.
        case settle(ETag?)
        /// A person's file is there: it stays.
        case yield(ETag?)
        /// Our result of another scan is there: it stays, and is no person's.
        case leave(scan: String, ETag?)
        /// A person deleted it: it is not brought back.
        case forget
        /// It is ours, and may be replaced under that ETag at once.
        case replace(ETag)
        /// It is ours of before, or nothing was ever there: the bytes may be sent.
        case send(ETag?)
        /// Something changes there just now: another try in a moment.
        case tryLater
        /// Nothing is known for certain, for that reason: another try later.
        case wait(String)
        /// The error says all there is to say.
        case raise
    }

    /// - Parameter wasThere: `true` where the file was known to be there, and ours.
    static func decide(_ event: Event, found: Found, wasThere: Bool) -> Action {
        switch (event, found) {
        case (.failed(let kind), .unproven) where kind != .preconditionFailed: .raise
        case (_, .unproven(let reason)): .wait(reason)

        case (_, .sent(let etag)): .settle(etag)
        case (_, .another(let scan, let etag)): .leave(scan: scan, etag)
        case (.beginning, .previous(let etag)), (.beginning, .other(let etag)): .send(etag)
        case (_, .other(let etag)): .yield(etag)
        case (_, .remnant(let etag?)) where !etag.isWeak: .replace(etag)
        case (_, .remnant): .tryLater

        case (.beginning, .nothing), (.accepted, .nothing), (.saidGone, .nothing): .forget
        case (.resumed, .nothing), (.unguarded, .nothing): wasThere ? .forget : .send(nil)
        case (.replaced, .nothing): .tryLater
        case (.failed(.preconditionFailed), .nothing): wasThere ? .forget : .tryLater
        case (.failed(.notFound), .nothing) where wasThere: .forget
        case (.failed, .nothing): .raise

        case (.resumed, .previous(let etag)), (.unguarded, .previous(let etag)): .send(etag)
        // Apache's ETag is weak in a file's first second, and a weak one never matches: soon it is strong.
        case (.failed(.preconditionFailed), .previous(let etag?)) where !etag.isWeak: .replace(etag)
        // A lock, and its end, give a file another ETag: the bytes are ours all the same.
        case (.saidGone, .previous(let etag?)) where !etag.isWeak: .replace(etag)
        case (.failed(.preconditionFailed), .previous), (.saidGone, .previous), (.accepted, .previous),
            (.replaced, .previous):
            .tryLater
        case (.failed, .previous): .raise
        }
    }
}

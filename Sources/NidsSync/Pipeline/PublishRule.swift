import DAV

/// Decides what an answer of the server means for a file of ours that is to be written: one pure function, a table.
enum PublishRule {
    /// The file that lies at the place, told by its bytes.
    enum Found: Equatable {
        case nothing
        /// The bytes that were sent.
        case sent(ETag?)
        /// Ours, of before.
        case previous(ETag?)
        /// Neither.
        case other(ETag?)
    }

    /// The event after which the file is looked at.
    enum Event: Equatable {
        /// A file of ours is to be replaced, and its ETag is not known.
        case beginning
        /// The server took the bytes, and told no strong ETag.
        case accepted
        /// The server refused, or its answer was lost.
        case failed(DAVError.Kind)
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
        /// A person deleted it: it is not brought back.
        case forget
        /// It is ours of before, and may be replaced under that ETag at once.
        case replace(ETag)
        /// It is ours of before, or nothing was ever there: the bytes may be sent.
        case send(ETag?)
        /// Something changes there just now: another try in a moment.
        case tryLater
        /// The error says all there is to say.
        case raise
    }

    /// - Parameter wasThere: `true` where the file was known to be there, and ours.
    static func decide(_ event: Event, found: Found, wasThere: Bool) -> Action {
        switch (event, found) {
        case (_, .sent(let etag)): .settle(etag)
        case (.beginning, .previous(let etag)), (.beginning, .other(let etag)): .send(etag)
        case (_, .other(let etag)): .yield(etag)

        case (.beginning, .nothing), (.accepted, .nothing): .forget
        case (.resumed, .nothing): wasThere ? .forget : .send(nil)
        case (.replaced, .nothing): .tryLater
        case (.failed(.preconditionFailed), .nothing): wasThere ? .forget : .tryLater
        case (.failed(.notFound), .nothing) where wasThere: .forget
        case (.failed, .nothing): .raise

        case (.resumed, .previous(let etag)): .send(etag)
        // Apache's ETag is weak in a file's first second, and a weak one never matches: soon it is strong.
        case (.failed(.preconditionFailed), .previous(let etag?)) where !etag.isWeak: .replace(etag)
        case (.failed(.preconditionFailed), .previous), (.accepted, .previous), (.replaced, .previous): .tryLater
        case (.failed, .previous): .raise
        }
    }
}

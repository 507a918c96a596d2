public import Foundation
import HTTP
import HTTPTypes

extension DAVClient {
    /// The time that a server may think before the first byte of a listing: 84,571 resources took Nextcloud 8.4 s.
    private static let listingPatience = Duration.seconds(600)

    /// Lists resources, in batches as they arrive; the listed collection itself is among them.
    ///
    /// - Parameters:
    ///   - path: the collection.
    ///   - depth: how far down.
    ///   - receive: is given each batch; the server waits while it works.
    /// - Throws: `DAVError`; `.incomplete` when the listing ended early or holds an error, after all batches that did
    ///   arrive. Then nothing may be inferred from what is missing. Whatever `receive` throws.
    public func list(
        _ path: RemotePath, depth: Depth, _ receive: ([Resource]) async throws -> Void
    ) async throws {
        let outcome = try await contents(of: path, depth: depth, receive)
        if let failure = outcome.failures.first {
            throw DAVError(
                .incomplete, path: collection.readableName(of: path), status: failure.status ?? 207,
                detail: "\(failure)", operation: .listing, date: outcome.date)
        }
    }

    /// Lists resources, in batches as they arrive, and tells afterwards which entries could not be taken; the listed
    /// collection itself is among the resources.
    ///
    /// - Parameters:
    ///   - path: the collection.
    ///   - depth: how far down.
    ///   - further: properties asked for beside those of a listing.
    ///   - begin: is given the server's `Date` before the first batch.
    ///   - receive: is given each batch; the server waits while it works.
    /// - Returns: what the listing as a whole proves.
    /// - Throws: `DAVError`; `.incomplete` when the listing ended early, after all batches that did arrive, and
    ///   `.wrongAddress` when the server names its resources otherwise than by this client's URL. Whatever `receive`
    ///   throws.
    public func contents(
        of path: RemotePath, depth: Depth, adding further: PropertySet = [], begin: (Date?) -> Void = { _ in },
        _ receive: ([Resource]) async throws -> Void
    ) async throws -> ListingOutcome {
        let request = try propfind(path, depth: depth, isCollection: true)
        let outcome: Result<ListingOutcome, any Error>
        do {
            outcome = try await http.stream(
                request, body: .text(Self.body(asking: further)), timeouts: timeouts(firstByte: Self.listingPatience)
            ) { head, body in
                // Handed out as a value: an error that `receive` throws is not ours to reword.
                do {
                    guard head.status.code == 207 else {
                        throw fault(head, await Self.collect(body), path, .propfind)
                    }
                    begin(head.date)
                    return .success(try await parse(body, of: path, head.date, receive))
                } catch {
                    return .failure(error)
                }
            }
        } catch let error as HTTPError {
            throw DAVError(error, path: collection.readableName(of: path), .propfind)
        }
        return try outcome.get()
    }

    private func parse(
        _ body: HTTPBodyStream, of path: RemotePath, _ date: Date?, _ receive: ([Resource]) async throws -> Void
    ) async throws -> ListingOutcome {
        let parser: MultistatusParser
        do throws(XMLPushError) {
            parser = try MultistatusParser(collection: collection)
        } catch {
            throw incomplete(path, error.explanation, date)
        }
        var outcome = ListingOutcome(date: date, namesItself: false)
        while let resources = try await next(body, parser, path, date) {
            for resource in resources where resource.isCollection {
                if resource.path == path { outcome.namesItself = true }
                if resource.hasEmptyETag { outcome.collectionsWithEmptyETag.append(resource.path) }
            }
            if !resources.isEmpty { try await receive(resources) }
        }
        try checkAddress(parser.firstHref, sawResource: parser.sawResource, path)
        outcome.hasEmptyETag = outcome.collectionsWithEmptyETag.contains(path)
        outcome.failures = parser.failures
        return outcome
    }

    /// The resources that the next bytes complete, `nil` at the end of the document.
    private func next(
        _ body: HTTPBodyStream, _ parser: MultistatusParser, _ path: RemotePath, _ date: Date?
    ) async throws(DAVError) -> [Resource]? {
        var (reason, hasBrokenOff) = ("", true)
        do throws(HTTPError) {
            let bytes = try await body.next()
            do throws(XMLPushError) {
                if let bytes { return try parser.feed(bytes) }
                try parser.finish()
                return nil
            } catch {
                reason = error.explanation
                if case .foreign = error { hasBrokenOff = false }
            }
        } catch {
            if error == .cancelled { throw DAVError(error, path: collection.readableName(of: path), .propfind) }
            reason = error.explanation
        }
        throw incomplete(path, hasBrokenOff ? "the listing broke off: \(reason)" : reason, date)
    }

    private func incomplete(_ path: RemotePath, _ detail: String, _ date: Date?) -> DAVError {
        DAVError(
            .incomplete, path: collection.readableName(of: path), status: 207, detail: detail, operation: .listing,
            date: date)
    }

    /// As much of an error's body as there is: its status counts, even where its page breaks off.
    private static func collect(_ body: HTTPBodyStream) async -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < 64 << 10, let more = try? await body.next() { bytes += more }
        return bytes
    }
}

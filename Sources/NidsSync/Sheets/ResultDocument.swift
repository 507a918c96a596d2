import DAV
import Foundation
import Transcriber

/// A result file: the sheet under its fixed keys, and under `nids_sync` where it comes from.
struct ResultDocument: Sendable {
    /// The version of what stands under `nids_sync`.
    static let formatVersion = 1
    static let ownKey = "nids_sync"
    /// The largest result that is read back, in bytes.
    static let maximumSize = 8 << 20

    var body: JSONValue

    /// The author of a result file that lies in Nextcloud.
    enum Author: Sendable, Equatable {
        /// We, and nobody has touched it.
        case ours(source: [Source])
        /// We, and a person has edited it since.
        case edited
        /// Somebody else: the old installation, or a person.
        case foreign
    }

    /// A page that a result was read from.
    struct Source: Sendable, Equatable {
        var path: String
        var fileID: String?
        var etag: String?
        var sha256: String
    }

    /// Reads a file.
    /// - Throws: `DecodingError` when it is not JSON.
    init(parsing bytes: [UInt8]) throws { body = try JSONValue(parsing: bytes.droppingByteOrderMark) }

    /// The result of a job: the same bytes for the same answer, however often it is made.
    ///
    /// - Parameter names: the lists that names on sheets are looked up in.
    init(_ reading: RepairedFiche, job: SheetJob, answer: StoredAnswer, names: NameReference = NameReference()) {
        var document = JSONValue(reading.fiche)
        let digest = Self.digest(of: document)
        let sources = job.pages.map { page in
            JSONValue.object(
                JSONObject([
                    ("path", .string(page.path.description)),
                    ("file_id", JSONValue(page.fileID)),
                    ("etag", JSONValue(page.etag)),
                    ("sha256", JSONValue(page.sha256)),
                ]))
        }
        let remarks = answer.remarks.flatMap { try? JSONValue(parsing: Array($0.utf8)) }
        let own: JSONValue = [
            "version": .integer(Self.formatVersion),
            "source": .array(sources),
            "model": .string(job.model),
            "provider_model": .string(answer.providerModel),
            "prompt": ["kind": .string(job.promptKind.rawValue), "version": .integer(answer.promptVersion)],
            "asked_at": .string(Self.time(answer.askedAt)),
            "received_at": .string(Self.time(answer.receivedAt)),
            "batch": .bool(answer.isOfBatch),
            "tokens": answer.usage?.json ?? .null,
            "corrections": remarks?["corrections"] ?? .array(reading.corrections.map(JSONValue.string)),
            "controles": .array((remarks.map(Self.checks(in:)) ?? reading.checks).map { JSONValue($0) }),
            "priorite": .null,
            "consensus": .null,
            "digest": .string(digest),
        ]
        if case .object(var object) = document {
            object[Self.ownKey] = own
            document = .object(object)
        }
        body = document
        storePriority(of: reading.fiche, names)
    }

    /// The same result with what several models' readings of the sheet agree on.
    func with(
        _ consensus: Consensus?, of fiche: Fiche, names: NameReference = NameReference()
    ) -> ResultDocument {
        guard let consensus, case .object(var object) = body, case .object(var own)? = object[Self.ownKey] else {
            return self
        }
        own["consensus"] = JSONValue(consensus)
        object[Self.ownKey] = .object(own)
        var document = self
        document.body = .object(object)
        document.storePriority(of: fiche, names)
        return document
    }

    /// Says how much it deserves a second look, by what else it says.
    private mutating func storePriority(of fiche: Fiche, _ names: NameReference) {
        guard case .object(var object) = body, case .object(var own)? = object[Self.ownKey] else { return }
        let evidence = ReviewEvidence(
            fiche, checks: checks, corrections: own["corrections"]?.array?.count ?? 0, consensus: own["consensus"],
            names: names)
        own["priorite"] = .integer(evidence.priority)
        object[Self.ownKey] = .object(own)
        body = .object(object)
    }

    /// How much it deserves a second look, from 0 to 100, as it says.
    var priority: Int? { body[Self.ownKey]?["priorite"]?.integer }

    /// The models whose readings its consensus compares.
    var comparedModels: [String] {
        (body[Self.ownKey]?["consensus"]?["modeles"]?.array ?? []).compactMap(\.string)
    }

    /// The doubts about the reading that it names.
    var checks: [Check] { body[Self.ownKey].map(Self.checks(in:)) ?? [] }

    private static func checks(in object: JSONValue) -> [Check] {
        (object["controles"]?.array ?? []).compactMap { check in
            guard let field = check["champ"]?.string,
                let severity = check["gravite"]?.string.flatMap(Check.Severity.init)
            else { return nil }
            return Check(
                field: field, rule: check["regle"]?.string ?? "", severity: severity,
                message: check["message"]?.string ?? "")
        }
    }

    /// The file's bytes.
    var bytes: [UInt8] { Array((body.serialized(.readable) + "\n").utf8) }

    /// The sheet without what stands under `nids_sync`.
    var sheet: JSONValue {
        guard case .object(var object) = body else { return body }
        object[Self.ownKey] = nil
        return .object(object)
    }

    var author: Author {
        guard let own = body[Self.ownKey], own.object != nil else { return .foreign }
        return own["digest"]?.string == Self.digest(of: sheet) ? .ours(source: sources) : .edited
    }

    /// The pages that it was read from, as it says.
    var sources: [Source] {
        (body[Self.ownKey]?["source"]?.array ?? []).compactMap { source in
            source["sha256"]?.string.map {
                Source(
                    path: source["path"]?.string ?? "", fileID: source["file_id"]?.string,
                    etag: source["etag"]?.string, sha256: $0)
            }
        }
    }

    /// The answer's origin as `nids_sync` tells it, for a result that is adopted.
    var provenance: Provenance {
        let own = body[Self.ownKey]
        return Provenance(
            providerModel: own?["provider_model"]?.string,
            promptKind: own?["prompt"]?["kind"]?.string.flatMap(PromptKind.init),
            promptVersion: own?["prompt"]?["version"]?.integer,
            usage: TokenUsage(own?["tokens"]),
            isOfBatch: own?["batch"] == .bool(true),
            askedAt: own?["asked_at"]?.string.flatMap(Self.date),
            receivedAt: own?["received_at"]?.string.flatMap(Self.date))
    }

    /// The parts of `nids_sync` that the sheet alone does not tell, as JSON: what was corrected in the model's words,
    /// and what is doubted of them.
    var remarks: String? {
        guard let own = body[Self.ownKey], let corrections = own["corrections"], let checks = own["controles"] else {
            return nil
        }
        return (["corrections": corrections, "controles": checks] as JSONValue).serialized(.canonical)
    }

    /// Who looked it over and when, and whether they said that it is right, as whoever wrote that into it says.
    var review: (by: String?, when: Date?, isConfirmed: Bool) {
        let review = body[Self.ownKey]?["relecture"]
        return (
            review?["by"]?.string, review?["when"]?.string.flatMap(Self.date), review?["confirmed"] == .bool(true)
        )
    }

    struct Provenance: Sendable {
        var providerModel: String?
        var promptKind: PromptKind?
        var promptVersion: Int?
        var usage: TokenUsage?
        var isOfBatch: Bool
        var askedAt: Date?
        var receivedAt: Date?
    }

    private static func digest(of sheet: JSONValue) -> String {
        "sha256:" + ContentDigest.hex(of: Array(sheet.serialized(.canonical).utf8))
    }

    private static func time(_ seconds: Double) -> String {
        Date(timeIntervalSince1970: seconds.rounded(.down)).ISO8601Format()
    }

    private static func date(_ text: String) -> Date? { try? Date(text, strategy: .iso8601) }
}

extension [UInt8] {
    /// Editors on Windows put a byte order mark before UTF-8.
    fileprivate var droppingByteOrderMark: [UInt8] {
        starts(with: [0xEF, 0xBB, 0xBF]) ? Array(dropFirst(3)) : self
    }
}

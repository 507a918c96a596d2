public import Foundation
public import Transcriber

/// One model's, or a person's, reading of one sheet, as the database keeps it.
public struct ObservationReading: Sendable, Hashable {
    public var sheet: SheetKey
    /// The scans that were read, recto first.
    public var pages: [Page]
    /// The model's label; a sheet has at most one reading per label.
    public var model: String
    /// The provider's own id of the model, where it is known.
    public var providerModel: String?
    /// True where the label is the first one configured: its reading is the one that people see.
    public var isPrimary: Bool
    public var origin: Origin
    public var promptKind: PromptKind
    public var promptVersion: String?
    /// The time of the model's answer, kept to the second.
    public var transcribedAt: Date?
    /// The result's path in Nextcloud, below the root.
    public var resultPath: String?
    public var resultETag: String?
    public var fiche: Fiche
    public var checks: [ObservationCheck]
    /// The result as JSON text, at most 1 MiB of UTF-8.
    public var document: String
    /// The person who looked the reading over, where that is known.
    public var reviewer: String?
    /// The time of that.
    public var reviewedAt: Date?
    /// How much it deserves a second look, from 0 to 100, `nil` where that was not asked.
    public var priority: Int?

    public init(
        sheet: SheetKey, pages: [Page], model: String, providerModel: String? = nil, isPrimary: Bool,
        origin: Origin = .modele, promptKind: PromptKind, promptVersion: String? = nil, transcribedAt: Date? = nil,
        resultPath: String? = nil, resultETag: String? = nil, fiche: Fiche, checks: [ObservationCheck] = [],
        document: String, reviewer: String? = nil, reviewedAt: Date? = nil, priority: Int? = nil
    ) {
        self.sheet = sheet
        self.pages = pages
        self.model = model
        self.providerModel = providerModel
        self.isPrimary = isPrimary
        self.origin = origin
        self.promptKind = promptKind
        self.promptVersion = promptVersion
        self.transcribedAt = transcribedAt
        self.resultPath = resultPath
        self.resultETag = resultETag
        self.fiche = fiche
        self.checks = checks
        self.document = document
        self.reviewer = reviewer
        self.reviewedAt = reviewedAt
        self.priority = priority
    }
}

extension ObservationReading {
    /// The reader of the sheet.
    public enum Origin: String, Sendable, Hashable, CaseIterable {
        /// A model, asked by us.
        case modele
        /// Found in Nextcloud without `nids_sync`: the old installation's, or a person's.
        case adoptee
        /// A model's reading that a person edited.
        case personne
    }

    /// One scan that was read.
    public struct Page: Sendable, Hashable {
        /// The scan's path below the root, as the server's bytes.
        public var path: [UInt8]
        /// The scan's SHA-256 in hexadecimal.
        public var sha256: String

        public init(path: [UInt8], sha256: String) {
            self.path = path
            self.sha256 = sha256
        }
    }
}

/// Something on a sheet that cannot be right, or that is doubtful.
public struct ObservationCheck: Sendable, Hashable {
    /// The field, by its name in the result.
    public var field: String
    /// The rule that it breaks.
    public var rule: String
    public var severity: String
    public var message: String

    public init(field: String, rule: String, severity: String, message: String) {
        self.field = field
        self.rule = rule
        self.severity = severity
        self.message = message
    }
}

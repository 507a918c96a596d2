import Transcriber

/// The identity under which an answer is paid for: content, model and prompt kind.
struct AnswerKey: Sendable, Hashable {
    /// SHA-256 of the page, or of the pages' digests in order.
    var content: String
    /// The model's label.
    var model: String
    var promptKind: PromptKind
}

extension SheetJob {
    /// The key of an answer to a content of this job's sheet.
    func key(_ content: String) -> AnswerKey {
        AnswerKey(content: content, model: model, promptKind: promptKind)
    }
}

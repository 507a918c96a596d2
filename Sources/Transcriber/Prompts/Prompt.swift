import Foundation

/// The texts that models are asked with, in the language of the sheets.
public enum Prompt {
    /// The prompt for one kind of form.
    public static func text(for kind: PromptKind) -> String {
        switch kind {
        case .standard: String(decoding: PackageResources.standard_txt, as: UTF8.self)
        case .ancien: String(decoding: PackageResources.ancien_txt, as: UTF8.self)
        }
    }

    /// The version of a kind's prompt: raised whenever its text changes what a model is asked, recorded with every
    /// answer, so that `retry --outdated` finds the readings made with an older one.
    public static func version(of kind: PromptKind) -> Int {
        switch kind {
        case .standard: 2
        case .ancien: 2
        }
    }
}

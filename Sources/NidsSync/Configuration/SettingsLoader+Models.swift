import Transcriber

extension SettingsLoader {
    /// The labels, the primary first.
    func models(hasGeminiKey: Bool) throws(ConfigurationError) -> [String] {
        guard let models = try sources.list("transcription.models") else {
            return [hasGeminiKey ? "gemini_3_flash" : "tesseract"]
        }
        let place = sources.place(of: "transcription.models")
        guard !models.isEmpty else {
            throw ConfigurationError(
                "it names no model", key: "transcription.models", at: place,
                advice: "For example: gemini_3_flash. Leave the key away for the default.")
        }
        for label in models {
            try check(label, key: "transcription.models", place)
            try refuseSecret(label)
        }
        guard Set(models).count == models.count else {
            throw ConfigurationError(
                "a label stands there twice", key: "transcription.models", at: place, advice: "Remove one.")
        }
        return models
    }

    /// A key pasted here would have the form of a label, and be shown as one that nobody knows.
    private func refuseSecret(_ label: String) throws(ConfigurationError) {
        guard ModelCatalogue.entry(for: label) == nil, sources.file.engines[label] == nil, sources.mayBeSecret(label)
        else { return }
        throw sources.wrong("transcription.models", label, "A model's label, for example gemini_3_flash.")
    }

    /// Refuses a label that could not name a folder.
    func check(_ label: String, key: String, _ place: ConfigurationError.Place) throws(ConfigurationError) {
        let isAllowed = label.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "._-".unicodeScalars.contains($0))
        }
        guard isAllowed, (1...100).contains(label.utf8.count), !label.hasPrefix(".") else {
            let shown = sources.mayBeSecret(label) ? "what stands there" : "\"\(SettingKey.shown(label))\""
            throw ConfigurationError(
                "\(shown) cannot be a label", key: key, at: place,
                advice: "A label names a folder: up to 100 letters, digits, \"_\", \"-\" and \".\" (not first).")
        }
    }
}

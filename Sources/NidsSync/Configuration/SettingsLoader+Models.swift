extension SettingsLoader {
    /// The labels, the primary first.
    func models(hasGeminiKey: Bool) throws(ConfigurationError) -> [String] {
        guard let models = try list("transcription.models") else {
            return [hasGeminiKey ? "gemini_3_flash" : "tesseract"]
        }
        let place = place(of: "transcription.models")
        guard !models.isEmpty else {
            throw ConfigurationError(
                "it names no model", key: "transcription.models", at: place,
                advice: "For example: gemini_3_flash. Leave the key away for the default.")
        }
        for label in models { try check(label, key: "transcription.models", place) }
        guard Set(models).count == models.count else {
            throw ConfigurationError(
                "a label stands there twice", key: "transcription.models", at: place, advice: "Remove one.")
        }
        return models
    }

    /// Refuses a label that could not name a folder.
    func check(_ label: String, key: String, _ place: ConfigurationError.Place) throws(ConfigurationError) {
        let isAllowed = label.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "._-".unicodeScalars.contains($0))
        }
        guard isAllowed, (1...100).contains(label.utf8.count), !label.hasPrefix(".") else {
            throw ConfigurationError(
                "\"\(SettingKey.shown(label))\" cannot be a label", key: key, at: place,
                advice: "A label names a folder: up to 100 letters, digits, \"_\", \"-\" and \".\" (not first).")
        }
    }
}

/// A value as somebody wrote it, and where. It may be a secret: no dump shows it.
struct RawSetting: Sendable {
    var values: [String]
    var isList: Bool
    var place: ConfigurationError.Place

    var single: String? { isList ? nil : values.first }
}

extension RawSetting: CustomStringConvertible, CustomReflectable {
    var description: String { "(a setting)" }
    var customMirror: Mirror { Mirror(self, children: ["place": place]) }
}

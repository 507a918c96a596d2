extension SettingSources {
    /// A whole number within a range.
    /// - Throws: `ConfigurationError` for anything else.
    func integer(_ path: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
        guard let text = try text(path) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw wrong(path, text, "A whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }

    /// A length of time up to a limit.
    /// - Throws: `ConfigurationError` for anything else.
    func duration(_ path: String, upTo limit: Limit = .year) throws(ConfigurationError) -> Duration? {
        guard let text = try text(path) else { return nil }
        guard let value = Duration(setting: text), value <= limit.duration else {
            throw wrong(
                path, text, "A number and a unit, for example 500ms, 10s, 5m, 6h, 2d; at most \(limit.rawValue) days.")
        }
        return value
    }

    /// The longest times that can be set, in days.
    enum Limit: Int {
        case day = 1
        case year = 366

        var duration: Duration { .seconds(rawValue * 86_400) }
    }

    /// A time after which something is done again, long enough to do no harm to a server.
    /// - Throws: `ConfigurationError` for anything else.
    func interval(_ path: String) throws(ConfigurationError) -> Duration? {
        guard let value = try duration(path) else { return nil }
        guard value >= .milliseconds(100) else {
            throw wrong(path, try text(path) ?? "", "At least 100ms, for example 10s.")
        }
        return value
    }

    /// A number of bytes from 1 up to a limit.
    /// - Throws: `ConfigurationError` for anything else.
    func size(_ path: String, upTo limit: Int) throws(ConfigurationError) -> Int? {
        guard let text = try text(path) else { return nil }
        guard let value = Int(sizeSetting: text), (1...limit).contains(value) else {
            throw wrong(
                path, text,
                "A number of bytes, or with a unit (powers of 1,000): 500KB, 1.5MB, 1GB; at most \(limit / 1_000_000_000)GB."
            )
        }
        return value
    }

    /// `true` or `false`, or what else people write for it.
    /// - Throws: `ConfigurationError` for anything else.
    func boolean(_ path: String) throws(ConfigurationError) -> Bool? {
        guard let text = try text(path) else { return nil }
        switch text.lowercased() {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default: throw wrong(path, text, "Either true or false.")
        }
    }

    /// A number from nothing up to a limit, with or without a point.
    /// - Throws: `ConfigurationError` for anything else.
    func decimal(_ path: String, upTo limit: Double, _ advice: String) throws(ConfigurationError) -> Double? {
        guard let text = try text(path) else { return nil }
        guard let value = Double(decimal: text), value <= limit else { throw wrong(path, text, advice) }
        return value
    }

    /// A sum of money in US dollars, or `unlimited`.
    /// - Throws: `ConfigurationError` for anything else.
    func budget(_ path: String) throws(ConfigurationError) -> Settings.Budget? {
        guard let text = try text(path) else { return nil }
        if text == "unlimited" { return .unlimited }
        guard let sum = Double(decimal: text), sum <= 1_000_000 else {
            throw wrong(path, text, "A sum up to 1000000, for example 25 or 12.50, or \"unlimited\".")
        }
        return .sum(sum)
    }
}

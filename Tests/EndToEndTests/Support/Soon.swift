import TestSupport

/// Asks again until it holds, as long as it may take where the machine has other work too.
func soon(_ what: String, _ holds: () async throws -> Bool) async throws {
    try await eventually(what, within: .seconds(90), holds)
}

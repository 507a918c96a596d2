import DAV

extension DAVClient {
    /// What fails at one folder or file is that one's fault, a refused login too where the root answers.
    /// - Throws: the error where it is the server's as a whole, or the root's own.
    func requireServer(after error: DAVError) async throws {
        guard error.concernsServer else { return }
        guard error.kind == .unauthorized else { throw error }
        _ = try await etag(of: .root)
    }
}

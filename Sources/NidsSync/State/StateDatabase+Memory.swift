/// One fact at a time, in a transaction of its own.
extension StateDatabase {
    /// The fact of that name.
    /// - Throws: `DatabaseError`.
    func recall(_ key: MemoryTable.Key) async throws -> String? { try await read { try $0.memory.recall(key) } }

    /// - Throws: `DatabaseError`.
    func remember(_ key: MemoryTable.Key, _ value: String) async throws {
        try await write { try $0.memory.remember(key, value) }
    }

    /// - Throws: `DatabaseError`.
    func forget(_ key: MemoryTable.Key) async throws { try await write { try $0.memory.forget(key) } }
}

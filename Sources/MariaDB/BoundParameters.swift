internal import CMariaDB

/// The memory that a statement's parameters live in while it runs.
final class BoundParameters {
    let binds: UnsafeMutableBufferPointer<MYSQL_BIND>
    private var buffers: [UnsafeMutableRawBufferPointer] = []

    init(_ values: [MariaDBValue]) {
        binds = .allocate(capacity: values.count)
        binds.initialize(repeating: MYSQL_BIND())
        for (index, value) in values.enumerated() {
            switch value {
            case .null:
                binds[index].buffer_type = MYSQL_TYPE_NULL
            case .int(let number):
                withUnsafeBytes(of: number) { bind($0, at: index, as: MYSQL_TYPE_LONGLONG) }
            case .double(let number):
                withUnsafeBytes(of: number) { bind($0, at: index, as: MYSQL_TYPE_DOUBLE) }
            case .text(let text):
                Array(text.utf8).withUnsafeBytes { bind($0, at: index, as: MYSQL_TYPE_STRING) }
            case .blob(let bytes):
                bytes.withUnsafeBytes { bind($0, at: index, as: MYSQL_TYPE_BLOB) }
            }
        }
    }

    deinit {
        for buffer in buffers { buffer.deallocate() }
        binds.deallocate()
    }

    private func bind(_ bytes: UnsafeRawBufferPointer, at index: Int, as type: enum_field_types) {
        // One byte at least: libmariadb takes a null pointer for SQL's NULL.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 8)
        buffer.copyMemory(from: bytes)
        buffers.append(buffer)
        binds[index].buffer_type = type
        binds[index].buffer = buffer.baseAddress
        binds[index].buffer_length = UInt(bytes.count)
    }
}

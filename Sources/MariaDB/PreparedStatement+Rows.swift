internal import CMariaDB

extension PreparedStatement {
    /// The rows of the statement just run, none for one that returns no result.
    func fetchRows() throws(MariaDBError) -> [MariaDBRow] {
        guard let metadata = mysql_stmt_result_metadata(handle) else { return [] }
        defer {
            mysql_free_result(metadata)
            mysql_stmt_free_result(handle)
        }
        let columns = (0..<mysql_num_fields(metadata)).map {
            ResultColumn(mysql_fetch_field_direct(metadata, $0).pointee)
        }
        let names = columns.map(\.name)
        let result = ResultBuffers(columns)
        guard mysql_stmt_bind_result(handle, result.binds.baseAddress) == 0, mysql_stmt_store_result(handle) == 0
        else { throw lastError }
        var rows: [MariaDBRow] = []
        while true {
            switch mysql_stmt_fetch(handle) {
            case 0, MYSQL_DATA_TRUNCATED:
                // Truncated is the rule: texts are first fetched into no memory at all, to learn their lengths.
                var values: [MariaDBValue] = []
                for index in columns.indices {
                    values.append(try value(of: columns[index], at: index, in: result))
                }
                rows.append(MariaDBRow(columns: names, values: values))
            case MYSQL_NO_DATA:
                return rows
            default:
                throw lastError
            }
        }
    }

    private func value(
        of column: ResultColumn, at index: Int, in result: ResultBuffers
    ) throws(MariaDBError) -> MariaDBValue {
        if result.nulls[index] != 0 { return .null }
        switch column.kind {
        case .int: return .int(Int64(bitPattern: result.numbers[index]))
        case .unsigned:
            return Int64(exactly: result.numbers[index]).map { .int($0) } ?? .text("\(result.numbers[index])")
        case .double: return .double(Double(bitPattern: result.numbers[index]))
        case .text: return .text(String(decoding: try bytes(at: index, in: result), as: UTF8.self))
        case .blob: return .blob(try bytes(at: index, in: result))
        }
    }

    private func bytes(at index: Int, in result: ResultBuffers) throws(MariaDBError) -> [UInt8] {
        let length = Int(result.lengths[index])
        guard length > 0 else { return [] }
        var status: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            var bind = MYSQL_BIND()
            bind.buffer_type = result.binds[index].buffer_type
            bind.buffer = UnsafeMutableRawPointer(buffer.baseAddress)
            bind.buffer_length = UInt(length)
            status = mysql_stmt_fetch_column(handle, &bind, UInt32(index), 0)
            count = status == 0 ? length : 0
        }
        guard status == 0 else { throw lastError }
        return bytes
    }
}

/// The name of one column of a result, and the C type it is fetched as.
private struct ResultColumn {
    enum Kind { case int, unsigned, double, text, blob }

    let name: String
    let kind: Kind

    init(_ field: MYSQL_FIELD) {
        name = String(cString: field.name)
        switch field.type {
        case MYSQL_TYPE_TINY, MYSQL_TYPE_SHORT, MYSQL_TYPE_INT24, MYSQL_TYPE_LONG, MYSQL_TYPE_LONGLONG, MYSQL_TYPE_YEAR:
            kind = field.flags & UInt32(UNSIGNED_FLAG) == 0 ? .int : .unsigned
        case MYSQL_TYPE_FLOAT, MYSQL_TYPE_DOUBLE:
            kind = .double
        case MYSQL_TYPE_TINY_BLOB, MYSQL_TYPE_MEDIUM_BLOB, MYSQL_TYPE_LONG_BLOB, MYSQL_TYPE_BLOB, MYSQL_TYPE_STRING,
            MYSQL_TYPE_VAR_STRING, MYSQL_TYPE_VARCHAR:
            kind = field.charsetnr == Self.binaryCharset ? .blob : .text
        case MYSQL_TYPE_BIT, MYSQL_TYPE_GEOMETRY:
            kind = .blob
        default:
            kind = .text
        }
    }

    /// The number of the "binary" character set, which tells BLOB from TEXT.
    private static let binaryCharset: UInt32 = 63
}

/// The memory that a result's rows are fetched into, one after the other.
private final class ResultBuffers {
    let binds: UnsafeMutableBufferPointer<MYSQL_BIND>
    let numbers: UnsafeMutableBufferPointer<UInt64>
    let lengths: UnsafeMutableBufferPointer<UInt>
    let nulls: UnsafeMutableBufferPointer<my_bool>

    init(_ columns: [ResultColumn]) {
        binds = .allocate(capacity: columns.count)
        binds.initialize(repeating: MYSQL_BIND())
        numbers = .allocate(capacity: columns.count)
        numbers.initialize(repeating: 0)
        lengths = .allocate(capacity: columns.count)
        lengths.initialize(repeating: 0)
        nulls = .allocate(capacity: columns.count)
        nulls.initialize(repeating: 0)
        for (index, column) in columns.enumerated() {
            binds[index].length = lengths.baseAddress.map { $0 + index }
            binds[index].is_null = nulls.baseAddress.map { $0 + index }
            switch column.kind {
            case .int, .unsigned, .double:
                binds[index].buffer_type = column.kind == .double ? MYSQL_TYPE_DOUBLE : MYSQL_TYPE_LONGLONG
                binds[index].is_unsigned = column.kind == .unsigned ? 1 : 0
                binds[index].buffer = numbers.baseAddress.map { UnsafeMutableRawPointer($0 + index) }
                binds[index].buffer_length = UInt(MemoryLayout<UInt64>.size)
            case .text:
                binds[index].buffer_type = MYSQL_TYPE_STRING
            case .blob:
                binds[index].buffer_type = MYSQL_TYPE_BLOB
            }
        }
    }

    deinit {
        binds.deallocate()
        numbers.deallocate()
        lengths.deallocate()
        nulls.deallocate()
    }
}

import Foundation
import GRDB

extension DatabaseError {
    /// Set where the machine stood in the way: room, files, memory, the disk's rights, somebody who writes.
    ///
    /// What was to be stored is as good as before, and may be stored once that is over.
    var isOfMachine: Bool {
        switch resultCode.primaryResultCode {
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_NOMEM, .SQLITE_BUSY,
            .SQLITE_LOCKED, .SQLITE_PERM, .SQLITE_PROTOCOL:
            true
        default: false
        }
    }

    /// Set where the file is no database any more, or a damaged one.
    var isOfDamage: Bool { [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(resultCode.primaryResultCode) }

    /// The reason in words, for a database in that folder.
    func reason(in directory: String) -> String {
        switch resultCode.primaryResultCode {
        case .SQLITE_FULL:
            return "no room is left on its disk (\(DiskRoom.words(directory))): make room there"
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return "the database in it is damaged"
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: return "another program holds its database locked"
        case .SQLITE_NOMEM: return "no memory is left"
        case .SQLITE_CANTOPEN, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_PERM:
            return DiskRoom.fault(directory) ?? message ?? "SQLite error \(resultCode.rawValue)"
        default: return message ?? "SQLite error \(resultCode.rawValue)"
        }
    }
}

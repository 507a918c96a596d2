import DAV
import Foundation
import HTTP
import HTTPTypes
import TestSupport

/// What people do on a Nextcloud beside files: shares, the bin, versions, locks.
extension Visitor {
    /// An answer of Nextcloud's OCS interface.
    struct OCSReply {
        var status: Int
        var data: Any?
    }

    private var id: String { Self.encoded(login.userID) }
    var trash: String { server.url + "/remote.php/dav/trashbin/\(id)/trash" }

    func ocs(_ method: String, _ path: String, _ form: [String: String] = [:]) async throws -> OCSReply {
        let body = form.map { "\($0.key)=\(Self.encoded($0.value).replacing("/", with: "%2F"))" }.joined(separator: "&")
        let reply = try await send(
            method, url: server.url + "/ocs/v2.php" + path + "?format=json", form.isEmpty ? nil : Array(body.utf8),
            ["OCS-APIRequest": "true", "Content-Type": "application/x-www-form-urlencoded"])
        let object = try? JSONSerialization.jsonObject(with: Data(reply.body)) as? [String: Any]
        return OCSReply(status: reply.status, data: (object?["ocs"] as? [String: Any])?["data"])
    }

    func answers(_ url: String, _ status: Int) async throws -> Bool {
        try await send("PROPFIND", url: url, nil, ["Depth": "0"]).status == status
    }

    /// Tries whether a file's older contents can be restored, and whether it can be locked.
    func versionsAndLocks() async throws -> (versions: Bool, locks: Bool) {
        let name = "people-test-\(UUID().uuidString).txt"
        guard (200..<300).contains(try await put(name, Array("1".utf8))) else {
            throw TestFailure("\(login.user) cannot write among their files")
        }
        let found = try await list("")[name]
        let locked = try await send("LOCK", url: url(of: name), nil, ["X-User-Lock": "1"]).status == 200
        if locked { _ = try await send("UNLOCK", url: url(of: name), nil, ["X-User-Lock": "1"]) }
        var canRestore = false
        if let file = found?.fileID {
            let reply = try await send("OPTIONS", url: versions(of: file))
            canRestore = (reply.head.headerFields[.allow] ?? "").contains("MOVE")
        }
        try await act("DELETE", name)
        return (canRestore, locked)
    }

    private func versions(of file: String) -> String {
        server.url + "/remote.php/dav/versions/\(id)/versions/\(Self.number(file))"
    }

    /// `oc:fileid` is a number; `oc:id` has the instance behind it.
    private static func number(_ id: String) -> String { String(Int(id.prefix { $0.isNumber }) ?? 0) }

    /// Shares a folder of one's own, or changes the rights of the share.
    /// - Returns: the share's id.
    func share(_ path: String, with user: String, permissions: Int) async throws -> String {
        let reply = try await ocs(
            "POST", "/apps/files_sharing/api/v1/shares",
            ["path": "/" + path, "shareType": "0", "shareWith": user, "permissions": "\(permissions)"])
        let id = (reply.data as? [String: Any])?["id"]
        if let id = id as? String { return id }
        if let id = id as? Int { return String(id) }
        throw ServerFault(description: "sharing \(path) with \(user): \(reply.status)")
    }

    func change(share: String, permissions: Int) async throws {
        let reply = try await ocs(
            "PUT", "/apps/files_sharing/api/v1/shares/\(share)", ["permissions": "\(permissions)"])
        guard reply.status == 200 else { throw ServerFault(description: "changing a share: \(reply.status)") }
    }

    func unshare(_ share: String) async throws {
        let reply = try await ocs("DELETE", "/apps/files_sharing/api/v1/shares/\(share)")
        guard reply.status == 200 else { throw ServerFault(description: "taking a share back: \(reply.status)") }
    }

    /// Restores what was deleted last at a path.
    /// - Returns: false where the bin has nothing of it.
    func restore(_ path: String) async throws -> Bool {
        let ask =
            "<?xml version=\"1.0\"?><d:propfind xmlns:d=\"DAV:\" xmlns:nc=\"http://nextcloud.org/ns\"><d:prop>"
            + "<nc:trashbin-original-location/><nc:trashbin-deletion-time/></d:prop></d:propfind>"
        let reply = try await send("PROPFIND", url: trash, Array(ask.utf8), ["Depth": "1"])
        let items = Self.responses(reply.body).filter { Self.value("trashbin-original-location", in: $0) == path }
        let latest = items.max {
            (Int(Self.value("trashbin-deletion-time", in: $0) ?? "") ?? 0)
                < (Int(Self.value("trashbin-deletion-time", in: $1) ?? "") ?? 0)
        }
        guard let href = latest.flatMap({ Self.value("href", in: $0) }) else { return false }
        let target = server.url + "/remote.php/dav/trashbin/\(id)/restore/restored"
        let moved = try await send("MOVE", url: origin + href, nil, ["Destination": target])
        guard moved.status < 500 else { throw ServerFault(description: "restoring \(path): \(moved.status)") }
        return (200..<300).contains(moved.status)
    }

    /// Brings back the content that a file had before.
    /// - Returns: false where there is none.
    func restoreVersion(of file: String, choosing: ([String]) -> String?) async throws -> Bool {
        let reply = try await send("PROPFIND", url: versions(of: file), nil, ["Depth": "1"])
        let hrefs = Self.responses(reply.body).compactMap { Self.value("href", in: $0) }
        let older = hrefs.filter { !$0.hasSuffix("/") && $0.split(separator: "/").last.map { Int($0) != nil } ?? false }
        // The one with the latest name is the present content, or one that a person restored.
        guard older.count > 1, let href = choosing(older.sorted().dropLast().map { $0 }) else { return false }
        let target = server.url + "/remote.php/dav/versions/\(id)/restore/target"
        let moved = try await send("MOVE", url: origin + href, nil, ["Destination": target])
        guard moved.status < 500 else { throw ServerFault(description: "restoring a version: \(moved.status)") }
        return (200..<300).contains(moved.status)
    }

    private var origin: String {
        let parts = server.url.split(separator: "/", omittingEmptySubsequences: false)
        return parts.prefix(3).joined(separator: "/")
    }

    private static func responses(_ body: [UInt8]) -> [String] {
        String(decoding: body, as: UTF8.self).components(separatedBy: "<d:response>").dropFirst().map { $0 }
    }

    /// A property's text in one response, as it is read.
    private static func value(_ name: String, in response: String) -> String? {
        for prefix in ["d", "nc"] {
            guard let start = response.firstRange(of: "<\(prefix):\(name)>"),
                let end = response[start.upperBound...].firstRange(of: "</\(prefix):\(name)>")
            else { continue }
            return String(response[start.upperBound..<end.lowerBound]).replacing("&lt;", with: "<")
                .replacing("&gt;", with: ">").replacing("&quot;", with: "\"").replacing("&apos;", with: "'")
                .replacing("&amp;", with: "&")
        }
        return nil
    }
}

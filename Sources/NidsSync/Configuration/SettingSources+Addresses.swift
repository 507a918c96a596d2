import Foundation

extension SettingSources {
    /// An http or https address, without a login and without a query, either of which may be a secret.
    /// - Throws: `ConfigurationError`, which never repeats the address.
    func address(_ path: String, example: String) throws(ConfigurationError) -> String? {
        guard let text = try text(path) else { return nil }
        let pattern = /https?:\/\/(?:\[[0-9A-Fa-f:.]+\]|[^\/\s?#@:]+)(?::([0-9]+))?(?:\/[^\s?#]*)?/
        if let match = text.wholeMatch(of: pattern) {
            guard let port = match.output.1 else { return text }
            guard let number = Int(port), (1...65535).contains(number) else {
                throw refused(path, "its port is none", "A port from 1 to 65535, for example \(example):8443.")
            }
            return text
        }
        let problem =
            text.contains("@")
            ? "the address holds a login"
            : text.contains("?") || text.contains("#")
                ? "the address has a \"?\" or \"#\", and what follows it may be a key" : "it is no address"
        throw refused(
            path, problem,
            "Give it as \(example), it begins with https:// and has no login, \"?\" or \"#\"; a login or key has a "
                + "setting of its own.")
    }

    /// The path of a file that is there.
    /// - Throws: `ConfigurationError` for one that is not, which shows the path only where it can be one.
    func readableFile(_ path: String) throws(ConfigurationError) -> String? {
        guard let file = try text(path) else { return nil }
        guard FileManager.default.isReadableFile(atPath: file) else {
            throw refused(
                path, "\(Self.shown(file: file)) cannot be read",
                "Give the path of a file that is there and that this user may read.")
        }
        return file
    }

    /// A file as a message names it. A text that stands for no place on this machine is not repeated: it may be the
    /// secret itself, which somebody gave in the place of a file that holds it.
    static func shown(file: String) -> String {
        let folder = (file as NSString).deletingLastPathComponent
        var isFolder: ObjCBool = false
        let isPlace =
            FileManager.default.fileExists(atPath: file)
            || (folder.hasPrefix("/") && folder != "/"
                && FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) && isFolder.boolValue)
        return isPlace
            ? "the file \(SettingKey.shown(file))"
            : "the file that it names (not shown: the folder is not there, and it may be the secret itself)"
    }
}

extension String {
    /// True for a host name or address that leads no further than this machine or a network of one's own: without
    /// asking anybody, the names without a point and those of RFC 6761, RFC 6762 (with its appendix G), RFC 8375 and
    /// ICANN's `internal`.
    var isLocalHost: Bool {
        let name = lowercased()
        let labels = name.split(separator: ".")
        let own: Set = ["localhost", "local", "internal", "intranet", "private", "corp", "home", "lan"]
        guard let last = labels.last, !name.contains(":") else { return false }
        let isName = !last.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return isName && (labels.count == 1 || own.contains(String(last)) || name.hasSuffix(".home.arpa"))
    }
}

import DAV
import HTTP
import MariaDB

extension SettingsLoader {
    func nextcloud() throws(ConfigurationError) -> Settings.Nextcloud {
        Settings.Nextcloud(
            url: try nextcloudURL(),
            user: try sources.required(
                "nextcloud.user", "The login name of the Nextcloud account that may read the scans."),
            password: try requiredPassword(),
            root: try root(),
            include: try include() ?? ["jpeg/**", "pdf/**"],
            exclude: try patterns("nextcloud.exclude") ?? [],
            pollInterval: try sources.interval("nextcloud.poll_interval") ?? .seconds(10),
            walkInterval: try sources.interval("nextcloud.walk_interval") ?? .seconds(300),
            fullCheckInterval: try sources.interval("nextcloud.full_check_interval") ?? .seconds(6 * 3600),
            caFile: try sources.readableFile("nextcloud.ca_file"),
            pairWait: try sources.duration("nextcloud.pair_wait") ?? .seconds(900),
            variants: try variants() ?? ["FUSION_FULL", "binarisation", "blur"],
            maximumScanSize: try sources.size("nextcloud.max_scan_size", upTo: 10_000_000_000) ?? 200_000_000)
    }

    private func nextcloudURL() throws(ConfigurationError) -> String {
        let example = "https://cloud.example.org"
        guard let url = try sources.address("nextcloud.url", example: example) else {
            return try sources.required("nextcloud.url", "Your Nextcloud's address, for example \(example).")
        }
        let allowsHTTP = try sources.boolean("nextcloud.allow_http") ?? false
        if !allowsHTTP, let host = Self.plainHost(url), !host.isLocalHost, !LocalNetwork.contains(host) {
            throw sources.refused(
                "nextcloud.url", "with http, the password crosses the network in clear text",
                "Write https://, or set nextcloud.allow_http to true (NIDS_NEXTCLOUD_ALLOW_HTTP) if all of that network "
                    + "is yours.")
        }
        return url
    }

    /// The host of an address that begins with `http://`, without brackets; `nil` for https.
    private static func plainHost(_ url: String) -> String? {
        guard let match = url.prefixMatch(of: /http:\/\/(?:\[([^\]]*)\]|([^\/:]*))/) else { return nil }
        return String(match.output.1 ?? match.output.2 ?? "")
    }

    private func root() throws(ConfigurationError) -> String {
        let root = try sources.required(
            "nextcloud.root", "The folder of the scans, for example \"Observations Media\".")
        guard RemotePath(root) != nil else {
            throw sources.wrong(
                "nextcloud.root", root,
                "A path below the account's files, for example Observations Media or Partage/Nids.")
        }
        return root
    }

    private func include() throws(ConfigurationError) -> [String]? {
        guard let patterns = try patterns("nextcloud.include") else { return nil }
        guard !patterns.isEmpty else {
            throw sources.refused(
                "nextcloud.include", "it names no pattern, so that nothing would be read",
                "For example: jpeg/**, pdf/**")
        }
        return patterns
    }

    /// Patterns without the signs that other programs give a meaning, and that here would match nothing.
    private func patterns(_ path: String) throws(ConfigurationError) -> [String]? {
        guard let patterns = try sources.list(path) else { return nil }
        for pattern in patterns {
            guard let advice = Glob.misunderstanding(in: pattern) else { continue }
            throw sources.wrong(path, pattern, advice)
        }
        return patterns
    }

    /// Names of folders, or none at all.
    private func variants() throws(ConfigurationError) -> [String]? {
        let path = "nextcloud.variants"
        guard let names = try sources.list(path) else { return nil }
        if names.count == 1, let only = names.first, only.lowercased() == "none" { return [] }
        guard !names.isEmpty else {
            throw sources.refused(path, "it names no folder", "Write none to have every scan read.")
        }
        for (index, name) in names.enumerated() {
            if name.lowercased() == "none" {
                throw sources.wrong(path, name, "none stands alone: it means that every scan is read.")
            }
            guard RemotePath(name)?.depth == 1, !name.contains("/"), !name.contains("*") else {
                throw sources.wrong(
                    path, name, "The name of a folder, no path and no pattern: FUSION_FULL, binarisation, blur.")
            }
            if names[..<index].contains(where: { $0.lowercased() == name.lowercased() }) {
                throw sources.wrong(path, name, "It is named twice; the case of the letters does not matter.")
            }
        }
        return names
    }

    private func requiredPassword() throws(ConfigurationError) -> Secret {
        if let password = try sources.secret("nextcloud.password") { return password }
        throw ConfigurationError(
            "missing", key: "nextcloud.password",
            advice: "Create an app password in Nextcloud (Settings, Security) and give it as NIDS_NEXTCLOUD_PASSWORD, "
                + "or the path of a file that holds it as nextcloud.password_file.")
    }
}

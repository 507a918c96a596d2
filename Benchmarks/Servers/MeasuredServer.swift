import DAV
import Foundation
import HTTP
import NextcloudStandIn
import TestSupport

/// A WebDAV server that the same is asked of by us, by curl and by rclone.
struct MeasuredServer: Sendable {
    var name: String
    /// The collection that holds the account's files.
    var filesURL: String
    var user: String
    var password: String
    var isNextcloud: Bool
    /// Requests received so far, where the server can tell.
    var requestCount: @Sendable () -> Int? = { nil }

    /// The URL of a folder below the account's files.
    func url(_ folder: String) throws -> String {
        guard let collection = CollectionURL(filesURL), let path = RemotePath(folder) else {
            throw TestFailure("not a URL: \(filesURL)")
        }
        return collection.appending(path).description
    }

    /// Starts this program again, for one measurement's work on a folder.
    func workerArguments(_ command: String, _ url: String) -> [String] {
        [Programs.own, "worker", command, "--url", url, "--user", user] + (isNextcloud ? ["--nextcloud"] : [])
    }

    var workerEnvironment: [String: String] { [WorkerSite.passwordVariable: password] }

    /// Arguments for curl, which reads login and URLs from a file of our own: a process list shows neither.
    func curlArguments(_ lines: [String], in folder: TemporaryDirectory) throws -> [String] {
        let login = "\(user):\(password)".replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let text = (["user = \"\(login)\"", "silent", "show-error", "fail"] + lines).joined(separator: "\n") + "\n"
        let file = try folder.write(text.utf8, to: "curl.conf")
        chmod(file, 0o600)
        return ["/usr/bin/curl", "--config", file]
    }

    /// The environment of an rclone whose remote `:webdav:` is that folder, without a configuration of its own.
    func rcloneEnvironment(_ url: String, home: String) async throws -> [String: String] {
        let obscured = try await ChildProcess.run(["/usr/bin/rclone", "obscure", password])
        return [
            "HOME": home, "RCLONE_CONFIG": "/notfound", "RCLONE_WEBDAV_URL": url, "RCLONE_WEBDAV_USER": user,
            "RCLONE_WEBDAV_PASS": obscured.trimmingCharacters(in: .whitespacesAndNewlines),
            "RCLONE_WEBDAV_VENDOR": isNextcloud ? "nextcloud" : "other",
        ]
    }
}

extension MeasuredServer {
    init(_ apache: ApacheServer) {
        self.init(
            name: "Apache", filesURL: apache.davURL, user: apache.user, password: apache.password, isNextcloud: false,
            requestCount: {
                let log = FileManager.default.contents(atPath: apache.folder + "/../run/access.log")
                return log?.count { $0 == UInt8(ascii: "\n") }
            })
    }

    init(_ standIn: NextcloudStandIn, _ account: Account) {
        self.init(
            name: "the stand-in", filesURL: "\(standIn.url)/remote.php/dav/files/\(account.userID)",
            user: account.user, password: account.password, isNextcloud: true,
            requestCount: { standIn.requests.count })
    }
}

extension MeasuredServer {
    /// A Nextcloud that runs already.
    init(nextcloud url: String, user: String, password: String) async throws {
        let credentials = Credentials(user: user, password: Secret(password))
        let finding = try await ServerProbe(http: HTTPClient()).probe(url, credentials: credentials)
        self.init(
            name: "Nextcloud \(finding.version ?? "")", filesURL: finding.filesURL, user: user, password: password,
            isNextcloud: finding.isNextcloud)
    }
}

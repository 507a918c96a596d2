import FlyingFox
import FlyingSocks
import Foundation
import Synchronization

/// What answers the requests: one for a stand-in, whatever connection they come by.
final class Service: HTTPHandler {
    let tree: SharedTree
    let version: String
    let instance: String
    let accounts: Mutex<[Account]>
    let conditions = Mutex(Conditions())
    let logins = Mutex(LoginFlows())
    let address = Mutex("")
    let faults = FaultList()
    let log = RequestLog()

    init(tree: SharedTree, accounts: [Account], version: String) {
        self.tree = tree
        self.version = version
        self.accounts = Mutex(accounts)
        instance = tree.mutex.withLock { $0.instance }
    }

    func handleRequest(_ raw: HTTPRequest) async throws -> HTTPResponse {
        let request = Request(raw)
        var record = request.recorded
        let isSession = request["Cookie"]?.contains(instance + "=") ?? false
        record.sentSessionCookie = isSession
        let number = log.begin(record)
        let effects = faults.effects(method: request.method, path: request.readablePath, depth: request["Depth"])
        var answer: Answer?
        for effect in effects {
            switch effect {
            case .delay(let time): try await Task.sleep(for: time)
            case .cutBeforeAnswer: return Self.cut
            case .hang:
                try await Task.sleep(for: .seconds(86_400))
                return Self.cut
            case .status(let status, let headers, let body):
                answer = Answer(
                    status, headers.map { (name: $0.key, value: $0.value) }, body: .bytes(Array(body.utf8)))
            case .cutAfterBodyBytes, .loseAnswer, .truncateBody, .errorInsideMultistatus, .failedResponse: break
            }
        }
        var final = if let answer { answer } else { try await self.answer(request) }
        try await request.body.drain()
        log.update(number) { $0.bytesIn = request.body.count }
        if effects.contains(.loseAnswer) { return Self.cut }
        if !isSession { final.headers += cookies(for: request) }
        return response(final, to: request, effects: effects, number: number)
    }

    /// The answer of whichever part is asked; errors become answers.
    private func answer(_ request: Request) async throws -> Answer {
        let path = request.rawPath
        if path == "/status.php" { return status() }
        if path.hasPrefix("/ocs/v1.php/") || path.hasPrefix("/ocs/v2.php/") { return ocs(request) }
        if path.hasPrefix("/remote.php/") { return try await dav(request) }
        if path.hasPrefix("/index.php/login/v2") || path.hasPrefix("/login/v2") { return try await login(request) }
        return Answer(404, [("Content-Type", "text/html; charset=UTF-8")], body: .bytes(Array("Not found\n".utf8)))
    }

    /// The cookies of a new session, by the names that Nextcloud gives them.
    private func cookies(for request: Request) -> [(name: String, value: String)] {
        let strict = "path=/; expires=Fri, 31-Dec-2100 23:59:59 GMT; HttpOnly;"
        var cookies = [
            "nc_sameSiteCookielax=true; \(strict) SameSite=lax",
            "nc_sameSiteCookiestrict=true; \(strict) SameSite=strict",
        ]
        if request.rawPath != "/status.php" {
            cookies.append("oc_sessionPassphrase=\(Identifiers.token(64)); path=/; HttpOnly; SameSite=Lax")
            cookies.append("\(instance)=\(Identifiers.token(26)); path=/; HttpOnly; SameSite=Lax")
        }
        return cookies.map { (name: "Set-Cookie", value: $0) }
    }
}

import Synchronization

/// Answers the requests: one for a stand-in, whatever connection they come by.
final class Service: Sendable {
    let installation: Installation
    let faults = FaultList()
    let log = RequestLog()

    init(_ installation: Installation) { self.installation = installation }

    /// Records a request, lets it take effect, and gives its answer, with what the faults do to either.
    ///
    /// - Throws: what the connection throws while the body is read, and `CancellationError`.
    func reply(to request: Request) async throws -> Reply {
        var record = request.recorded
        let isSession = request["Cookie"]?.contains(installation.id + "=") ?? false
        record.sentSessionCookie = isSession
        let number = log.begin(record)
        let effects = faults.effects(
            method: request.method, path: request.readablePath, file: DAVTarget.file(request.rawPath),
            depth: request["Depth"])
        var answer: Answer?
        for effect in effects {
            switch effect {
            case .delay(let time): try await Task.sleep(for: time)
            case .cutBeforeAnswer: return .cut
            case .hang:
                try await Task.sleep(for: .seconds(86_400))
                return .cut
            case .pretendToStore(let leavesFile):
                answer = try await PretendingHandler(installation: installation).answer(request, leavesFile)
            default: answer = Answer(instead: effect) ?? answer
            }
        }
        var final = if let answer { answer } else { try await self.answer(request) }
        try await request.body.drain()
        log.update(number) { $0.bytesIn = request.body.count }
        if effects.contains(.loseAnswer) { return .cut }
        for case .actAndFail(let status, let exception) in effects {
            final = .error(DAVError.sabre(status, exception, ""))
        }
        if !isSession, !final.isForeign { final.headers += cookies(for: request) }
        final.headers.insert(("Date", HTTPDate.string(seconds: installation.now)), at: 0)
        final.headers.insert(("Server", final.isForeign ? "nginx" : "nids-sync stand-in"), at: 0)
        for effect in effects { final.body.apply(effect) }
        let status = final.status
        log.update(number) { $0.status = status }
        return .answer(final, Distortion(effects), number: number)
    }

    /// The answer of whichever part is asked; errors become answers.
    private func answer(_ request: Request) async throws -> Answer {
        let path = request.rawPath
        if path == "/status.php" { return OCSHandler(installation: installation).status() }
        if path.hasPrefix("/ocs/v1.php/") || path.hasPrefix("/ocs/v2.php/") {
            if path.dropFirst("/ocs/v1.php".count).hasPrefix(SharingHandler.path) {
                return try await SharingHandler(installation: installation).answer(request)
            }
            return OCSHandler(installation: installation).answer(request)
        }
        if path.hasPrefix("/remote.php/") { return try await DAVHandler(installation: installation).answer(request) }
        if path.hasPrefix("/index.php/login/v2") || path.hasPrefix("/login/v2") {
            return try await LoginHandler(installation: installation).answer(request)
        }
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
            cookies.append("\(installation.id)=\(Identifiers.token(26)); path=/; HttpOnly; SameSite=Lax")
        }
        return cookies.map { (name: "Set-Cookie", value: $0) }
    }
}

extension Answer.Body {
    /// Changes a listing as a fault says.
    fileprivate mutating func apply(_ effect: Fault.Effect) {
        guard case .listing(var listing) = self else { return }
        switch effect {
        case .errorInsideMultistatus(let count): listing.breaksAfter = count
        case .emptyResponse(let position): listing.emptied = position
        case .failedResponse(let position, let status): listing.failed = (position, status)
        default: return
        }
        self = .listing(listing)
    }
}

import Synchronization

/// Answers everything below `/remote.php/`.
struct DAVHandler {
    let installation: Installation

    /// The answer; errors of the protocol and of the stand-in's own disk become answers.
    ///
    /// - Throws: only what the connection throws while the body is read.
    func answer(_ request: Request) async throws -> Answer {
        var account: Account?
        var answer: Answer
        do {
            if installation.present.maintenance { throw DAVError.maintenance }
            let known = try authenticated(request)
            account = known
            answer = try await self.answer(request, account: known)
        } catch let error as DAVError {
            answer = .error(error)
            if error.isAnonymous { account = nil }
        } catch let error as StandInError {
            answer = .error(.storage(error))
        }
        answer.headers.append(("Content-Security-Policy", "default-src 'none';"))
        if let account { answer.headers.append(("X-User-Id", account.userID)) }
        if request.method == "PROPFIND", account != nil, answer.status != 400 {
            answer.headers += [("Vary", "Brief,Prefer"), ("DAV", DAVCapabilities.classes)]
        }
        if answer.status < 300 {
            let id = Identifiers.token(20)
            answer.headers += [("X-Request-Id", id), ("X-Debug-Token", id)]
        }
        return answer
    }

    /// The account that a request is made with.
    ///
    /// - Throws: 401.
    private func authenticated(_ request: Request) throws(DAVError) -> Account {
        let reason: String
        switch installation.login(request["Authorization"]) {
        case .account(let account):
            guard !account.isDisabled else { throw .disabled }
            return account
        case .none: reason = "No public access to this resource., No 'Authorization: Basic' header found."
        case .wrong: reason = "No public access to this resource., Username or password was incorrect"
        }
        throw .unauthorized(reason)
    }

    private func answer(_ request: Request, account: Account) async throws -> Answer {
        if request.rawPath.hasPrefix("/remote.php/dav/systemtags") {
            return try await TagHandler(tree: installation.tree).answer(request)
        }
        if request.rawPath.hasPrefix("/remote.php/dav/versions/") {
            return try await VersionHandler(tree: installation.tree).answer(request, account: account)
        }
        if request.method == "SEARCH", request.rawPath == "/remote.php/dav/" || request.rawPath == "/remote.php/dav" {
            return try await SearchHandler(tree: installation.tree).answer(request, account: account)
        }
        guard let target = DAVTarget(rawPath: request.rawPath, account: account) else {
            throw DAVError.sabre(404, "NotFound", "File not found: \(request.rawPath)")
        }
        let exchange = Exchange(
            request: request, target: target, account: account, conditions: installation.present,
            version: installation.version)
        if target.user != account.userID {
            return try await ListingHandler(installation: installation).answerForeign(exchange)
        }
        try checkStorages(exchange)
        return try await answer(exchange)
    }

    /// Refuses whatever lies inside a storage that is away.
    private func checkStorages(_ exchange: Exchange) throws(DAVError) {
        for path in exchange.conditions.awayStorages {
            guard let names = PathRules.names(of: path) else { continue }
            if exchange.target.names.starts(with: names), exchange.target.names.count > names.count {
                throw .sabre(503, "ServiceUnavailable", "Storage is temporarily not available")
            }
        }
    }

    private func answer(_ exchange: Exchange) async throws -> Answer {
        let tree = installation.tree
        switch exchange.request.method {
        case "OPTIONS": return DAVCapabilities.answer
        case "PROPFIND": return try await ListingHandler(installation: installation).answer(exchange)
        case "PROPPATCH": return try await PropertyHandler(tree: tree).answer(exchange)
        case "GET", "HEAD": return try DownloadHandler(tree: tree).answer(exchange)
        case "PUT": return try await UploadHandler(tree: tree).answer(exchange)
        case "MKCOL": return try await make(exchange)
        case "DELETE": return try CollectionHandler(tree: tree).delete(exchange)
        case "MOVE", "COPY": return try TransferHandler(tree: tree).answer(exchange)
        case "LOCK": return try LockHandler(tree: tree).lock(exchange)
        case "UNLOCK": return try LockHandler(tree: tree).unlock(exchange)
        default:
            throw DAVError.sabre(
                501, "NotImplemented", "There was no plugin in the system that was willing to handle this request.")
        }
    }

    private func make(_ exchange: Exchange) async throws -> Answer {
        let handler = CollectionHandler(tree: installation.tree)
        guard exchange.conditions.locksWhileMaking else { return try await handler.make(exchange) }
        let place = [exchange.target.user] + exchange.target.names.dropLast()
        guard installation.beingChanged.withLock({ $0.insert(place).inserted }) else {
            throw DAVError(
                423, #"OCA\DAV\Connector\Sabre\Exception\FileLocked"#,
                "\"files/\(place.joined(separator: "/"))\" is locked")
        }
        defer { _ = installation.beingChanged.withLock { $0.remove(place) } }
        try await Task.sleep(for: .milliseconds(20))
        return try await handler.make(exchange)
    }
}

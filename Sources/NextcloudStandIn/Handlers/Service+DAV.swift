import Foundation
import Synchronization

extension Service {
    static let davClasses =
        "1, 3, extended-mkcol, access-control, calendarserver-principal-property-search, nc-paginate, "
        + "nextcloud-checksum-update, nc-calendar-search, nc-enable-birthday-calendar, 2"
    static let allowed = "OPTIONS, GET, HEAD, DELETE, PROPFIND, PUT, PROPPATCH, COPY, MOVE, REPORT, LOCK, UNLOCK"

    /// Everything below `/remote.php/`.
    func dav(_ request: Request) async throws -> Answer {
        var account: Account?
        var answer: Answer
        do {
            if conditions.withLock({ $0.maintenance }) { throw DAVError.maintenance }
            let known = try authenticated(request)
            account = known
            answer = try await dav(request, account: known)
        } catch let error as DAVError {
            answer = .error(error)
            if error.isAnonymous { account = nil }
        } catch let error as StandInError {
            answer = .error(.storage(error))
        }
        answer.headers.append(("Content-Security-Policy", "default-src 'none';"))
        if let account { answer.headers.append(("X-User-Id", account.userID)) }
        if request.method == "PROPFIND", account != nil, answer.status != 400 {
            answer.headers += [("Vary", "Brief,Prefer"), ("DAV", Self.davClasses)]
        }
        if answer.status < 300 {
            let id = Identifiers.token(20)
            answer.headers += [("X-Request-Id", id), ("X-Debug-Token", id)]
        }
        return answer
    }

    private func dav(_ request: Request, account: Account) async throws -> Answer {
        if request.rawPath.hasPrefix("/remote.php/dav/systemtags") { return try await tags(request) }
        guard let target = DAVTarget(rawPath: request.rawPath, account: account) else {
            throw DAVError.sabre(404, "NotFound", "File not found: \(request.rawPath)")
        }
        guard target.user == account.userID else {
            return try await foreign(request, target, account: account)
        }
        switch request.method {
        case "OPTIONS":
            return .empty(
                200,
                [
                    ("Allow", Self.allowed), ("DAV", Self.davClasses), ("MS-Author-Via", "DAV"),
                    ("Accept-Ranges", "bytes"),
                ])
        case "PROPFIND": return try await propfind(request, target, account: account)
        case "PROPPATCH": return try await proppatch(request, target)
        case "GET", "HEAD": return try get(request, target)
        case "PUT": return try await put(request, target, account: account)
        case "MKCOL": return try makeCollection(request, target)
        case "DELETE": return try delete(request, target, account: account)
        case "MOVE", "COPY": return try transfer(request, target, account: account)
        case "LOCK": return try lock(request, target, account: account)
        case "UNLOCK": return try unlock(target, account: account)
        default:
            throw DAVError.sabre(
                501, "NotImplemented", "There was no plugin in the system that was willing to handle this request.")
        }
    }

    /// What Nextcloud shows of other people's files: that their root exists, no more.
    private func foreign(_ request: Request, _ target: DAVTarget, account: Account) async throws -> Answer {
        let exists = accounts.withLock { $0.contains { $0.userID == target.user } }
        guard exists, target.names.isEmpty, request.method == "PROPFIND" else {
            throw DAVError.sabre(404, "NotFound", "File not found: \(target.path)")
        }
        let body = try PropfindBody(try await request.body.text())
        let properties = body.properties.filter { !body.omitsMissing || $0.kind == .resourceType }
        let response = Multistatus.response(
            target.prefix + "/",
            properties.map { ($0, $0.kind == .resourceType ? "<d:collection/>" : nil) })
        return .xml(207, Multistatus.document(response))
    }
}

import Foundation
import HTTP
import HTTPTypes

/// The answer to a request for Nextcloud's `status.php`, and what it means.
struct StatusPage {
    /// The address of the Nextcloud, if it is one; after a redirect, say to https, the new one.
    var home: String
    var status: Int
    /// True when it is the status of an installed Nextcloud.
    var isNextcloud = false
    var isInMaintenance = false
    var version: String?
    /// The text that disturbs an answer that is otherwise clear, in words.
    var disturbance: String?
    /// The error that it stands for, where it is not clear.
    var fault: DAVError?
    /// True when the answer speaks of this moment alone: then nothing is concluded from it.
    var isPassing = false

    private struct Answer: Decodable {
        var installed: Bool
        var maintenance: Bool?
        var needsDbUpgrade: Bool?
        var version: String?
    }

    init(_ reply: HTTPReply, base: String) {
        // Credentials do not follow a redirect to another origin: it is followed once and for all.
        let suffix = "/status.php"
        let isMoved = reply.url.hasSuffix(suffix)
        home = isMoved ? String(reply.url.dropLast(suffix.count)) : base
        status = reply.status
        if status == 200, let (answer, before) = Self.answer(reply.body) {
            take(answer, before)
        } else {
            fault = Self.fault(reply, base)
            isPassing = status >= 500 && ![501, 505].contains(status) || [408, 425, 429].contains(status)
        }
    }

    private mutating func take(_ answer: Answer, _ before: ArraySlice<UInt8>) {
        guard answer.installed else {
            fault = DAVError(
                .malformed, path: home, status: status, detail: "the Nextcloud there is not installed yet",
                answerer: .nextcloud)
            isPassing = true
            return
        }
        isNextcloud = true
        isInMaintenance = answer.maintenance == true || answer.needsDbUpgrade == true
        version = answer.version
        let text = ForeignText(before)
        if text != .nothing { disturbance = "\(text) stands before the answer of \(home)/status.php" }
    }

    /// An answer has some hundred bytes; every opening brace of a longer text would have to be tried to its end.
    private static let longest = 8 << 10

    /// The JSON object at the end of a body, and what stands before it.
    private static func answer(_ body: [UInt8]) -> (Answer, before: ArraySlice<UInt8>)? {
        var rest = body.suffix(longest)
        while let brace = rest.firstIndex(of: UInt8(ascii: "{")) {
            if let answer = try? JSONDecoder().decode(Answer.self, from: Data(body[brace...])) {
                let before = body[..<brace]
                return (answer, before.starts(with: [0xEF, 0xBB, 0xBF]) ? before.dropFirst(3) : before)
            }
            rest = body[(brace + 1)...]
        }
        return nil
    }

    private static func fault(_ reply: HTTPReply, _ base: String) -> DAVError {
        let text = ForeignText(reply.body)
        if reply.status == 400, String(decoding: reply.body.prefix(4 << 10), as: UTF8.self).contains("rusted domain") {
            return DAVError(
                .malformed, path: base, status: 400,
                detail: "Nextcloud does not know the host's name in this address (untrusted domain): its administrator "
                    + "adds it to trusted_domains", answerer: .nextcloud)
        }
        var error = DAVError(reply.head, body: reply.body, path: base, .get, isNextcloud: true)
        if (200..<300).contains(reply.status) {
            error = DAVError(
                .malformed, path: base, status: reply.status, detail: "\(text) came instead of Nextcloud's status page",
                answerer: error.answerer)
        }
        return error
    }
}

import HTTP

extension DAVError: CustomStringConvertible {
    /// The whole of it in one line: what was tried, with which file, what happened, and what a person can do.
    public var description: String {
        let subject = path.isEmpty ? "the folder" : "\u{201C}\(path)\u{201D}"
        let act =
            switch operation {
            case .reading: "reading \(subject)"
            case .listing: "listing \(subject)"
            case .writing: "writing \(subject)"
            case .makingFolder: "making the folder \(subject)"
            case .moving: "moving \(subject)"
            case .locking: "locking \(subject)"
            case .other, nil: subject
            }
        return "\(act): \(detail)" + (advice.map { ". \($0)" } ?? "")
    }

    /// Advice to a person, as a sentence without its end; `nil` where waiting is all that there is to do.
    public var advice: String? {
        if refusesName {
            return
                "The server's rules refuse this name (perhaps those for Windows): rename the scan or its folder, or ask "
                + "the server's administrator"
        }
        if isBlockedDotName {
            return "A web server or proxy blocks names that begin with a dot: let its administrator allow \(path)"
        }
        switch (kind, status) {
        case (.unauthorized, _): return "Check the user and the password; best is an app password"
        case (.accountDisabled, _): return "Ask Nextcloud's administrator to enable the account"
        case (.forbidden, _) where proof == .answer: return "Give this account the right to do that in this folder"
        case (.rejected, 413):
            return "Raise the limit for the size of requests at the server or the proxy in front of it "
                + "(client_max_body_size of nginx, LimitRequestBody of Apache)"
        case (.locked, _): return "It is tried again; if nobody has it open, free it in Nextcloud"
        case (.preconditionFailed, _) where saysGone:
            return "Nothing is there for this account any more: it was deleted, or the share was taken back"
        case (.insufficientStorage, _): return "Make room in the Nextcloud account, or raise its quota"
        case (.redirected(let location), _) where !isRetryable: return "Set nextcloud.url to \(location)"
        case (.wrongAddress, _): return "Correct nextcloud.url, or the proxy in front of the server"
        case (.unexpectedBody(.webPage), _),
            (.malformed, _) where isWebPage:
            return "Something in front of the server asks for a login or shows a page: it is tried again"
        case (.transport(let error), _): return Self.advice(error)
        default: return nil
        }
    }

    private static func advice(_ error: HTTPError) -> String? {
        guard case .tls(_, let reason) = error, !reason.contains("http://") else { return nil }
        return "Set nextcloud.ca_file if the server has a certificate of your own"
    }

    private var isWebPage: Bool {
        if case .webPage? = answerer { return true }
        return false
    }

    /// True when somebody in front of the server refuses a file whose name begins with a dot.
    private var isBlockedDotName: Bool {
        guard [.forbidden, .notFound, .notAllowed].contains(kind), let answerer, answerer != .nextcloud else {
            return false
        }
        let name = path.utf8.split(separator: UInt8(ascii: "/")).last
        return name?.first == UInt8(ascii: ".") && (proof != .claimedAbsence || operation == .writing)
    }
}

import HTTPTypes

/// The one who gave an answer, as far as the answer itself tells.
public enum Answerer: Sendable, Hashable {
    /// Nextcloud's own WebDAV, known by the error document of Sabre/DAV or by a multistatus.
    case nextcloud
    /// A WebDAV server of another kind; its errors may be pages of HTML.
    case webDAV
    /// A web page where Nextcloud answers otherwise: a login page, a portal, the page of a proxy.
    case webPage(title: String?)
    /// A web server or proxy in front of the server, by the name that it gives itself.
    case gateway(name: String?)
    /// The proxy of this machine's settings.
    case proxy
}

extension Answerer: CustomStringConvertible {
    /// The answerer as the subject of a sentence.
    public var description: String {
        switch self {
        case .nextcloud: "Nextcloud"
        case .webDAV: "the server"
        case .webPage(let title): "\(ForeignText.webPage(title: title))"
        case .gateway(let name): "a web server or proxy in front of the server" + (name.map { " (\($0))" } ?? "")
        case .proxy: "the proxy"
        }
    }
}

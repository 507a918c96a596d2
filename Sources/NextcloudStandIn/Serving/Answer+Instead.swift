extension Answer {
    /// The answer that a fault puts in the place of any effect; nil for a fault of another kind.
    init?(instead effect: Fault.Effect) {
        switch effect {
        case .status(let status, let headers, let body):
            self.init(status, headers.map { (name: $0.key, value: $0.value) }, body: .bytes(Array(body.utf8)))
        case .davError(let status, let exception, let message, let headers):
            var error = DAVError.sabre(status, exception, message)
            error.headers = headers
            self = .error(error)
        case .unauthorized:
            self = .error(.unauthorized("No public access to this resource., Username or password was incorrect"))
        case .proxyPage(let status):
            let title = "\(status) \(StatusPhrase.of(status))"
            self.init(page: status, "<h1>\(title)</h1><hr>nginx", title: title)
        case .loginPage(nil):
            self.init(page: 200, "<form method=\"post\" action=\"/login\">Please log in</form>", title: "Log in")
        case .loginPage(let address?):
            self.init(page: 302, "Redirecting to the login page", title: "Found")
            headers.append(("Location", address))
        default: return nil
        }
    }

    /// A web page that is not Nextcloud's.
    private init(page status: Int, _ content: String, title: String) {
        let text = "<!DOCTYPE html>\n<html><head><title>\(title)</title></head><body>\(content)</body></html>\n"
        self.init(status, [("Content-Type", "text/html; charset=utf-8")], body: .bytes(Array(text.utf8)))
        isForeign = true
    }
}

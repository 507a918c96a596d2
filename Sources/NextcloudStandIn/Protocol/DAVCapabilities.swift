/// The server's own account of what it can do (RFC 4918, section 10.1).
enum DAVCapabilities {
    static let classes =
        "1, 3, extended-mkcol, access-control, calendarserver-principal-property-search, nc-paginate, "
        + "nextcloud-checksum-update, nc-calendar-search, nc-enable-birthday-calendar, 2"
    static let methods = "OPTIONS, GET, HEAD, DELETE, PROPFIND, PUT, PROPPATCH, COPY, MOVE, REPORT, LOCK, UNLOCK"

    /// The answer to `OPTIONS`.
    static let answer = Answer.empty(
        200, [("Allow", methods), ("DAV", classes), ("MS-Author-Via", "DAV"), ("Accept-Ranges", "bytes")])
}

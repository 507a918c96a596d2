/// The elements of a multistatus that mean something, by where they stand.
enum MultistatusElement {
    case document, multistatus, response, href, responseStatus, propstat, propstatStatus, prop
    case property(ResponseBuilder.Property), collection, error, other

    init(_ name: XMLName, inside parent: MultistatusElement) {
        self =
            switch parent {
            case .document where Self.isDAV(name, "multistatus"): .multistatus
            case .multistatus where Self.isDAV(name, "response"): .response
            case .multistatus where Self.isDAV(name, "error"): .error
            case .response where Self.isDAV(name, "propstat"): .propstat
            case .response where Self.isDAV(name, "href"): .href
            case .response where Self.isDAV(name, "status"): .responseStatus
            case .propstat where Self.isDAV(name, "prop"): .prop
            case .propstat where Self.isDAV(name, "status"): .propstatStatus
            case .prop: Self.property(named: name).map(Self.property) ?? .other
            case .property(.resourceType) where Self.isDAV(name, "collection"): .collection
            default: .other
            }
    }

    /// True for elements whose text is read.
    var holdsText: Bool {
        switch self {
        case .href, .responseStatus, .propstatStatus, .property: true
        default: false
        }
    }

    private static func property(named name: XMLName) -> ResponseBuilder.Property? {
        if name.isIn("DAV:") {
            if name.isCalled("getetag") { return .etag }
            if name.isCalled("resourcetype") { return .resourceType }
            if name.isCalled("getcontentlength") { return .length }
            if name.isCalled("getlastmodified") { return .modified }
        } else if name.isIn("http://owncloud.org/ns") {
            if name.isCalled("fileid") { return .fileID }
            if name.isCalled("permissions") { return .permissions }
        } else if name.isIn("http://nextcloud.org/ns") {
            if name.isCalled("lock") { return .lock }
            if name.isCalled("lock-owner") { return .lockOwner }
            if name.isCalled("lock-owner-displayname") { return .lockOwnerName }
            if name.isCalled("lock-owner-editor") { return .lockEditor }
            if name.isCalled("lock-time") { return .lockTime }
        }
        return nil
    }

    private static func isDAV(_ name: XMLName, _ local: StaticString) -> Bool {
        name.isCalled(local) && name.isIn("DAV:")
    }
}

/// An element of a small XML document.
struct XMLElement: Sendable {
    var namespace: String
    var name: String
    /// All text directly inside.
    var text = ""
    var children: [XMLElement] = []
    /// Everything inside as XML that stands alone: text and elements in their order, with their own namespaces.
    var content = ""
    /// Attributes as XML, those that declare namespaces left out.
    var attributes = ""

    func first(_ namespace: String, _ name: String) -> XMLElement? {
        children.first { $0.namespace == namespace && $0.name == name }
    }

    /// The element as XML that stands alone.
    var document: String {
        let declaration = " xmlns=\"\(XMLText.quoted(namespace))\""
        return "<\(name)\(declaration)\(attributes)>\(content)</\(name)>"
    }
}

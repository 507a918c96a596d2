/// An element of a small XML document.
struct XMLElement: Sendable {
    var namespace: String
    var name: String
    var text = ""
    var children: [XMLElement] = []

    func first(_ namespace: String, _ name: String) -> XMLElement? {
        children.first { $0.namespace == namespace && $0.name == name }
    }
}

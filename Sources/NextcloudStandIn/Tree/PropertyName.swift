/// The name of a property (RFC 4918, section 4.1).
struct PropertyName: Sendable, Hashable {
    var namespace: String
    var name: String
}

/// A document that is not XML, or whose namespaces are not as they must be.
struct XMLProblem: Error {
    var reason: String
}

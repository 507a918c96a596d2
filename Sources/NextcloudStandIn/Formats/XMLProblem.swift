/// Why a document is not XML, or not with namespaces as they must be.
struct XMLProblem: Error {
    var reason: String
}

/// The members of a JSON object, in order; a name occurs once, and the last one given wins.
///
/// Names are compared by their UTF-8 bytes, unlike Swift strings, which hold NFC and NFD to be equal.
public struct JSONObject: Sendable, Hashable {
    /// The members, in order.
    public private(set) var members: [(name: String, value: JSONValue)] = []
    private var positions: [[UInt8]: Int] = [:]

    /// Creates an object without members.
    public init() {}

    /// Creates an object with these members; of two with one name the later wins.
    public init(_ members: [(String, JSONValue)]) {
        for (name, value) in members { self[name] = value }
    }

    /// The member of that name; setting `nil` removes it.
    public subscript(name: String) -> JSONValue? {
        get { positions[Array(name.utf8)].map { members[$0].value } }
        set {
            let key = Array(name.utf8)
            switch (positions[key], newValue) {
            case (let position?, let value?):
                members[position].value = value
            case (nil, let value?):
                positions[key] = members.count
                members.append((name, value))
            case (let position?, nil):
                members.remove(at: position)
                positions[key] = nil
                for (other, index) in positions where index > position { positions[other] = index - 1 }
            case (nil, nil):
                break
            }
        }
    }

    /// The members' names, in order.
    public var names: [String] { members.map(\.name) }

    /// True when both have the same members, in whatever order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.count == right.members.count
            && left.members.allSatisfy { name, value in right[name] == value }
    }

    /// Feeds the members in an order-free way, since equal objects may have them in different orders.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(
            members.reduce(0) { sum, member in
                var own = Hasher()
                own.combine(Array(member.name.utf8))
                own.combine(member.value)
                return sum &+ own.finalize()
            })
    }
}

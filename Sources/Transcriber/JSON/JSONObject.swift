/// The members of a JSON object, in order; a name occurs once, and the last one given wins.
///
/// Names are compared by their UTF-8 bytes, unlike Swift strings, which hold NFC and NFD to be equal.
public struct JSONObject: Sendable, Hashable {
    /// The members, in order.
    public private(set) var members: [(name: String, value: JSONValue)] = []
    /// The places of the members by their names, where there are too many to look through.
    private var positions: [[UInt8]: Int]?

    /// Objects of no more members are looked through: nearly all are.
    private static let fewest = 24

    /// Creates an object without members.
    public init() {}

    /// Creates an object with these members; of two with one name the later wins.
    public init(_ members: [(String, JSONValue)]) {
        self.members.reserveCapacity(members.count)
        for (name, value) in members { self[name] = value }
    }

    /// The member of that name; setting `nil` removes it.
    public subscript(name: String) -> JSONValue? {
        get { position(of: name).map { members[$0].value } }
        set {
            switch (position(of: name), newValue) {
            case (let position?, let value?):
                members[position].value = value
            case (nil, let value?):
                positions?[Array(name.utf8)] = members.count
                members.append((name, value))
                if positions == nil, members.count > Self.fewest { index() }
            case (let position?, nil):
                members.remove(at: position)
                if positions != nil { index() }
            case (nil, nil):
                break
            }
        }
    }

    private func position(of name: String) -> Int? {
        if let positions { return positions[Array(name.utf8)] }
        let bytes = name.utf8
        return members.firstIndex { $0.name.utf8.count == bytes.count && $0.name.utf8.elementsEqual(bytes) }
    }

    private mutating func index() {
        positions = Dictionary(
            members.enumerated().map { (Array($1.name.utf8), $0) }, uniquingKeysWith: { first, _ in first })
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

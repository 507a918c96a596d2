extension FicheSchema {
    /// A place in the result: what may stand there.
    indirect enum Node: Sendable {
        case text(String)
        case year(String)
        case flag(String)
        case integer(ClosedRange<Int>, String)
        case list(Node, String)
        case object([(name: String, node: Node)])
    }
}

extension FicheSchema.Node {
    var jsonSchema: JSONValue {
        switch self {
        case .text(let description), .year(let description):
            ["type": ["string", "null"], "description": .string(description)]
        case .flag(let description):
            ["type": ["boolean", "null"], "description": .string(description)]
        case .integer(_, let description):
            // Without its range: a model that cannot write what it sees would have to invent something else.
            ["type": ["integer", "null"], "description": .string(description)]
        case .list(let node, let description):
            ["type": "array", "description": .string(description), "items": node.jsonSchema]
        case .object(let members):
            [
                "type": "object",
                "properties": .object(JSONObject(members.map { ($0.name, $0.node.jsonSchema) })),
                "required": .array(members.map { .string($0.name) }),
                "additionalProperties": false,
            ]
        }
    }

    func check(_ value: JSONValue, at path: String, into faults: inout [String]) {
        let place = path.isEmpty ? "document" : path
        switch (self, value) {
        case (.text, .null), (.text, .string), (.year, .null), (.flag, .null), (.flag, .bool), (.integer, .null):
            break
        case (.year, .string(let text)):
            if !Self.isYear(text) { faults.append("\(place): not four digits") }
        case (.integer(let range, _), .integer(let number)):
            if !range.contains(number) { faults.append("\(place): \(number) is not in \(range)") }
        case (.list(let node, _), .array(let elements)):
            for (index, element) in elements.enumerated() {
                node.check(element, at: "\(path)[\(index)]", into: &faults)
                if let row = element.object, row.members.allSatisfy(\.value.isNull) {
                    faults.append("\(path)[\(index)]: empty row")
                }
            }
        case (.object(let members), .object(let object)):
            for (name, node) in members {
                let memberPath = path.isEmpty ? name : "\(path).\(name)"
                if let value = object[name] {
                    node.check(value, at: memberPath, into: &faults)
                } else {
                    faults.append("\(memberPath): missing")
                }
            }
            let known = Set(members.map { Array($0.name.utf8) })
            for name in object.names where !known.contains(Array(name.utf8)) {
                faults.append("\(place): unknown key \(name)")
            }
        default:
            faults.append("\(place): wrong type")
        }
    }

    static func isYear(_ text: String) -> Bool {
        text.utf8.count == 4 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}

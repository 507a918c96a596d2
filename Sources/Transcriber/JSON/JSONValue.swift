/// A JSON document whose objects keep the order of their keys.
///
/// The results are read by people too, who expect the fields in the order of the printed form;
/// `JSONEncoder` knows no order of its own but the alphabet's.
public enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }

    /// The value, or `null` where there is none.
    public init(_ value: String?) { self = value.map(JSONValue.string) ?? .null }
    /// The value, or `null` where there is none.
    public init(_ value: Int?) { self = value.map(JSONValue.integer) ?? .null }
    /// The value, or `null` where there is none.
    public init(_ value: Bool?) { self = value.map(JSONValue.bool) ?? .null }
}

extension JSONValue {
    /// The member of that name, when this is an object that has it.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let object) = self else { return nil }
        return object[key]
    }

    /// The object, when this is one.
    public var object: JSONObject? {
        guard case .object(let object) = self else { return nil }
        return object
    }

    /// The elements, when this is an array.
    public var array: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The text, when this is a string.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The whole number, when this is one (`3` and `3.0` alike).
    public var integer: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// True for `null`.
    public var isNull: Bool { self == .null }
}

extension JSONValue {
    /// True when nothing is written in it: null, no text, nothing but such.
    var isBlank: Bool {
        switch self {
        case .null: true
        case .string(let text): text.trimmed.isEmpty
        case .array(let elements): elements.allSatisfy(\.isBlank)
        case .object(let object): object.members.allSatisfy(\.value.isBlank)
        case .bool, .integer, .number: false
        }
    }

    /// As it is shown in a remark.
    var shown: String { (string ?? serialized(.canonical)).shortened }
}

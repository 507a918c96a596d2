import Foundation

extension ModelStandInServer {
    /// What a line of a batch came to.
    struct LineResult {
        /// As an object of the list that comes back with a batch whose requests were inside.
        var document: [String: any Sendable]?
        /// As a line of the file of results; `nil` where there is none.
        var line: String?
        var isFailure = false
    }

    /// The answer to one line; `hang`, `cut` and `cutInside` mean that there is none.
    func result(of line: [UInt8], model: String, isFile: Bool, _ configuration: Configuration) async -> LineResult {
        var place: [String: any Sendable] = [:]
        do throws(GoogleFault) {
            let (call, found) = try parsed(line: line, model: model, configuration, place: &place)
            note(call, configuration)
            let answer = await configuration.answer(call).completed(for: call)
            switch answer {
            case .json(let response): return Self.result(found, "response", response)
            case .fault(let fault): return Self.result(found, "error", fault.rpcStatus, isFailure: true)
            case .raw(_, _, let body): return LineResult(line: body, isFailure: true)
            default: return LineResult(isFailure: true)
            }
        } catch {
            return Self.result(place, "error", error.rpcStatus, isFailure: true)
        }
    }

    private func parsed(
        line: [UInt8], model: String, _ configuration: Configuration, place: inout [String: any Sendable]
    ) throws(GoogleFault) -> (Call, [String: any Sendable]) {
        guard let json = LeanJSON(line), let document = json.root as? [String: Any] else {
            throw .invalidArgument("The line is not JSON.")
        }
        if let key = document["key"] as? String { place["key"] = key }
        if let metadata = document["metadata"] as? [String: String], !metadata.isEmpty { place["metadata"] = metadata }
        guard let request = document["request"] as? [String: Any] else {
            throw .invalidArgument("The line has no request.")
        }
        var call = try GenerateContentRequest(model: model, request, in: json, surroundings(configuration)).call
        call.key = document["key"] as? String
        return (call, place)
    }

    private static func result(
        _ place: [String: any Sendable], _ name: String, _ value: [String: any Sendable], isFailure: Bool = false
    ) -> LineResult {
        var document = place
        document[name] = value
        return LineResult(document: document, line: JSONText.sorted(document), isFailure: isFailure)
    }
}

extension GoogleFault {
    /// As `google.rpc.Status`, whose code is gRPC's.
    var rpcStatus: [String: any Sendable] {
        let codes = [
            "INVALID_ARGUMENT": 3, "DEADLINE_EXCEEDED": 4, "NOT_FOUND": 5, "PERMISSION_DENIED": 7,
            "RESOURCE_EXHAUSTED": 8, "FAILED_PRECONDITION": 9, "INTERNAL": 13, "UNAVAILABLE": 14, "UNAUTHENTICATED": 16,
        ]
        var status: [String: any Sendable] = ["code": codes[self.status] ?? 2, "message": message]
        if !details.isEmpty { status["details"] = details }
        return status
    }
}

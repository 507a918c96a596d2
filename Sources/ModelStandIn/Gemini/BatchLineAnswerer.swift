import Foundation

/// Answers the lines of a batch.
struct BatchLineAnswerer {
    let state: StandInState
    let configuration: StandInConfiguration

    /// The outcome of a line.
    struct LineResult {
        /// As an object of the list that comes back with a batch whose requests were inside.
        var document: [String: any Sendable]?
        /// As a line of the file of results; `nil` where there is none.
        var line: String?
        var isFailure = false
    }

    /// The answer to one line; `hang`, `cut` and `cutInside` mean that there is none.
    func result(of line: [UInt8], model: String) async -> LineResult {
        var place: [String: any Sendable] = [:]
        do throws(GoogleFault) {
            let (call, found) = try parsed(line: line, model: model, place: &place)
            state.note(call, configuration)
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
        line: [UInt8], model: String, place: inout [String: any Sendable]
    ) throws(GoogleFault) -> (ModelCall, [String: any Sendable]) {
        guard let json = LeanJSON(line), let document = json.root as? [String: Any] else {
            throw .invalidArgument("The line is not JSON.")
        }
        if let key = document["key"] as? String { place["key"] = key }
        if let metadata = document["metadata"] as? [String: String], !metadata.isEmpty { place["metadata"] = metadata }
        guard let request = document["request"] as? [String: Any] else {
            throw .invalidArgument("The line has no request.")
        }
        let surroundings = GenerateContentRequest.Surroundings(files: state.files, configuration)
        var call = try GenerateContentRequest(model: model, request, in: json, surroundings).call
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

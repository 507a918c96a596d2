/// The requests so far, with as many bytes of pictures as are wanted.
struct CallLog {
    private(set) var calls: [ModelCall] = []
    /// The number of times each content was asked for.
    private(set) var byDigest: [String: Int] = [:]
    private var kept = 0
    private var firstWithData = 0
    /// Prompts and options are the same in most calls.
    private var known: [String: String] = [:]

    mutating func append(_ call: ModelCall, keeping limit: Int) {
        var call = call
        call.texts = call.texts.map { shared($0) }
        call.generationConfig = shared(call.generationConfig)
        for file in call.inline {
            byDigest[file.sha256, default: 0] += 1
            kept += file.data.count
        }
        calls.append(call)
        while kept > limit, firstWithData < calls.count {
            for index in calls[firstWithData].inline.indices {
                kept -= calls[firstWithData].inline[index].data.count
                calls[firstWithData].inline[index].data = []
            }
            firstWithData += 1
        }
    }

    private mutating func shared(_ text: String) -> String {
        if let known = known[text] { return known }
        if known.count < 100 { known[text] = text }
        return text
    }
}

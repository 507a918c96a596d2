import Foundation
public import Transcriber

extension Retry.Outcome {
    /// Set where anything is to be paid for.
    public var costsMoney: Bool { toAsk.contains { !$0.isFree && $0.count > 0 } }

    /// The cost, a line for each model.
    public var costText: String {
        toAsk.map { asking in
            let what = "\(StatusWords.count(asking.count, "answer")) of \(StatusWords.plain(asking.model))"
            if asking.isFree { return "\(what) will be asked for anew, at no cost\n" }
            let cost = asking.costPerAnswer.map { each in
                "about \(StatusWords.sum(each * Double(asking.count))), at \(StatusWords.sum(each)) each so far"
            }
            return "\(what) will be asked for anew: \(cost ?? "what one costs is not known yet")\n"
        }.joined()
    }

    /// The outcome, for people at a terminal.
    public var text: String {
        var text = ""
        for (reason, count) in skipped { text += "\(StatusWords.count(count)) left as they are: \(reason)\n" }
        text +=
            sheets == 0
            ? "no sheet to try again\n" : "\(StatusWords.count(sheets, "sheet")) will be tried again \(when)\n"
        if !woken.isEmpty {
            let labels = woken.map(StatusWords.plain).joined(separator: ", ")
            text += "asked again, although paused: \(labels)\n"
        }
        return text
    }

    private var when: String {
        guard isBeingWorkedOn else { return "at the next pass" }
        return process.map { "by process \(StatusWords.plain($0)), which is running" }
            ?? "by the process that is running"
    }

    /// The one object that `retry --json` prints.
    ///
    /// `retried`: sheets, each counted once for every model; `unmatched`: paths where no scan lies; `skipped`: an array
    /// of `reason`, `count`; `to_ask`: an array of `model`, `count`, `estimate` (or `null`); `models_woken`: labels;
    /// `running`: whether a process works with the state that will see to it.
    public var json: JSONValue {
        [
            "retried": .integer(sheets),
            "unmatched": .array(unmatched.map(JSONValue.string)),
            "skipped": .array(skipped.map { ["reason": .string($0.reason), "count": .integer($0.count)] }),
            "to_ask": .array(
                toAsk.map { asking in
                    let estimate = asking.isFree ? 0 : asking.costPerAnswer.map { $0 * Double(asking.count) }
                    return [
                        "model": .string(asking.model), "count": .integer(asking.count),
                        "estimate": estimate.map(JSONValue.number) ?? .null,
                    ]
                }),
            "models_woken": .array(woken.map(JSONValue.string)),
            "running": .bool(isBeingWorkedOn),
        ]
    }
}

extension Retry {
    /// A name that somebody typed, without what could steer the terminal.
    public static func plain(_ text: String) -> String { StatusWords.plain(text) }
}

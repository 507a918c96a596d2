import Foundation

/// The machine that was measured on.
enum Machine {
    /// "Intel Xeon …, 2 cores, 24 GB"
    static var description: String {
        let processors = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let model = value(of: "model name", in: processors) ?? "unknown processor"
        let memory = Double(ProcessInfo.processInfo.physicalMemory) / Double(1 << 30)
        return
            "\(model), \(ProcessInfo.processInfo.activeProcessorCount) cores, \(Shown.fixed(memory, 1)) GiB of memory"
    }

    /// What else ran while we measured: the mean number of processes that wanted a core, in the last minute.
    static var load: String {
        var loads = [0.0]
        return getloadavg(&loads, 1) == 1 ? Shown.fixed(loads[0], 1) : "unknown"
    }

    private static func value(of name: String, in text: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix(name) }?
            .split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces)
    }
}

import CCurl
import Foundation
import Synchronization

/// The door to the event-loop thread: anyone may submit, cancel and resume transfers through it.
final class TransferLoop: Sendable {
    enum Command: Sendable {
        case start(TransferPlan)
        case cancel(UInt64)
        case resume(UInt64)
        case stop
    }

    // Safe to hand over: it is made before the event-loop thread starts, and only that thread uses and frees it after.
    private struct Handle: @unchecked Sendable {
        let multi: UnsafeMutableRawPointer
    }

    private struct Inbox {
        var commands: [Command] = []
        var isOpen = true
    }

    private let inbox = Mutex(Inbox())
    private let wake: WakeSignal
    private let ids = Atomic<UInt64>(0)

    /// Starts the thread.
    /// - Throws: `HTTPError.invalidRequest` when libcurl cannot be initialised.
    init(_ configuration: HTTPClient.Configuration) throws(HTTPError) {
        guard Self.globalInit == CURLE_OK, let multi = curl_multi_init() else {
            throw .invalidRequest(reason: "libcurl could not be initialised")
        }
        guard let wake = WakeSignal() else {
            curl_multi_cleanup(multi)
            throw .invalidRequest(reason: "too many open files: raise the limit (ulimit -n)")
        }
        self.wake = wake
        let handle = Handle(multi: multi)
        let thread = Thread { [self] in
            // Foundation hands a name to the system only from within the thread itself.
            Thread.current.name = "nids-http"
            TransferRunner(multi: handle.multi, wake: wake, configuration: configuration).run(taking: takeCommands)
            inbox.withLock { $0.isOpen = false }
            for case .start(let plan) in takeCommands() { plan.onEnd(.failure(.cancelled)) }
            curl_multi_cleanup(handle.multi)
        }
        thread.start()
    }

    private static let globalInit = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    func nextID() -> UInt64 { ids.add(1, ordering: .relaxed).newValue }

    func post(_ command: Command) {
        let taken = inbox.withLock { inbox in
            guard inbox.isOpen else { return false }
            inbox.commands.append(command)
            // One signal is enough until the commands have been taken.
            if inbox.commands.count == 1 { wake.signal() }
            return true
        }
        if !taken, case .start(let plan) = command { plan.onEnd(.failure(.cancelled)) }
    }

    private func takeCommands() -> [Command] {
        inbox.withLock { inbox in
            defer { inbox.commands.removeAll(keepingCapacity: true) }
            return inbox.commands
        }
    }
}

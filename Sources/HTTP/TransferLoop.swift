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

    // Only `curl_multi_wakeup`, which libcurl documents as callable from any thread, is called on the handle outside
    // of the event-loop thread; and only under `inbox`'s lock while `isOpen`, so never after the thread freed it.
    private struct Wakeable: @unchecked Sendable {
        let multi: UnsafeMutableRawPointer
    }

    private struct Inbox {
        var commands: [Command] = []
        var isOpen = true
    }

    private let inbox = Mutex(Inbox())
    private let wakeable: Wakeable
    private let ids = Atomic<UInt64>(0)

    /// Starts the thread.
    /// - Throws: `HTTPError.invalidRequest` when libcurl cannot be initialised.
    init(_ configuration: HTTPClient.Configuration) throws(HTTPError) {
        guard Self.globalInit == CURLE_OK, let multi = curl_multi_init() else {
            throw .invalidRequest(reason: "libcurl could not be initialised")
        }
        wakeable = Wakeable(multi: multi)
        let wakeable = wakeable
        let thread = Thread { [self] in
            // Foundation hands a name to the system only from within the thread itself.
            Thread.current.name = "nids-http"
            TransferRunner(multi: wakeable.multi, configuration: configuration).run(taking: takeCommands)
            inbox.withLock { $0.isOpen = false }
            for case .start(let plan) in takeCommands() { plan.onEnd(.failure(.cancelled)) }
            curl_multi_cleanup(wakeable.multi)
        }
        thread.start()
    }

    private static let globalInit = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    func nextID() -> UInt64 { ids.add(1, ordering: .relaxed).newValue }

    func post(_ command: Command) {
        let taken = inbox.withLock { inbox in
            guard inbox.isOpen else { return false }
            inbox.commands.append(command)
            curl_multi_wakeup(wakeable.multi)
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

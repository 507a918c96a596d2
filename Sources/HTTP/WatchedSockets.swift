import CCurl
import Glibc

/// The sockets that libcurl waits for, and its timer. Used by the event-loop thread alone.
///
/// With a hundred exchanges that wait for a model, asking libcurl to look at all of them at every event would cost more
/// than the events: it is told which socket is ready.
final class WatchedSockets {
    /// A socket that is ready, as libcurl wants it told.
    struct Event {
        let socket: Int32
        let readiness: Int32
    }

    private let wake: WakeSignal
    /// What wakes the thread first, then the sockets.
    private var polled: [pollfd]
    private var places: [Int32: Int] = [:]
    private var timer: ContinuousClock.Instant?

    init(wake: WakeSignal) {
        self.wake = wake
        polled = [pollfd(fd: wake.reader, events: Int16(POLLIN), revents: 0)]
    }

    /// Has libcurl tell what to watch; ended by `unregister`, before this goes.
    func register(at multi: UnsafeMutableRawPointer) {
        nids_multi_set_watcher(
            multi,
            { _, socket, what, context, _ in
                watched(context)?.watch(socket, what)
                return 0
            },
            { _, milliseconds, context in
                watched(context)?.setTimer(milliseconds)
                return 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    func unregister(at multi: UnsafeMutableRawPointer) { nids_multi_set_watcher(multi, nil, nil, nil) }

    private func watch(_ socket: Int32, _ what: Int32) {
        var events: Int16 = 0
        if what & CURL_POLL_IN != 0 { events |= Int16(POLLIN) }
        if what & CURL_POLL_OUT != 0 { events |= Int16(POLLOUT) }
        // Of one that nothing is awaited of (CURL_POLL_REMOVE is another bit), a hang-up would be told for ever.
        guard events != 0 else { return forget(socket) }
        if let place = places[socket] {
            polled[place].events = events
        } else {
            places[socket] = polled.count
            polled.append(pollfd(fd: socket, events: events, revents: 0))
        }
    }

    private func forget(_ socket: Int32) {
        guard let place = places.removeValue(forKey: socket), let last = polled.popLast() else { return }
        guard last.fd != socket else { return }
        polled[place] = last
        places[last.fd] = place
    }

    private func setTimer(_ milliseconds: Int) {
        timer = milliseconds < 0 ? nil : .now + .milliseconds(min(milliseconds, 86_400_000))
    }

    /// True once when the timer is due.
    func takeTimer() -> Bool {
        guard let timer, timer <= .now else { return false }
        self.timer = nil
        return true
    }

    /// Waits for a socket, the timer, a call from another thread, or as long as that.
    func wait(milliseconds: Int) -> [Event] {
        let untilTimer = timer.map { max(0, ($0 - .now).milliseconds) } ?? milliseconds
        let count = poll(&polled, nfds_t(polled.count), Int32(clamping: min(milliseconds, untilTimer)))
        guard count > 0 else { return [] }
        if polled[0].revents != 0 { wake.drain() }
        return polled.dropFirst().compactMap { $0.revents == 0 ? nil : Event($0) }
    }
}

private func watched(_ context: UnsafeMutableRawPointer?) -> WatchedSockets? {
    context.map { Unmanaged<WatchedSockets>.fromOpaque($0).takeUnretainedValue() }
}

extension WatchedSockets.Event {
    /// A socket that failed or was hung up is ready for whatever was awaited: reading or writing tells the reason.
    fileprivate init(_ polled: pollfd) {
        let isOver = polled.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
        func isReady(for event: Int32) -> Bool {
            polled.events & Int16(event) != 0 && (isOver || polled.revents & Int16(event) != 0)
        }
        let readiness = (isReady(for: POLLIN) ? CURL_CSELECT_IN : 0) | (isReady(for: POLLOUT) ? CURL_CSELECT_OUT : 0)
        self.init(socket: polled.fd, readiness: readiness == 0 ? CURL_CSELECT_IN : readiness)
    }
}

import CCurl
import HTTPTypes

/// The event loop itself. Made and used on its own thread alone.
final class TransferRunner {
    private static let idleHandlesKept = 16

    private let multi: UnsafeMutableRawPointer
    private let sockets: WatchedSockets
    private let share: UnsafeMutableRawPointer?
    private let configuration: HTTPClient.Configuration
    private let proxies: ProxySettings
    private var active: [UInt64: Transfer] = [:]
    private var byHandle: [UnsafeMutableRawPointer: UInt64] = [:]
    private var idleHandles: [UnsafeMutableRawPointer] = []
    private var isStopping = false

    init(multi: UnsafeMutableRawPointer, wake: WakeSignal, configuration: HTTPClient.Configuration) {
        self.multi = multi
        sockets = WatchedSockets(wake: wake)
        self.configuration = configuration
        proxies = ProxySettings(configured: configuration.proxy)
        share = curl_share_init()
        if let share {
            nids_share_add(share, CURL_LOCK_DATA_COOKIE)
            nids_share_add(share, CURL_LOCK_DATA_DNS)
            nids_share_add(share, CURL_LOCK_DATA_SSL_SESSION)
        }
        sockets.register(at: multi)
        nids_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.connectionsPerHost)
    }

    deinit {
        sockets.unregister(at: multi)
        for handle in idleHandles { curl_easy_cleanup(handle) }
        if let share { curl_share_cleanup(share) }
    }

    /// Runs until told to stop.
    func run(taking commands: () -> [TransferLoop.Command]) {
        while !isStopping {
            for command in commands() { obey(command) }
            if sockets.takeTimer() { nids_multi_time_out(multi) }
            collectFinished()
            let patience = endStalled()
            if isStopping { break }
            for event in sockets.wait(milliseconds: patience) {
                nids_multi_socket_ready(multi, event.socket, event.readiness)
            }
        }
        for transfer in Array(active.values) { end(transfer, .failure(.cancelled)) }
    }

    private func obey(_ command: TransferLoop.Command) {
        switch command {
        case .start(let plan): start(plan)
        case .cancel(let id): if let transfer = active[id] { end(transfer, .failure(.cancelled)) }
        case .resume(let id): if let transfer = active[id] { resume(transfer) }
        case .stop: isStopping = true
        }
    }

    private func start(_ plan: TransferPlan) {
        guard let handle = idleHandles.popLast() ?? curl_easy_init() else {
            plan.onEnd(.failure(.invalidRequest(reason: "libcurl is out of memory")))
            return
        }
        do throws(HTTPError) {
            let transfer = try Transfer(plan, handle: handle)
            transfer.configure(configuration, share: share)
            active[plan.id] = transfer
            byHandle[handle] = plan.id
            curl_multi_add_handle(multi, handle)
        } catch {
            idleHandles.append(handle)
            if case .stream(let stream) = plan.sink { stream.end(.failure(error)) }
            plan.onEnd(.failure(error))
        }
    }

    private func resume(_ transfer: Transfer) {
        transfer.resume()
        let code = curl_easy_pause(transfer.handle, CURLPAUSE_CONT)
        if code != CURLE_OK { end(transfer, outcome(of: transfer, code)) }
    }

    private func collectFinished() {
        var code = CURLE_OK
        while let handle = nids_multi_next_done(multi, &code) {
            guard let id = byHandle[handle], let transfer = active[id] else { continue }
            end(transfer, outcome(of: transfer, code))
        }
    }

    private func outcome(of transfer: Transfer, _ code: CURLcode) -> Result<Void, HTTPError> {
        if let failure = transfer.failure { return .failure(failure) }
        if transfer.writer.hasEnough || code == CURLE_OK && transfer.head != nil { return .success(()) }
        let failure = CurlFailure(
            code: code == CURLE_OK ? CURLE_GOT_NOTHING : code,
            words: transfer.errorWords,
            proxyStatus: number(CURLINFO_HTTP_CONNECTCODE, of: transfer),
            request: transfer.plan.request, proxy: proxies.proxy(for: transfer.plan.request),
            connectTimeout: transfer.plan.timeouts.connect, isConnected: transfer.isConnected,
            requestSent: requestWasSent(transfer), isOutOfFiles: CurlFailure.canOpenNoSocket)
        return .failure(HTTPError(failure))
    }

    private func requestWasSent(_ transfer: Transfer) -> Bool {
        number(CURLINFO_REQUEST_SIZE, of: transfer) > 0 && transfer.reader.isFinished
    }

    private func number(_ info: CURLINFO, of transfer: Transfer) -> Int {
        var value = 0
        nids_easy_get_long(transfer.handle, info, &value)
        return value
    }

    /// Ends the exchanges that have stood still too long.
    ///
    /// - Returns: milliseconds until the next may have, at most a minute.
    private func endStalled() -> Int {
        let now = ContinuousClock.now
        var nearest = now + .seconds(60)
        var stalled: [Transfer] = []
        for transfer in active.values {
            guard let deadline = transfer.deadline else { continue }
            if deadline <= now { stalled.append(transfer) } else if deadline < nearest { nearest = deadline }
        }
        for transfer in stalled { end(transfer, .failure(stall(of: transfer, at: now))) }
        return max(1, (nearest - now).milliseconds)
    }

    private func stall(of transfer: Transfer, at now: ContinuousClock.Instant) -> HTTPError {
        let host = transfer.plan.request.authority ?? ""
        let sent = requestWasSent(transfer)
        guard let limit = transfer.paceDeadline, limit <= now else {
            return .stalled(host: host, after: transfer.patience, requestSent: sent)
        }
        let reason = "given up after \(transfer.duration.wholeSeconds) s with \(transfer.moved) bytes: too slow"
        return .connectionLost(host: host, reason: reason, requestSent: sent)
    }

    /// Removing the handle from the multi stack closes the connection of an unfinished transfer: it really stops.
    private func end(_ transfer: Transfer, _ result: Result<Void, HTTPError>) {
        curl_multi_remove_handle(multi, transfer.handle)
        active[transfer.plan.id] = nil
        byHandle[transfer.handle] = nil
        transfer.end(result)
        if idleHandles.count < Self.idleHandlesKept {
            curl_easy_reset(transfer.handle)
            idleHandles.append(transfer.handle)
        } else {
            curl_easy_cleanup(transfer.handle)
        }
    }
}

import CCurl
import HTTPTypes

/// The event loop itself. Made and used on its own thread alone.
final class TransferRunner {
    private static let idleHandlesKept = 16

    private let multi: UnsafeMutableRawPointer
    private let share: UnsafeMutableRawPointer?
    private let configuration: HTTPClient.Configuration
    private let proxies: ProxySettings
    private var active: [UInt64: Transfer] = [:]
    private var byHandle: [UnsafeMutableRawPointer: UInt64] = [:]
    private var idleHandles: [UnsafeMutableRawPointer] = []
    private var isStopping = false

    init(multi: UnsafeMutableRawPointer, configuration: HTTPClient.Configuration) {
        self.multi = multi
        self.configuration = configuration
        proxies = ProxySettings(configured: configuration.proxy)
        share = curl_share_init()
        if let share {
            nids_share_add(share, CURL_LOCK_DATA_COOKIE)
            nids_share_add(share, CURL_LOCK_DATA_DNS)
            nids_share_add(share, CURL_LOCK_DATA_SSL_SESSION)
        }
        nids_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.connectionsPerHost)
    }

    deinit {
        for handle in idleHandles { curl_easy_cleanup(handle) }
        if let share { curl_share_cleanup(share) }
    }

    /// Runs until told to stop.
    func run(taking commands: () -> [TransferLoop.Command]) {
        while !isStopping {
            for command in commands() { obey(command) }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            collectFinished()
            endStalled()
            if isStopping { break }
            curl_multi_poll(multi, nil, 0, Int32(clamping: patience()), nil)
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

    private func endStalled() {
        let now = ContinuousClock.now
        for transfer in Array(active.values) {
            guard let deadline = transfer.deadline, deadline <= now else { continue }
            let host = transfer.plan.request.authority ?? ""
            let sent = requestWasSent(transfer)
            if let limit = transfer.paceDeadline, limit <= now {
                let reason = "given up after \(transfer.duration.wholeSeconds) s with \(transfer.moved) bytes: too slow"
                end(transfer, .failure(.connectionLost(host: host, reason: reason, requestSent: sent)))
            } else {
                end(transfer, .failure(.stalled(host: host, after: transfer.patience, requestSent: sent)))
            }
        }
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

    /// Milliseconds until the next exchange may have stood still too long.
    private func patience() -> Int {
        let now = ContinuousClock.now
        let nearest = active.values.compactMap(\.deadline).min().map { ($0 - now).milliseconds }
        return min(60_000, max(1, nearest ?? 60_000))
    }
}

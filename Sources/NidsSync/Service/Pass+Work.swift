import DAV
import Foundation

extension Pass {
    func watcher(_ dav: DAVClient, _ options: PassOptions, _ run: PassRun) -> ChangeWatcher {
        ChangeWatcher(
            discovery: Discovery(
                state: state, dav: dav, rules: ScanRules(settings.nextcloud), models: settings.transcription.models,
                pairWait: settings.nextcloud.pairWait, ownUploads: run.ownUploads,
                verificationInterval: settings.nextcloud.walkInterval, logger: logger, now: timing.now),
            settings: settings, claim: claim, once: once, timing: timing, stop: stop, isDryRun: options.isDryRun,
            isPartial: options.isPartial, logger: logger)
    }

    /// - Parameter root: the root as rows are known by it.
    func factory(_ options: PassOptions, _ filter: JobFilter, _ run: PassRun, root: String) -> StationFactory {
        StationFactory(
            settings: settings, root: root, state: state, engines: engines, observations: observations, names: names,
            timing: timing,
            stop: stop,
            logger: logger, report: report, filter: filter, limit: options.limit,
            usesBatch: options.usesBatch || settings.transcription.usesBatch, run: run)
    }

    /// Works on everything pending; a daemon looks for changes meanwhile.
    func work(_ dav: DAVClient, _ options: PassOptions, _ run: PassRun, _ factory: StationFactory) async throws {
        guard let spool else { return }
        let watcher = watcher(dav, options, run)
        let stations = factory.stations(dav, spool)
        let dispatcher = factory.dispatcher(stations.lanes)
        try await stations.batches.exchange.prepare()
        guard options.isContinuous else {
            try await stations.batches.exchange.attend(onlyDue: false)
            try await dispatcher.run(until: .whenDrained(patience: timing.now() + options.patience.seconds))
            if !stop.isRequested { try await stations.batches.gatherer.sendGathered() }
            return await watcher.settle(run)
        }
        // Whoever ends first ends the others; what a model is being asked is waited for.
        async let watching: Void = watch(watcher, run)
        async let batches: Void = attend(stations.batches, run)
        do { try await dispatcher.run(until: .onStop) } catch {
            run.end()
            throw error
        }
        run.end()
        try await watching
        try await batches
        await watcher.settle(run)
    }

    private func attend(_ batches: BatchWork, _ run: PassRun) async throws {
        do { try await batches.run(until: run.ending, run.breaker) } catch {
            run.end()
            throw error
        }
    }

    private func watch(_ watcher: ChangeWatcher, _ run: PassRun) async throws {
        defer { run.end() }
        try await watcher.watch(run)
    }

    /// Nextcloud is out of reach: what is stored and only has to be recorded is recorded all the same, and what a
    /// provider has done is collected, since it is kept for some time only.
    func deliverStored(_ options: PassOptions, _ run: PassRun, _ factory: StationFactory) async throws {
        let exchange = factory.batchExchange()
        try await exchange.prepare()
        try await exchange.attend(onlyDue: options.isContinuous)
        let dispatcher = factory.dispatcher([factory.recording()])
        try await dispatcher.run(until: .whenDrained(patience: timing.now()))
    }
}

import DAV
import Foundation

extension StationFactory {
    func adopter(_ results: ResultsFolder) -> Adopter {
        Adopter(
            state: state, results: results, engines: engines, spending: spending, runner: runner, tally: run.tally,
            timing: timing, logger: logger)
    }

    func asker(_ dav: DAVClient, _ adopter: Adopter, _ spool: Spool) -> Asker {
        Asker(
            state: state,
            fetcher: ScanFetcher(
                dav: dav, state: state, spool: spool, breaker: run.breaker,
                maximumSize: settings.nextcloud.maximumScanSize),
            adopter: adopter, runner: runner, engines: engines, breaker: run.breaker,
            budget: BudgetGuard(
                budget: settings.transcription.monthlyBudget, engines: engines, spending: spending, pauses: pauses,
                state: state, timing: timing),
            spending: spending, pauses: pauses, tally: run.tally, timing: timing, stop: stop)
    }

    /// - Parameters:
    ///   - publisher: `nil` while Nextcloud is out of reach.
    ///   - results: `nil` while Nextcloud is out of reach.
    func deliverer(_ publisher: Publisher?, _ results: ResultsFolder?) -> Deliverer {
        let recorder = Recorder(
            state: state, observations: observations, names: names, results: results, breaker: run.breaker,
            root: root, primary: settings.transcription.models.first, tally: run.tally,
            logger: logger)
        return Deliverer(
            state: state, publisher: publisher, recorder: recorder, runner: runner, tally: run.tally, timing: timing)
    }

    /// The exchange of batches, which needs no Nextcloud.
    func batchExchange() -> BatchExchange {
        let faults = BatchFaults(
            state: state, pauses: pauses, stuck: StuckModels(), timing: timing, logger: logger)
        let files = BatchFiles(stateDirectory: settings.stateDirectory)
        return BatchExchange(
            sender: BatchSender(
                state: state, engines: engines, spending: spending, pauses: pauses, faults: faults, files: files,
                isOpen: usesBatch, announce: run.announceWork, timing: timing, logger: logger),
            collector: BatchCollector(
                state: state, engines: engines, spending: spending, pauses: pauses, faults: faults, files: files,
                runner: runner, tally: run.tally, announce: run.announceWork, timing: timing, logger: logger),
            stop: stop)
    }

    func batches(_ asker: Asker) -> BatchWork {
        let exchange = batchExchange()
        let lost = LostStateBatches(sender: exchange.sender, collector: exchange.collector)
        return BatchWork(
            exchange: exchange, gatherer: BatchGatherer(asker: asker, sender: exchange.sender, lost: lost))
    }
}

import DAV
import Foundation
import Logging
import Transcriber

/// Puts the stations of a pass together, each with what it needs.
struct StationFactory: Sendable {
    let settings: Settings
    /// The root as rows are known by it.
    let root: String
    let state: StateDatabase
    let engines: EngineSet
    let observations: any ObservationStore
    let names: NameReference
    let timing: Timing
    let stop: StopSignal
    let logger: Logger
    let report: (@Sendable (PassProgress) -> Void)?
    let filter: JobFilter
    let limit: Int?
    /// Set where new sheets go by batch.
    let usesBatch: Bool
    let run: PassRun

    let spending: MonthlySpending
    let pauses: ModelPauses
    let runner: JobRunner

    init(
        settings: Settings, root: String, state: StateDatabase, engines: EngineSet,
        observations: any ObservationStore, names: NameReference, timing: Timing, stop: StopSignal, logger: Logger,
        report: (@Sendable (PassProgress) -> Void)?,
        filter: JobFilter, limit: Int?, usesBatch: Bool, run: PassRun
    ) {
        self.settings = settings
        self.root = root
        self.state = state
        self.engines = engines
        self.observations = observations
        self.names = names
        self.timing = timing
        self.stop = stop
        self.logger = logger
        self.report = report
        self.filter = filter
        self.limit = limit
        self.usesBatch = usesBatch
        self.run = run
        spending = MonthlySpending(engines: engines, state: state)
        pauses = ModelPauses(breaker: run.breaker, state: state, timing: timing, logger: logger)
        runner = JobRunner(
            state: state, faults: DAVFaults(breaker: run.breaker, url: settings.nextcloud.url), tally: run.tally,
            timing: timing, logger: logger)
    }

    /// The work of a pass that reaches Nextcloud.
    struct Stations: Sendable {
        var lanes: [StaffedLane]
        var batches: BatchWork
    }

    /// All stations.
    func stations(_ dav: DAVClient, _ spool: Spool) -> Stations {
        let results = ResultsFolder(dav: dav, state: state, breaker: run.breaker, ownUploads: run.ownUploads)
        runner.login.ask(by: dav)
        let adopter = adopter(results)
        let asker = asker(dav, adopter, spool)
        let batches = batches(asker)
        let publisher = Publisher(
            state: state, results: results, mover: Mover(state: state, results: results, logger: logger),
            tally: run.tally, timing: timing)
        let lanes = lanes
        let ofModels = filter.models.flatMap { model in
            [
                lanes.asking(model, asker, onlyAlone: batches.exchange.sender.takes(model), limit: limit),
                batches.lane(model, lanes, limit: limit),
            ]
        }
        return Stations(
            lanes: [lanes.delivering(deliverer(publisher, results)), lanes.adopting(adopter)] + ofModels,
            batches: batches)
    }

    /// The lane that records readings while Nextcloud is out of reach.
    func recording() -> StaffedLane { lanes.delivering(deliverer(nil, nil), reachesServer: false) }

    func dispatcher(_ lanes: [StaffedLane]) -> Dispatcher {
        Dispatcher(
            state: state, lanes: lanes, filter: filter, limit: limit, queue: run.queue, wakeUp: run.wakeUp,
            breaker: run.breaker, timing: timing, stop: stop, tally: run.tally, report: report)
    }

    private var lanes: PipelineLanes {
        PipelineLanes(state: state, filter: filter, breaker: run.breaker, timing: timing)
    }
}

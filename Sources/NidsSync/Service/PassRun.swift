import Foundation

/// What one run of a pass has in hand.
struct PassRun: Sendable {
    let tally = PassTally()
    let availability: Availability
    let ownUploads = OwnUploads()
    let board: LaneBoard
    let pulse = Pulse()
    let lanes: [Lane]
    /// Asked to stop when one of those who look and work has ended.
    let ending = StopSignal()

    /// - Parameter isContinuous: whether it goes on until somebody asks to stop.
    init(models: [String], limit: Int?, isContinuous: Bool, timing: Timing) {
        let lanes = Dispatcher.lanes(models: models)
        let board = LaneBoard(limit: limit)
        let pulse = pulse
        self.lanes = lanes
        self.board = board
        availability = Availability(models: models, triesAgain: isContinuous, now: timing.now) {
            board.refresh(lanes)
            pulse.beat()
        }
    }

    /// No new work is begun, and no further look.
    func end() {
        ending.request()
        board.close()
        pulse.beat()
    }

    /// There may be new work.
    func announceWork() {
        board.refresh(lanes)
        pulse.beat()
    }
}

import HarnessSupport
import NextcloudStandIn

/// What others do while the program works and dies.
extension CrashCampaign {
    /// Lets the next scans come.
    func drop(_ count: Int) throws {
        for scan in scans[dropped..<min(dropped + count, scans.count)] {
            if let written = scan.written {
                try person.write(written, at: Surroundings.results + "/" + scan.plainPlace)
            }
            try surroundings.cloud.put(Surroundings.root + "/" + scan.path, scan.bytes, as: nil)
            dropped += 1
        }
    }

    func dropDue(_ due: Int, mayBeWritten: Bool) throws {
        while dropped < due, mayBeWritten || scans[dropped].written == nil { try drop(1) }
    }

    /// What people do, beside the program or between two runs.
    func meddle(due: Int) throws {
        let present = try surroundings.resultPaths()
        let edits = person.edits * 12 < dropped ? present : []
        // One that was published just before a kill cannot be told from one that never arrived.
        let deletions = person.deletions * 20 < dropped ? present.filter { settled.contains($0) } : []
        if generator.happens(0.3) {
            try dropDue(due, mayBeWritten: false)
        } else if let place = deletions.randomElement(using: &generator), edits.isEmpty || generator.happens(0.5) {
            try person.delete(place)
        } else if let place = edits.randomElement(using: &generator) {
            try person.edit(place)
        }
    }

    /// A slow server, and now and then an answer to a PUT that is lost.
    func addFaults() {
        let cloud = surroundings.cloud
        if generator.happens(0.15) {
            cloud.addFault(
                Fault(method: "PUT", occurrence: Int.random(in: 1...2, using: &generator), effect: .loseAnswer))
        }
        for method in ["PUT", "GET", "PROPFIND"] where generator.happens(method == "PROPFIND" ? 0.1 : 0.4) {
            cloud.addFault(
                Fault(method: method, times: nil, effect: .delay(generator.time(upTo: .milliseconds(15)))))
        }
    }
}

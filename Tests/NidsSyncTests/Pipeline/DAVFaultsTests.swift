import DAV
import Foundation
import HTTP
import Testing

@testable import NidsSync

@Suite("What a fault of the server means for the sheet that met it")
struct DAVFaultsTests {
    private static let path = "transcription_results/a_result.json"

    private func fault(_ error: DAVError, _ breaker: CircuitBreaker? = nil) -> WorkFault {
        let breaker = breaker ?? CircuitBreaker(models: [], triesAgain: true, now: { .sample }, closed: {})
        return DAVFaults(breaker: breaker, url: "https://cloud.example").fault(for: error)
    }

    private func error(
        _ kind: DAVError.Kind, _ operation: DAVError.Operation, status: Int? = nil, exception: String? = nil,
        _ answerer: Answerer? = .nextcloud, _ proof: Proof = .answer
    ) -> DAVError {
        DAVError(
            kind, path: Self.path, status: status, exception: exception, detail: "so it is", operation: operation,
            answerer: answerer, proof: proof)
    }

    @Test("a passing fault counts no failure of the sheet, and its sentence says what was tried with which file")
    func passing() {
        let passing = [
            error(.unexpectedBody(.incomplete(bytes: 3, of: 9)), .reading, status: 200, .nextcloud, .nothing),
            error(.unexpectedBody(.webPage(bytes: 9, title: nil)), .reading, .webPage(title: nil), .nothing),
            error(.notFound, .reading, status: 404, .gateway(name: nil), .nothing),
            error(.forbidden, .writing, status: 403, .webPage(title: nil), .nothing),
            error(.serverFailure, .writing, status: 500, .nextcloud, .nothing),
            error(.conflict, .makingFolder, status: 409),
        ]
        for error in passing {
            guard case .later(let reason, _, _, let isVisible) = fault(error) else {
                Issue.record("\(error.kind)")
                continue
            }
            #expect(!isVisible, "\(error.kind)")
            #expect(reason.contains(Self.path), "\(error.kind)")
            #expect(!reason.contains("scan the sheet again") && !reason.contains("remove it"))
        }
    }

    @Test("a file that somebody has open counts no try, and is tried again within a minute")
    func locked() {
        guard case .occupied(let reason, let after) = fault(error(.locked, .moving, status: 423)) else {
            Issue.record("no passing fault")
            return
        }
        #expect(reason.contains("somebody has \(Self.path) open in Nextcloud"))
        #expect(after <= .seconds(60))
    }

    @Test("a name that the server refuses, and a scan that is too large, are the sheet's own")
    func final() {
        let name = error(.rejected, .writing, status: 400, exception: "OCA\\DAV\\InvalidPath")
        guard case .failed(let reason) = fault(name) else {
            Issue.record("not failed")
            return
        }
        #expect(reason.contains("rename"))
        #expect(
            fault(error(.transport(.tooLarge(limit: 9)), .reading))
                == .failed(reason: "the scan is larger than 9 bytes (nextcloud.max_scan_size)"))
    }

    @Test("somebody else's answers, several in a row, open the circuit of what they were answers to")
    func foreign() {
        for (operation, dependency) in [
            (DAVError.Operation.reading, CircuitBreaker.Dependency.nextcloud), (.writing, .uploads),
        ] {
            let breaker = CircuitBreaker(models: [], triesAgain: true, now: { .sample }, closed: {})
            for _ in 0..<6 {
                #expect(!breaker.isOpen(dependency))
                _ = fault(error(.notFound, operation, status: 404, .gateway(name: nil), .nothing), breaker)
            }
            #expect(breaker.isOpen(dependency))
        }
    }
}

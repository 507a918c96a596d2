import Foundation
import ModelStandIn
import NextcloudStandIn
import Synchronization
import TestSupport
import Testing

/// LiteLLM's proxy, where `NIDS_TEST_LITELLM` names it (PyPI: `litellm[proxy]`).
private enum LiteLLM {
    static let path = ProcessInfo.processInfo.environment["NIDS_TEST_LITELLM"]
    static let key = "sk-balancer-0123456789"

    static func configuration(_ servers: [String]) -> String {
        let models = servers.map {
            """
              - model_name: nids
                litellm_params: {model: openai/gemini-3.8-flash, api_base: "\($0)/v1", api_key: none}
            """
        }
        return """
            model_list:
            \(models.joined(separator: "\n"))
            router_settings: {routing_strategy: least-busy, num_retries: 3, retry_after: 0, allowed_fails: 0}
            general_settings: {master_key: \(key)}
            """
    }
}

@Suite("a balancer before several model servers", .enabled(if: LiteLLM.path != nil, "needs LiteLLM's proxy"))
struct BalancerTests {
    private static let sheets = 90
    private static let concurrency = 6

    @Test("one of three is killed under load: every sheet is read, and none answered twice")
    func killed() async throws {
        try await Site<NextcloudStandIn>.run { site in
            let answered = Mutex<[String: Int]>([:])
            let servers = (0..<3).map { _ in
                ModelStandInServer(
                    .init(
                        latency: .seconds(1),
                        answer: { call in
                            answered.withLock { $0[call.inline.first?.sha256 ?? "", default: 0] += 1 }
                            return .text(SampleFiche.json(for: call))
                        }))
            }
            let (listening, listens) = AsyncStream.makeStream(of: Void.self)
            let running = servers.map { server in
                Task { try await server.run(onListening: { listens.yield() }) }
            }
            defer { running.forEach { $0.cancel() } }
            for await _ in listening.prefix(servers.count) {}
            let balancer = try await balance(servers.map(\.baseURL), site)
            try site.putScans((0..<Self.sheets).map { "jpeg/fiche \($0).jpg" })
            try write(
                """
                transcription:
                  models: [mine]
                  engines:
                    mine: {engine: openai, model: nids, base_url: "http://127.0.0.1:\(balancer.port)/v1",
                      api_key: \(LiteLLM.key), concurrency: \(Self.concurrency), input_price: 1, output_price: 5}
                """, to: site.folder.file("nids-sync.yaml"))
            let outcome = try await site.run("--once", "--json") { _ in
                try await soon("they are at work") { answered.withLock { $0.count } > Self.sheets / 3 }
                running[0].cancel()
            }
            outcome.expect(status: 0)
            #expect(try outcome.count("transcribed") == Self.sheets)
            #expect(try outcome.count("published") == Self.sheets)
            #expect(answered.withLock { $0.values.allSatisfy { $0 == 1 } && $0.count == Self.sheets })
            #expect(servers.reduce(0) { $0 + $1.calls.count } <= Self.sheets + Self.concurrency)
            await balancer.program.stop()
        }
    }

    /// Starts the balancer and waits until it answers.
    private func balance(
        _ servers: [String], _ site: Site<NextcloudStandIn>
    ) async throws -> (port: Int, program: ChildProcess) {
        let file = site.folder.file("litellm.yaml")
        try write(LiteLLM.configuration(servers), to: file)
        // It cannot be told to take any free one.
        let port = Int.random(in: 20_000..<30_000)
        let program = try ChildProcess(
            [try #require(LiteLLM.path), "--config", file, "--host", "127.0.0.1", "--port", String(port)],
            output: site.folder.file("litellm.log"))
        try await soon("the balancer answers") {
            let url = try #require(URL(string: "http://127.0.0.1:\(port)/health/liveliness"))
            return (try? String(contentsOf: url, encoding: .utf8)) != nil
        }
        return (port, program)
    }

    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }
}

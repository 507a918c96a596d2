import ArgumentParser
import CXMLPush
import DAV
import Foundation
import HTTP
import Synchronization
import TestSupport

/// What is measured of our own code, each in a process of its own.
struct Worker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "One measurement's work; the benchmark starts it.", shouldDisplay: false,
        subcommands: [ListingWorker.self, DownloadWorker.self, ParsingWorker.self])
}

/// The collection and how it is reached; the password comes in the environment.
struct WorkerSite: ParsableArguments {
    static let passwordVariable = "NIDS_BENCHMARK_PASSWORD"

    @Option var url: String
    @Option var user: String
    @Flag var nextcloud = false

    func client(_ http: HTTPClient) throws -> DAVClient {
        guard let collection = CollectionURL(url) else { throw TestFailure("not a URL: \(url)") }
        let password = ProcessInfo.processInfo.environment[Self.passwordVariable] ?? ""
        return DAVClient(
            collection: collection, credentials: Credentials(user: user, password: Secret(password)),
            isNextcloud: nextcloud, http: http)
    }
}

/// Counts what one listing of unlimited depth names.
struct ListingWorker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "listing")
    @OptionGroup var site: WorkerSite

    func run() async throws {
        let http = HTTPClient()
        var count = 0
        try await site.client(http).list(.root, depth: .infinity) { count += $0.count }
        print("resources \(count) requests \(http.requestCount)")
    }
}

/// Downloads every file of a collection.
struct DownloadWorker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "downloads")
    @OptionGroup var site: WorkerSite
    @Option var folder: String
    @Option var parallel = 8

    func run() async throws {
        let http = HTTPClient()
        let client = try site.client(http)
        var files: [RemotePath] = []
        try await client.list(.root, depth: .one) { files += $0.filter { !$0.isCollection }.map(\.path) }
        let queue = Queue(files)
        let folder = folder
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<parallel {
                group.addTask {
                    while let file = queue.next() {
                        _ = try await client.get(file, to: "\(folder)/\(file)")
                    }
                }
            }
            try await group.waitForAll()
        }
        print("files \(files.count) requests \(http.requestCount)")
    }
}

/// What is left to do, for several tasks.
private final class Queue: Sendable {
    private let files: [RemotePath]
    private let taken = Atomic<Int>(0)

    init(_ files: [RemotePath]) { self.files = files }

    func next() -> RemotePath? {
        let index = taken.add(1, ordering: .relaxed).oldValue
        return index < files.count ? files[index] : nil
    }
}

/// libxml2 alone, fed from a file by way of our shim, with handlers that do nothing.
struct ParsingWorker: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "parsing")
    @Argument var file: String

    func run() throws {
        let callbacks = nids_xml_callbacks(
            context: nil, start_element: { _, _, _ in }, end_element: { _, _, _ in }, characters: { _, _, _ in })
        guard let parser = nids_xml_parser_create(callbacks, 64), let input = FileHandle(forReadingAtPath: file) else {
            throw TestFailure("cannot read \(file)")
        }
        defer { nids_xml_parser_free(parser) }
        while let bytes = try input.read(upToCount: 128 << 10), !bytes.isEmpty {
            let code = bytes.withUnsafeBytes {
                nids_xml_parser_feed(parser, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
            }
            guard Int(code) == Int(NIDS_XML_OK) else { throw TestFailure("not XML") }
        }
        guard Int(nids_xml_parser_finish(parser)) == Int(NIDS_XML_OK) else { throw TestFailure("not whole") }
    }
}

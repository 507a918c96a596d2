// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let flyingFox: Target.Dependency = .product(name: "FlyingFox", package: "FlyingFox")

let package = Package(
    name: "nids-sync",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "nids-sync", targets: ["nids-sync"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // C libraries: one target each, imported by exactly one Swift module.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CMariaDB", pkgConfig: "libmariadb", providers: [.apt(["libmariadb-dev"])]),
        .target(name: "CXMLPush", dependencies: ["CLibXML2"]),

        .target(name: "HTTP", dependencies: ["CCurl", httpTypes], swiftSettings: strict),
        .target(name: "DAV", dependencies: ["HTTP", "CXMLPush", httpTypes], swiftSettings: strict),
        .target(name: "MariaDB", dependencies: ["CMariaDB"], swiftSettings: strict),
        .target(
            name: "Transcriber",
            dependencies: ["HTTP", httpTypes, crypto, logging, subprocess],
            resources: [
                .embedInCode("Prompts/standard.txt"), .embedInCode("Prompts/ancien.txt"),
                .embedInCode("Reference/especes.csv"),
            ],
            swiftSettings: strict),
        .target(
            name: "NidsSync",
            dependencies: [
                "HTTP", "DAV", "MariaDB", "Transcriber", httpTypes, crypto, grdb, logging,
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "nids-sync",
            dependencies: [
                "NidsSync", "NextcloudStandIn", "Transcriber", logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            resources: [.copy("Sheets")],
            swiftSettings: strict),

        // Stand-ins for the services we talk to, for the demo and the tests.
        .target(name: "NextcloudStandIn", dependencies: [flyingFox], swiftSettings: strict),
        .target(name: "ModelStandIn", dependencies: [flyingFox, crypto], swiftSettings: strict),

        // What the service takes, measured beside curl and rclone: `make benchmark`.
        .executableTarget(
            name: "nids-benchmark",
            dependencies: [
                "HTTP", "DAV", "CXMLPush", "NextcloudStandIn", "ModelStandIn", "TestSupport", "NidsSync", "MariaDB",
                "Transcriber", grdb,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks", exclude: ["RESULTS.md"], swiftSettings: strict),

        // Bytes that nobody meant, for every place where bytes come in: `make fuzz`.
        .executableTarget(
            name: "nids-fuzz", dependencies: ["DAV", "HTTP", "NidsSync", "Transcriber", httpTypes], path: "Fuzz",
            exclude: ["Seeds"],
            swiftSettings: strict),

        .target(
            name: "TestSupport", dependencies: ["HTTP", "DAV", "NextcloudStandIn", subprocess],
            path: "Tests/TestSupport", swiftSettings: strict),
        .target(
            name: "HarnessSupport", dependencies: ["TestSupport", grdb, crypto], path: "Tests/HarnessSupport",
            swiftSettings: strict),
        // Kills the program again and again: a small run is a test, the long one a command (`make crash-test`).
        .target(
            name: "CrashHarness",
            dependencies: [
                "NextcloudStandIn", "ModelStandIn", "MariaDB", "HarnessSupport", "TestSupport", "Transcriber", grdb,
            ],
            path: "Tests/CrashHarness", swiftSettings: strict),
        .executableTarget(
            name: "crash-test",
            dependencies: ["CrashHarness", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Tests/CrashTest", swiftSettings: strict),
        // Plays random histories of two people on any server: `make people-test`.
        .target(
            name: "PeopleHarness",
            dependencies: [
                "DAV", "HTTP", "NextcloudStandIn", "ModelStandIn", "HarnessSupport", "TestSupport", "Transcriber",
                httpTypes, grdb,
            ],
            path: "Tests/PeopleHarness", swiftSettings: strict),
        .executableTarget(
            name: "people-test",
            dependencies: ["PeopleHarness", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Tests/PeopleTest", swiftSettings: strict),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP", "TestSupport", flyingFox], swiftSettings: strict),
        .testTarget(
            name: "DAVTests", dependencies: ["DAV", "HTTP", "NextcloudStandIn", "TestSupport", httpTypes],
            resources: [.copy("Fixtures")], swiftSettings: strict),
        .testTarget(
            name: "NextcloudStandInTests", dependencies: ["NextcloudStandIn", "HTTP", "TestSupport", httpTypes],
            swiftSettings: strict),
        .testTarget(
            name: "TranscriberTests",
            dependencies: ["Transcriber", "HTTP", "ModelStandIn", "HarnessSupport", "TestSupport"],
            resources: [.copy("Samples")],
            swiftSettings: strict),
        .testTarget(
            name: "ModelStandInTests", dependencies: ["ModelStandIn", subprocess], swiftSettings: strict),
        .testTarget(name: "MariaDBTests", dependencies: ["MariaDB", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "NidsSyncTests",
            dependencies: ["NidsSync", "NextcloudStandIn", "ModelStandIn", "TestSupport", grdb],
            resources: [.copy("State/Stored")], swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "NextcloudStandIn", "ModelStandIn", "TestSupport", "CrashHarness", "PeopleHarness", "Transcriber",
                "nids-sync", "NidsSync", "MariaDB", "HarnessSupport", grdb,
                crypto,
                subprocess,
            ],
            resources: [.copy("Scans")], swiftSettings: strict),
    ]
)

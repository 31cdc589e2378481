// swift-tools-version: 6.2
import PackageDescription

// Every target is compiled the same way: Swift 6 concurrency, every unsafe expression spelled `unsafe`,
// no C type in a public signature by accident, and no warning left standing.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
    // Exclusivity is checked while debugging and testing. In the release binary the checks would be a fifth of
    // the user-mode instructions of a request (docs/benchmarks.md).
    // What `Shared` does for each byte and field is inlined and specialised where it is used.
    .unsafeFlags(["-enforce-exclusivity=unchecked", "-cross-module-optimization"], .when(configuration: .release)),
]

let package = Package(
    name: "weir",
    products: [
        .executable(name: "weir-data", targets: ["weir-data"]),
        .executable(name: "weir-control", targets: ["weir-control"]),
        .executable(name: "weir", targets: ["weir"]),
        .executable(name: "weir-stub-provider", targets: ["weir-stub-provider"]),
        .library(name: "weir-probe", type: .dynamic, targets: ["Probe"]),
    ],
    targets: [
        .systemLibrary(name: "CLinux", path: "Sources/Shared/CLinux"),
        .systemLibrary(
            name: "COpenSSL", path: "Sources/Shared/COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CCurl", path: "Sources/Shared/CCurl", pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CPostgres", path: "Sources/ControlPlane/CPostgres", pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"])]),

        .target(
            name: "Shared", dependencies: ["CLinux", "COpenSSL", "CCurl"], path: "Sources/Shared",
            exclude: ["CLinux", "COpenSSL", "CCurl"], swiftSettings: settings),
        // A module of its own: pure, so that it cannot even see a socket, and built and fuzzed without the rest.
        .target(
            name: "Translate", dependencies: ["Shared"], path: "Sources/DataPlane/Translate", swiftSettings: settings),
        .target(
            name: "DataPlane", dependencies: ["Shared", "Translate"], path: "Sources/DataPlane",
            exclude: ["Main", "Translate"], swiftSettings: settings),
        .target(
            name: "ControlPlane", dependencies: ["Shared", "CPostgres"], path: "Sources/ControlPlane",
            exclude: ["Main", "CLI", "CPostgres"], resources: [.embedInCode("Migrations")], swiftSettings: settings),

        .executableTarget(
            name: "weir-data", dependencies: ["DataPlane", "Shared"], path: "Sources/DataPlane/Main",
            swiftSettings: settings),
        .executableTarget(
            name: "weir-control", dependencies: ["ControlPlane", "DataPlane", "Shared"],
            path: "Sources/ControlPlane/Main",
            swiftSettings: settings),
        .executableTarget(
            name: "weir", dependencies: ["Shared"], path: "Sources/ControlPlane/CLI",
            resources: [.embedInCode("PriceBook")], swiftSettings: settings),
        .executableTarget(
            name: "weir-stub-provider", dependencies: ["Shared"], path: "Tests/StubProvider", swiftSettings: settings),
        .executableTarget(
            name: "weir-load", dependencies: ["Shared"], path: "Tests/Benchmarks/Load", swiftSettings: settings),
        .executableTarget(
            name: "weir-journal-bench", dependencies: ["DataPlane", "Shared"], path: "Tests/Benchmarks/Journal",
            swiftSettings: settings),
        .executableTarget(
            name: "weir-translate-bench", dependencies: ["Translate", "Shared"], path: "Tests/Benchmarks/Translate",
            swiftSettings: settings),
        // Preloaded into processes that have their own Swift runtime: nothing of another may come with it.
        .target(
            name: "Probe", path: "Tests/Benchmarks/Probe",
            linkerSettings: [.unsafeFlags(["-nostartfiles", "-static-stdlib"])]),

        .target(
            name: "Simulation", dependencies: ["ControlPlane", "DataPlane", "Shared"], path: "Tests/Simulation",
            exclude: ["Main"], swiftSettings: settings),
        .executableTarget(
            name: "weir-sim", dependencies: ["Simulation", "Shared"], path: "Tests/Simulation/Main",
            swiftSettings: settings),
        .testTarget(
            name: "SimulationTests", dependencies: ["Simulation", "Shared"], path: "Tests/SimulationTests",
            swiftSettings: settings),

        .target(name: "TestSupport", dependencies: ["Shared"], path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(
            name: "SharedTests", dependencies: ["Shared", "TestSupport"], path: "Tests/SharedTests",
            swiftSettings: settings),
        .target(
            name: "FuzzTargets", dependencies: ["Translate", "Shared"], path: "Tests/Fuzz/Targets",
            swiftSettings: settings),
        .testTarget(
            name: "TranslateTests", dependencies: ["FuzzTargets", "Translate", "Shared", "TestSupport"],
            path: "Tests/TranslateTests", swiftSettings: settings),
        .testTarget(
            name: "DataPlaneTests", dependencies: ["DataPlane", "Shared", "TestSupport"], path: "Tests/DataPlaneTests",
            swiftSettings: settings),
        .testTarget(
            name: "ControlPlaneTests", dependencies: ["ControlPlane", "Shared", "TestSupport"],
            path: "Tests/ControlPlaneTests", swiftSettings: settings),
        .testTarget(
            name: "ContractTests", dependencies: ["ControlPlane", "DataPlane", "Shared", "TestSupport"],
            path: "Tests/ContractTests", swiftSettings: settings),
        .testTarget(
            name: "EndToEndTests", dependencies: ["Shared", "TestSupport"], path: "Tests/EndToEndTests",
            exclude: ["python"], swiftSettings: settings),
        .testTarget(
            name: "ConformanceTests", dependencies: ["Shared", "TestSupport"], path: "Tests/Conformance",
            exclude: ["cases", "nginx.conf", "README.md"], swiftSettings: settings),
    ]
)

// Its `main` is libFuzzer's: it links with the sanitizer only (`make fuzz`).
if Context.environment["WEIR_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "weir-fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/Main",
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]))
}

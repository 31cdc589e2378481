@testable import Shared
import XCTest

private struct Sample: ProcessConfiguration, Equatable {
    struct Fleet: Codable, Sendable, Equatable {
        var controlPlaneURL = "http://127.0.0.1:7071"
        var token: Secret?
        var waitSeconds = 30
    }
    enum Mode: String, Codable, Sendable, CaseIterable { case fast, safe }

    var listenPort: UInt16 = 8080
    var threads: Int?
    var mode = Mode.safe
    var ratio = 0.5
    var isVerbose = false
    var origins: [String] = []
    var fleet = Fleet()

    static let section = "dataPlane"
    static let fields = [
        ConfigurationField.integer("listenPort", 1...65_535, "Where callers connect."),
        .integer("threads", 1...256, "Event loops."), .choice("mode", Mode.self, "How it runs."),
        ConfigurationField("ratio", .number, "A share."), ConfigurationField("isVerbose", .boolean, "More output."),
        ConfigurationField("origins", .strings, "Allowed origins."),
        ConfigurationField("fleet.controlPlaneURL", .string, "The control plane."),
        ConfigurationField("fleet.token", .secret, "The node's token."),
        .integer("fleet.waitSeconds", 1...30, "Long poll."),
    ]

    func validate() -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        if !fleet.controlPlaneURL.hasPrefix("http") {
            problems.append(ConfigurationProblem("fleet.controlPlaneURL", want: "an http or https URL"))
        }
        if let token = fleet.token, token.reveal().count < 4 {
            problems.append(ConfigurationProblem("fleet.token", want: "at least four characters"))
        }
        if isVerbose, threads == nil { problems.append(ConfigurationProblem("threads", want: "a number when verbose")) }
        return problems
    }
}

final class ConfigurationTests: XCTestCase {
    private struct Missing: Error, CustomStringConvertible { var description: String }

    private func result(
        _ arguments: [String] = [], _ environment: [String: String] = [:], files: [String: String] = [:]
    ) -> ConfigurationLoader.Result<Sample> {
        ConfigurationLoader(
            process: "weir-data", summary: "serves callers.", arguments: arguments, environment: environment,
            readFile: { path in
                guard let text = files[path] else { throw Missing(description: "cannot read \(path): no such file") }
                return Array(text.utf8)
            }
        ).load(Sample.self)
    }

    private func load(
        _ arguments: [String] = [], _ environment: [String: String] = [:], files: [String: String] = [:],
        file: StaticString = #filePath, line: UInt = #line
    ) throws -> Sample {
        switch result(arguments, environment, files: files) {
        case .loaded(let loaded): return loaded.configuration
        case .problems(let problems):
            XCTFail(ConfigurationLoader.text(problems), file: file, line: line)
            throw problems[0]
        case .help: throw Missing(description: "help")
        }
    }

    private func problems(
        _ arguments: [String] = [], _ environment: [String: String] = [:], files: [String: String] = [:]
    ) -> [String] {
        guard case .problems(let problems) = result(arguments, environment, files: files) else { return [] }
        return problems.map(\.description)
    }

    func testDefaultsAreTheDeclaration() throws {
        XCTAssertEqual(try load(), Sample())
    }

    func testLaterSourcesWinOverEarlierOnes() throws {
        let files = ["c.json": #"{"listenPort":1,"threads":2,"mode":"fast","fleet":{"waitSeconds":3,"token":null}}"#]
        var expected = Sample()
        (expected.listenPort, expected.threads, expected.mode, expected.fleet.waitSeconds) = (1, 2, .fast, 3)
        XCTAssertEqual(try load(["--config", "c.json"], files: files), expected)
        XCTAssertEqual(try load([], ["WEIR_CONFIG": "c.json"], files: files), expected)

        expected.threads = 4
        expected.fleet.waitSeconds = 5
        let environment = ["WEIR_CONFIG": "c.json", "WEIR_THREADS": "4", "WEIR_FLEET_WAIT_SECONDS": "5", "HOME": "/"]
        XCTAssertEqual(try load([], environment, files: files), expected)

        expected.fleet.waitSeconds = 6
        XCTAssertEqual(try load(["--fleet-wait-seconds=6"], environment, files: files), expected)
    }

    func testEveryKindIsReadFromText() throws {
        let configuration = try load(
            ["--is-verbose", "--threads", "3", "--ratio=-1.5e1", "--fleet-control-plane-url=https://x"],
            ["WEIR_ORIGINS": "a, b,,c", "WEIR_MODE": "fast", "WEIR_FLEET_TOKEN": "hunter2"])
        XCTAssertTrue(configuration.isVerbose)
        XCTAssertEqual(configuration.threads, 3)
        XCTAssertEqual(configuration.ratio, -15)
        XCTAssertEqual(configuration.fleet.controlPlaneURL, "https://x")
        XCTAssertEqual(configuration.origins, ["a", "b", "c"])
        XCTAssertEqual(configuration.mode, .fast)
        XCTAssertEqual(configuration.fleet.token?.reveal(), "hunter2")
    }

    func testAllProblemsAreShownWithWhatWasFoundAndWhere() {
        XCTAssertEqual(
            problems(
                ["--thread=1", "--mode=fsat", "--config=c.json"],
                [
                    "WEIR_THREADS": "5s", "WEIR_LISTENPORT": "1", "WEIR_TEST_X": "",
                    "WEIR_FLEET_CONTROL_PLANE_URL": "ftp://x",
                ],
                files: [
                    "c.json": #"{"listenPort":70000,"fleet":{"wait_seconds":1,"waitSeconds":"9"},"origins":[1],"x":{}}"#
                ]),
            [
                "unknown flag --thread; did you mean --threads?",
                "dataPlane.fleet.wait_seconds: unknown field; did you mean \"waitSeconds\"? (from c.json)",
                "dataPlane.x: unknown field (from c.json)",
                "unknown environment variable WEIR_LISTENPORT; did you mean WEIR_LISTEN_PORT?",
                "dataPlane.listenPort: got 70000 from c.json, want an integer 1...65535",
                "dataPlane.threads: got \"5s\" from WEIR_THREADS, want an integer 1...256",
                "dataPlane.mode: got \"fsat\" from --mode, want one of fast, safe",
                "dataPlane.origins: got an array from c.json, want a list of strings",
                "dataPlane.fleet.waitSeconds: got \"9\" from c.json, want an integer 1...30",
                "dataPlane.fleet.controlPlaneURL: got \"ftp://x\" from WEIR_FLEET_CONTROL_PLANE_URL, want an http or https URL",
            ])
    }

    func testEachLimitHoldsAtItsEdge() throws {
        XCTAssertEqual(try load(["--listen-port=65535"]).listenPort, 65_535)
        for text in ["0", "65536", "-1", "1.0", "1e3", "", " 1", "0x10", "99999999999999999999"] {
            XCTAssertEqual(problems(["--listen-port=\(text)"]).count, 1, text)
        }
        XCTAssertEqual(problems([], ["WEIR_IS_VERBOSE": "maybe"]).count, 1)
    }

    func testRulesBetweenFieldsNameTheDefault() {
        XCTAssertEqual(problems(["--is-verbose"]), ["dataPlane.threads: not set, want a number when verbose"])
    }

    func testFilesThatCannotBeUsedAreProblems() {
        XCTAssertEqual(problems(["--config=none.json"]), ["cannot read none.json: no such file"])
        XCTAssertEqual(
            problems(["--config=c"], files: ["c": "{\"a\" 1}"]), ["c: expected ':' at byte 5"])
        XCTAssertEqual(problems(["--config=c"], files: ["c": "[]"]), ["c: want an object, got an array"])
        XCTAssertEqual(
            problems(["--config=c"], files: ["c": #"{"fleet":1}"#]), ["dataPlane.fleet: got 1 from c, want an object"])
        XCTAssertEqual(problems(["--threads"]), ["--threads needs a value"])
    }

    // MARK: Secrets

    func testSecretsAreResolvedAndNeverShown() throws {
        let files = ["/run/token": "from-file\n", "/run/empty": "\n"]
        XCTAssertEqual(
            try load(["--fleet-token=env:TOKEN"], ["TOKEN": "from-env"]).fleet.token?.reveal(), "from-env")
        let configuration = try load(["--fleet-token=file:/run/token"], files: files)
        XCTAssertEqual(configuration.fleet.token?.reveal(), "from-file")
        var dumped = ""
        dump(configuration, to: &dumped)
        for shown in [
            "\(configuration)", String(reflecting: configuration), dumped,
            String(decoding: CanonicalJSON.encode(configuration), as: UTF8.self),
        ] {
            XCTAssertFalse(shown.contains("from-file"), shown)
            XCTAssertTrue(shown.contains("secret"), shown)
        }
        XCTAssertEqual(
            problems(["--fleet-token=env:NOPE"]),
            ["dataPlane.fleet.token: the environment variable NOPE is not set (from --fleet-token)"])
        XCTAssertEqual(
            problems([], ["WEIR_FLEET_TOKEN": "file:/run/none"]),
            ["dataPlane.fleet.token: cannot read /run/none: no such file (from WEIR_FLEET_TOKEN)"])
        XCTAssertEqual(
            problems(["--fleet-token=file:/run/empty"], files: files),
            ["dataPlane.fleet.token: /run/empty is empty (from --fleet-token)"])
        XCTAssertEqual(
            problems(["--fleet-token=file:relative"]),
            ["dataPlane.fleet.token: \"relative\" is not an absolute path (from --fleet-token)"])
        XCTAssertEqual(
            problems(["--fleet-token=abc"]),
            ["dataPlane.fleet.token: got <secret> from --fleet-token, want at least four characters"])
        XCTAssertEqual(
            problems(["--config=c"], files: ["c": #"{"fleet":{"token":12345}}"#]),
            ["dataPlane.fleet.token: got <secret> from c, want env:NAME, file:/path or the secret itself"])
    }

    func testSmallFilesAreReadAndMissingOnesExplained() throws {
        XCTAssertEqual(try SmallFile.read("/dev/null"), [])
        XCTAssertThrowsError(try SmallFile.read("/nowhere/x")) {
            XCTAssertEqual("\($0)", "cannot read /nowhere/x: No such file or directory")
        }
        XCTAssertThrowsError(try SmallFile.read("/dev/zero")) {
            XCTAssertEqual("\($0)", "cannot read /dev/zero: more than 1 MiB")
        }
    }

    // MARK: The command line

    func testWordsAndSwitchesAreHandedBack() throws {
        guard case .loaded(let loaded) = result(["init", "--check", "--threads=1", "now"]) else { return XCTFail() }
        XCTAssertEqual(loaded.words, ["init", "now"])
        XCTAssertEqual(loaded.switches, ["--check"])
        XCTAssertNil(loaded.file)
    }

    func testHelpListsEveryField() throws {
        guard case .help(let text) = result(["--help", "--nonsense"]) else { return XCTFail() }
        for field in Sample.fields {
            XCTAssertTrue(text.contains(field.flagName + "="), field.path)
            XCTAssertTrue(text.contains(field.environmentName), field.path)
            XCTAssertTrue(text.contains(field.help), field.path)
        }
        XCTAssertTrue(text.contains("An integer 1...65535; default 8080."), text)
        XCTAssertTrue(text.contains("--check"))
    }

    func testNamesAreSplitAtTheirWords() {
        for (path, name) in [
            ("listenPort", "WEIR_LISTEN_PORT"), ("fleet.controlPlaneURL", "WEIR_FLEET_CONTROL_PLANE_URL"),
            ("tlsURLPrefix", "WEIR_TLS_URL_PREFIX"), ("maxBodyBytes", "WEIR_MAX_BODY_BYTES"), ("x", "WEIR_X"),
            ("sha256Path", "WEIR_SHA256_PATH"), ("database.idleTimeoutSeconds", "WEIR_DATABASE_IDLE_TIMEOUT_SECONDS"),
            ("fleet.controlPlaneURLs", "WEIR_FLEET_CONTROL_PLANE_URLS"), ("allowedIDsMax", "WEIR_ALLOWED_IDS_MAX"),
        ] { XCTAssertEqual(ConfigurationField(path, .string, "").environmentName, name) }
    }
}

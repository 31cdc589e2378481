import Foundation
import Shared
import TestSupport
import XCTest

@testable import ControlPlane

/// `weir` against the admin API on a real socket.
final class CommandLineTests: XCTestCase {
    private struct Outcome {
        var code: Int32
        var output: String
    }

    /// The admin API on a port of its own, for as long as `body` runs, which is on the test's thread.
    private func withControlPlane(_ body: (_ run: ([String]) throws -> Outcome) throws -> Void) throws {
        let connection = try TemporaryPostgres.shared.get().createDatabase("cli")
        let token = AccessToken.generate(.administrator)
        let started = DispatchSemaphore(value: 0), done = DispatchSemaphore(value: 0)
        let port = Box<UInt16>(0)
        let loop = try EventLoop(name: "admin")
        loop.start()
        loop.spawn { actor in
            do {
                let pool = PostgresPool(
                    on: actor.loop, options: .init(settings: PostgresSettings(connectionString: connection)))
                _ = try await Migrator(pool: pool).migrate()
                let vault = try CredentialVault(key: Array(repeating: 7, count: 32))
                try await pool.execute(
                    "INSERT INTO fleet_state (fleet, signing_key_id, encryption_key_id) VALUES ('test', 'k', $1)",
                    [.text(vault.keyID)])
                try await pool.execute(
                    "INSERT INTO admin_tokens (id, name, role, sha256) VALUES ($1, 'root', 'admin', $2)",
                    [.uuid(.random()), .bytes(token.sha256.bytes)])
                let api = AdminAPI(
                    database: pool, vault: vault, log: Logger("test", to: LogOutput(descriptor: -1)),
                    makeReplay: AdminHarness.makeReplay, onPublication: {})
                let server = HTTPServer(on: actor.loop, options: .init(port: 0), handler: api.handle)
                try server.listen()
                port.value = server.port
                started.signal()
                while done.wait(timeout: .now()) == .timedOut { await actor.loop.sleep(for: .milliseconds(5)) }
                await server.drain(timeout: .seconds(1))
                pool.close()
            } catch { XCTFail("\(error)") }
            started.signal()
            actor.loop.stop()
        }
        XCTAssertEqual(started.wait(timeout: .now() + 30), .success)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "weir-cli-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer {
            try? FileManager.default.removeItem(at: folder)
            done.signal()
            loop.join()
        }
        var count = 0
        try body { arguments in
            count += 1
            let process = try ChildProcess(
                name: "weir", executable: TestFleet.executable("weir"), arguments: arguments,
                environment: [
                    "WEIR_URL": "http://127.0.0.1:\(port.value)", "WEIR_ADMIN_TOKEN": token.text, "HOME": folder.path,
                ],
                log: folder.appendingPathComponent("\(count).log").path)
            guard case .status(let code) = process.waitForExit(timeout: .seconds(20)) else {
                process.kill()
                throw TestFailure("weir \(arguments) did not end: \(process.output)")
            }
            return Outcome(code: code, output: process.output)
        }
    }

    /// Concurrency: written before the semaphore is signalled, read after it was waited for.
    private final class Box<Value>: @unchecked Sendable {
        var value: Value
        init(_ value: Value) { self.value = value }
    }

    func testAKeyIsMadeUsedAndEndedFromTheCommandLine() throws {
        try withControlPlane { run in
            func weir(_ line: String, code: Int32 = 0, at number: UInt = #line) throws -> String {
                let outcome = try run(line.split(separator: " ").map(String.init))
                XCTAssertEqual(outcome.code, code, "weir \(line): \(outcome.output)", line: number)
                return outcome.output
            }
            _ = try weir("organizations create --name acme")
            _ = try weir("teams create --name search --organization acme")
            _ = try weir("providers create --name stub --base-url http://127.0.0.1:9/v1")
            _ = try weir("models create --name m1 --input-price 2.50 --output-price 10 --cached-input-price 0.000001")
            let priced = try weir("models add-price m1 --input-price 3 --output-price 12 --effective-from 2100-01-01")
            XCTAssertTrue(priced.contains("input_picodollars_per_token=3000000"), priced)
            let models = try weir("models list")
            XCTAssertTrue(models.contains("m1    chat       2.50       10.00"), models)
            _ = try weir("routes create --name chat --target provider=stub,model=m1,weight=3")
            let created = try weir("keys create --team acme/search --name k1 --routes chat --tag a=b")
            let text = try XCTUnwrap(created.split(whereSeparator: \.isWhitespace).last)
            XCTAssertNotNil(VirtualKeySecret(parsing: String(text)), created)
            XCTAssertTrue(try weir("keys list --team search").contains("acme          search  k1"))
            let json = try JSONValue(parsing: Array(try weir("keys rotate k1 --overlap-seconds 60 --json").utf8))
            XCTAssertEqual(json["secrets"]?.array?.count, 2)
            XCTAssertTrue(try weir("keys update k1 --routes all").contains("allowed_routes    -"))
            XCTAssertTrue(try weir("keys revoke k1").contains("revoked"))
            _ = try weir("keys delete k1")
            XCTAssertTrue(try weir("keys list").contains("none"))
            XCTAssertTrue(try weir("usage --group-by model").contains("total"))
            XCTAssertTrue(try weir("status").contains("0 live"))
            XCTAssertTrue(try weir("audit --action revoke").contains("virtual_key"))
        }
    }

    func testHowARouteTriesItsTargetsIsSetFromTheCommandLine() throws {
        try withControlPlane { run in
            func weir(_ line: String, code: Int32 = 0, at number: UInt = #line) throws -> String {
                let outcome = try run(line.split(separator: " ").map(String.init))
                XCTAssertEqual(outcome.code, code, "weir \(line): \(outcome.output)", line: number)
                return outcome.output
            }
            func shows(_ lines: [String], _ output: String, at number: UInt = #line) {
                let words = Set(
                    output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") })
                for line in lines { XCTAssertTrue(words.contains(line), "\(line) in \(output)", line: number) }
            }
            let provider = try weir(
                "providers create --name stub --base-url http://127.0.0.1:9 --breaker failure_percent=20,open_seconds=2 --retry-budget-percent 25 --when-caller-leaves drain --prefix-continuation prefix_echoed"
            )
            shows(
                [
                    "breaker consecutive_failures=5 failure_percent=20 samples_min=20 window_seconds=10 open_seconds=2 open_seconds_max=10",
                    "retry_budget_percent 25", "when_caller_leaves drain", "prefix_continuation prefix_echoed",
                ], provider)
            shows(
                ["breaker -", "prefix_continuation -"],
                try weir("providers update stub --breaker none --prefix-continuation none"))
            shows(
                ["concurrency min=8 max=8 queue_max=100 queue_wait_ms=5000"],
                try weir("providers update stub --concurrency min=8,max=8"))
            shows(["concurrency -"], try weir("providers update stub --concurrency none"))
            shows(
                ["probe path=/health interval_seconds=2 timeout_ms=2000 failures=3"],
                try weir("providers update stub --probe path=/health,interval_seconds=2"))
            shows(["probe -"], try weir("providers update stub --probe none"))
            for name in ["k1", "k2"] { _ = try weir("credentials create --name \(name) --reference env:K") }
            shows(["credentials k2, k1", "credential -"], try weir("providers update stub --credentials k2,k1"))
            XCTAssertTrue(try weir("providers list").contains("k2, k1"))
            shows(["credentials -", "credential k1"], try weir("providers update stub --credential k1"))
            shows(["credentials -"], try weir("providers update stub --credentials none --credential none"))
            _ = try weir("models create --name m1 --input-price 1 --output-price 2")
            let route = try weir(
                "routes create --name chat --strategy sticky --sticky header:X-Session --retries-max 1 --retries-first true --total-timeout-ms 90000 --refuses-when-all-are-out true --resumes-max 2 --keep-alive-ms 15000 --target provider=stub,model=m1 --target provider=stub,model=m1,upstream=long,on=context_length+timeout"
            )
            shows(
                [
                    "strategy sticky", "sticky by=header header=x-session", "retries_max 1", "retries_first yes",
                    "total_timeout_ms 90000", "refuses_when_all_are_out yes", "resumes_max 2",
                    "keep_alive_ms 15000",
                ], route)
            XCTAssertTrue(route.contains(#"upstream_model_name=long weight=1 on=["context_length","timeout"]"#), route)
            let list = try weir("routes list")
            XCTAssertTrue(list.contains("stub/m1, stub/m1 on context_length+timeout"), list)
            shows(
                [
                    "strategy least_busy", "sticky -", "retries_first no", "total_timeout_ms -",
                    "refuses_when_all_are_out no",
                ],
                try weir(
                    "routes update chat --strategy least_busy --sticky none --retries-first false --total-timeout-ms none --refuses-when-all-are-out false"
                ))
            shows(
                ["sticky by=end_user"], try weir("routes update chat --strategy sticky --sticky end_user"))
            shows(
                ["hedge after_ms=800 percent_max=10 plain_answers=yes"],
                try weir("routes update chat --hedge 800,percent_max=10,plain_answers=true"))
            shows(["hedge percent_max=5 plain_answers=no"], try weir("routes update chat --hedge p95"))
            shows(["hedge -"], try weir("routes update chat --hedge none"))
            _ = try weir("organizations create --name acme")
            _ = try weir("teams create --name search --organization acme")
            _ = try weir("virtual-keys create --name tests --team search")
            let mirrored = try weir(
                "routes update chat --shadow provider=stub,model=m1,upstream=next,percent=0.5,key=search/tests")
            XCTAssertTrue(mirrored.contains("model=m1 upstream_model_name=next percent=0.5"), mirrored)
            shows(["shadow -"], try weir("routes update chat --shadow none"))

            let ruled = try weir(
                #"routes update chat --rules [{"name":"streams","when":{"stream":true},"targets":[{"provider":"stub","model":"m1"}]}]"#
            )
            XCTAssertTrue(ruled.contains("name=streams when=stream=yes strategy=priority"), ruled)
            _ = try weir(
                #"routes update chat --strategy priority --sticky none --targets [{"provider":"stub","model":"m1"},{"strategy":"weighted","targets":[{"provider":"stub","model":"m1"}]}]"#
            )
            let grouped = try weir("routes list")
            XCTAssertTrue(grouped.contains("stub/m1, weighted (stub/m1)  streams"), grouped)
            _ = try weir(
                "routes update chat --rules [] --strategy sticky --sticky end_user --target provider=stub,model=m1")

            for (line, text, code) in [
                ("routes update chat --retries-first maybe", "--retries-first: got \"maybe\", want true or false", 2),
                ("routes update chat --target provider=stub,model=m1,cause=error", "[,on=CAUSE+CAUSE]", 2),
                ("providers update stub --breaker open_seconds=soon", "--breaker: got \"soon\", want an integer", 2),
                ("providers update stub --breaker open_seconds", "want name=value", 2),
                (
                    "providers update stub --concurrency min=5,max=4",
                    "concurrency.max: got 4, want at least min (5)", 1
                ),
                ("providers update stub --probe path=models", "probe.path: got \"models\", want a path", 1),
                ("providers update stub --probe failures=many", "probe.failures: got \"many\"", 1),
                ("providers update stub --breaker threshold=5", "breaker.threshold: is not a known field", 1),
                ("routes update chat --hedge soon", "--hedge: got \"soon\", want p95 or milliseconds first", 2),
                ("routes update chat --hedge p95,plain_answers=maybe", "--hedge: got \"maybe\", want true or false", 2),
                ("routes update chat --hedge p95,percent_max=0", "hedge.percent_max: got 0", 1),
                (
                    "routes update chat --shadow provider=stub,model=m1,percent=few,key=tests",
                    "--shadow: got \"few\", want a number", 2
                ),
                (
                    "routes update chat --shadow provider=stub,model=m1,weight=2",
                    "--shadow: unknown part \"weight\"; want provider=…,model=…,percent=…,key=…", 2
                ),
                (
                    "routes update chat --shadow provider=stub,model=m1,percent=0.001,key=tests",
                    "shadow.percent: got 0.001", 1
                ),
                ("routes update chat --rules [{]", "--rules: want JSON or @FILE", 2),
                (#"routes update chat --rules [{"name":"r"}]"#, "rules[0].when: is missing", 1),
                ("routes update chat --strategy priority", "sticky: is for the strategy sticky", 1),
                ("routes update chat --target provider=stub,model=m1,on=slow", "targets[0].on[0]: got \"slow\"", 1),
                ("routes create --help", "least_latency (soonest first token)", 0),
                ("providers update --help", "--retry-budget-percent PERCENT", 0),
            ] as [(String, String, Int32)] {
                let output = try weir(line, code: code)
                XCTAssertTrue(output.contains(text), output)
            }
        }
    }

    func testDialectsAreSetFromTheCommandLine() throws {
        try withControlPlane { run in
            func weir(_ line: String, code: Int32 = 0, at number: UInt = #line) throws -> String {
                let outcome = try run(line.split(separator: " ").map(String.init))
                XCTAssertEqual(outcome.code, code, "weir \(line): \(outcome.output)", line: number)
                return outcome.output
            }
            func shows(_ lines: [String], _ output: String, at number: UInt = #line) {
                let words = Set(
                    output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") })
                for line in lines { XCTAssertTrue(words.contains(line), "\(line) in \(output)", line: number) }
            }
            shows(
                ["dialect anthropic", "base_url https://api.anthropic.com", "credential_field -", "quirks -"],
                try weir("providers create --name claude --dialect anthropic"))
            shows(
                ["dialect bedrock", "base_url https://bedrock-runtime.us-east-1.amazonaws.com", "region us-east-1"],
                try weir("providers create --name aws --dialect bedrock --region us-east-1"))
            shows(["region -"], try weir("providers update aws --region none"))
            shows(
                ["dialect openai", "credential_field api-key", "query api-version=2024-10-21"],
                try weir(
                    "providers create --name azure --base-url https://a/openai --credential-field api-key --query api-version=2024-10-21"
                ))
            shows(
                ["dialect gemini", "credential_kind service_account", "path_version in_base_url"],
                try weir(
                    "providers create --name vertex --dialect gemini --base-url https://a/v1/projects/p/locations/l/publishers/google --credential-kind service_account --path-version in_base_url"
                ))
            // As Google hands it out: in many lines, of which the first is no secret.
            let key = FileManager.default.temporaryDirectory.appendingPathComponent(
                "weir-key-\(UUID().uuidString).json")
            try Data("{\n  \"client_email\": \"a b\",\n  \"private_key\": \"-----BEGIN\\n\"\n}\n".utf8).write(to: key)
            defer { try? FileManager.default.removeItem(at: key) }
            shows(["version 1"], try weir("credentials create --name vertex-key --value-file \(key.path)"))
            shows(
                ["credential_kind -", "path_version -"],
                try weir("providers update vertex --credential-kind none --path-version none"))
            shows(
                ["credential_field -", "query -"],
                try weir("providers update azure --credential-field none --query none"))
            shows(
                [
                    "quirks output_bound=max_tokens developer_role=no cache_control=no stream_options=yes short_tool_call_ids=yes responses=yes"
                ],
                try weir(
                    "providers update azure --quirks output_bound=max_tokens,developer_role=false,short_tool_call_ids=true,responses=true"
                ))
            shows(["quirks -"], try weir("providers update azure --quirks none"))
            XCTAssertTrue(try weir("providers list").contains("claude  anthropic  https://api.anthropic.com"))
            shows(
                ["unsupported_features tools, json_schema"],
                try weir(
                    "models create --name m1 --input-price 1 --output-price 2 --unsupported-features tools,json_schema")
            )
            shows(["unsupported_features -"], try weir("models update m1 --unsupported-features none"))
            shows(
                ["unsupported_parameters drop"],
                try weir("routes create --name chat --unsupported-parameters drop --target provider=claude,model=m1"))
            shows(["unsupported_parameters -"], try weir("routes update chat --unsupported-parameters none"))

            for (line, text, code) in [
                (
                    "providers create --name p --dialect anthropic --base-url https://api.anthropic.com/v1",
                    "base_url: got \"https://api.anthropic.com/v1\", want it without /v1", 1
                ),
                ("providers update azure --quirks developer_role=1", "quirks.developer_role: got 1", 1),
                ("providers update azure --quirks developer_role", "want name=value", 2),
                ("providers update azure --region us-east-1", "region: is for the dialect bedrock", 1),
                ("models update m1 --unsupported-features smell", "unsupported_features[0]: got \"smell\"", 1),
                ("routes update chat --unsupported-parameters ignore", "unsupported_parameters: got \"ignore\"", 1),
                ("providers create --help", "AWS Signature Version 4", 0),
            ] as [(String, String, Int32)] {
                let output = try weir(line, code: code)
                XCTAssertTrue(output.contains(text), output)
            }
        }
    }

    func testABudgetIsMadeWatchedAndChangedFromTheCommandLine() throws {
        try withControlPlane { run in
            func weir(_ line: String, code: Int32 = 0, at number: UInt = #line) throws -> String {
                let outcome = try run(line.split(separator: " ").map(String.init))
                XCTAssertEqual(outcome.code, code, "weir \(line): \(outcome.output)", line: number)
                return outcome.output
            }
            _ = try weir("organizations create --name acme")
            _ = try weir("teams create --name search --organization acme")
            _ = try weir(
                "allowances create --name budget --team search --kind money --period month --limit-usd 25 --alert-at 50,90"
            )
            _ = try weir("allowances create --name tpm --organization acme --kind tokens --limit 5000 --end-user *")
            let list = try weir("allowances list --organization acme")
            XCTAssertTrue(list.contains("team search"), list)
            XCTAssertTrue(list.contains("money a month"), list)
            XCTAssertTrue(list.contains("$25.00  $0.00  .......... 0%"), list)
            XCTAssertTrue(list.contains("tokens a minute"), list)
            XCTAssertTrue(try weir("allowances update budget --limit-usd 12.5 --mode strict").contains("12.50"))
            let report = try weir("allowances report budget")
            XCTAssertTrue(report.hasPrefix("budget, of team search: $12.50 money a month\n"), report)
            XCTAssertTrue(report.contains("remaining"), report)
            XCTAssertTrue(try weir("allowances report tpm").contains("none"))
            XCTAssertTrue(try weir("allowances report tpm --end-user ada").contains("ada"))
            XCTAssertTrue(try weir("allowances write-off budget").contains("amount_usd"))
            XCTAssertTrue(try weir("alerts").contains("none"))
            let refused = try weir("allowances update budget --data {\"kind\":\"slots\"}", code: 1)
            XCTAssertTrue(refused.contains("create another allowance"), refused)
            _ = try weir("allowances delete budget")
            XCTAssertFalse(try weir("allowances list").contains("budget"))
        }
    }

    func testPricesAreImportedOnceExactlyAndWhatIsLeftOutIsNamed() throws {
        try withControlPlane { run in
            let file = FileManager.default.temporaryDirectory.appendingPathComponent(
                "prices-\(UUID().uuidString.prefix(8)).json"
            ).path
            defer { try? FileManager.default.removeItem(atPath: file) }
            func weir(_ line: String, code: Int32 = 0, at number: UInt = #line) throws -> String {
                let outcome = try run(line.split(separator: " ").map(String.init))
                XCTAssertEqual(outcome.code, code, "weir \(line): \(outcome.output)", line: number)
                return outcome.output
            }
            func book(_ price: String) throws {
                try Data(
                    """
                    {"sample_spec": {"litellm_provider": "one of"}, "broken": 3,
                     "seller/alpha": {"litellm_provider": "seller", "mode": "chat", "input_cost_per_token": \(price),
                      "output_cost_per_token": 6e-07, "input_cost_per_token_batches": null, "source": "https://seller/\(price)",
                      "input_cost_per_token_above_200k_tokens": 3e-07, "mystery_cost": 1},
                     "two words": {"litellm_provider": "seller", "mode": "chat", "input_cost_per_token": 0, "output_cost_per_token": 1},
                     "picture": {"litellm_provider": "other", "mode": "image_generation", "output_cost_per_image": 0.04}}
                    """.utf8
                ).write(to: URL(fileURLWithPath: file))
            }
            try book("1.5e-07")
            let plan = try weir("models import \(file) --all --dry-run")
            XCTAssertTrue(plan.contains("create  alpha: $0.15 in, $0.60 out per million, 1 tier\n"), plan)
            XCTAssertTrue(plan.contains("skip  broken: it is no object\n"), plan)
            XCTAssertTrue(plan.contains("skip  two words: a model's name has"), plan)
            XCTAssertTrue(plan.contains("mystery_cost (1)"), plan)
            XCTAssertTrue(plan.hasSuffix("would be: 1 created, 0 changed, 0 as they were, 3 skipped\n"), plan)
            XCTAssertFalse(try weir("models list").contains("alpha"))
            XCTAssertTrue(try weir("models import \(file) --provider seller --apply").contains("1 created"))
            XCTAssertTrue(try weir("models import \(file) --name seller/alpha").contains("1 as they were"))

            _ = try weir("models update alpha --metadata owner=ada")
            // A price to come stays, and importing the price of today again adds nothing.
            try book("1.6e-07")
            let later = "models import \(file) --name alpha --effective-from 2100-01-01"
            XCTAssertTrue(try weir(later).contains("1 changed"))
            XCTAssertTrue(try weir(later).contains("1 as they were"))
            XCTAssertTrue(try weir("models import \(file) --name alpha").contains("1 as they were"))
            try book("1.7e-07")
            let now = try weir("models import \(file) --name alpha")
            XCTAssertTrue(now.contains("$0.15 in, $0.60 out per million, 1 tier -> $0.17 in"), now)
            XCTAssertTrue(now.contains("the price that begins on 2100-01-01T00:00:00.000Z stays"), now)
            XCTAssertTrue(try weir("models import \(file) --name alpha").contains("1 as they were"))
            let model = try weir("models get alpha --json")
            XCTAssertTrue(model.contains("\"price_source\": \"https://seller/1.7e-07\""), model)
            XCTAssertTrue(model.contains("\"owner\": \"ada\""), model)

            try book("1.8e-07")
            let refused = try weir("models import \(file) --name alpha --effective-from 2001-01-01", code: 1)
            XCTAssertTrue(refused.contains("refused  alpha: "), refused)
            XCTAssertTrue(refused.contains("lies in the past"), refused)
            XCTAssertTrue(
                try weir("models import \(file) --all --effective-from soon", code: 2).contains("--effective-from"))
            XCTAssertTrue(try weir("models import \(file) --provider sell", code: 2).contains("other, seller"))
            XCTAssertTrue(try weir("models import --book starter --all").contains(" 0 skipped\n"))
            XCTAssertTrue(try weir("models import --book starter --all").contains("0 created, 0 changed"))
        }
    }

    func testWhatIsWrongIsSaidAndTellsByTheExitStatus() throws {
        try withControlPlane { run in
            func expect(_ code: Int32, _ text: String, _ arguments: [String], at number: UInt = #line) throws {
                let outcome = try run(arguments)
                XCTAssertEqual(outcome.code, code, outcome.output, line: number)
                XCTAssertTrue(outcome.output.contains(text), outcome.output, line: number)
            }
            try expect(0, "usage: weir COMMAND", [])
            try expect(0, "--overlap-seconds SECONDS", ["keys", "rotate", "--help"])
            try expect(2, "unknown command kings", ["kings"])
            try expect(2, "needs a verb", ["keys"])
            try expect(2, "has no verb fly", ["keys", "fly"])
            try expect(2, "unknown flag --colour", ["keys", "list", "--colour", "red"])
            try expect(2, "unknown flag --colour", ["keys", "list", "--colour"])
            try expect(2, "not both", ["models", "import", "--book", "starter", "--all", "--dry-run", "--apply"])
            try expect(2, "--name needs a value", ["keys", "create", "--name"])
            try expect(2, "--name is given twice", ["teams", "create", "--name=a", "--name=b"])
            try expect(2, "rotate needs the name or ID", ["keys", "rotate"])
            try expect(2, "unexpected \"b\"", ["keys", "get", "a", "b"])
            try expect(2, "at most six decimals", ["models", "create", "--name", "m", "--input-price", "0.0000001"])
            try expect(2, "does not begin with http://", ["status", "--url", "localhost:7070"])
            try expect(2, "cannot read /nonexistent", ["status", "--token-file", "/nonexistent"])
            try expect(1, "there is no team \"x\"", ["teams", "get", "x"])
            try expect(1, "organization: is missing; want the ID or the name", ["teams", "create", "--name", "a"])
            try expect(1, "(401)", ["status", "--token", "weiradm_x"])
            try expect(
                1, "cannot reach the control plane at http://127.0.0.1:1 (--url)",
                ["status", "--url", "http://127.0.0.1:1"])
        }
    }
}

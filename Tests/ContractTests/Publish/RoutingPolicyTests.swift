import Shared
import TestSupport
import XCTest

@testable import ControlPlane

/// What the policy says of how targets are chosen, retried and set aside, byte for byte.
final class RoutingPolicyTests: XCTestCase {
    /// Two providers, each with a target of one route: rows with the columns that they had before there were such rules.
    private static let rows = """
        INSERT INTO providers (id, name, dialect, base_url) VALUES
            ('00000000-0000-0001-0000-000000000001', 'one', 'openai', 'http://127.0.0.1:9/v1'),
            ('00000000-0000-0001-0000-000000000002', 'two', 'openai', 'http://127.0.0.2:9/v1');
        INSERT INTO models (id, name, kind, max_output_tokens) VALUES
            ('00000000-0000-0002-0000-000000000001', 'm1', 'chat', 4096);
        INSERT INTO routes (id, name, strategy, created_at) VALUES
            ('00000000-0000-0003-0000-000000000001', 'chat', 'weighted', '2026-01-31T12:00:00Z');
        INSERT INTO route_targets (route_id, position, provider_id, model_id, upstream_model_name, weight) VALUES
            ('00000000-0000-0003-0000-000000000001', 0, '00000000-0000-0001-0000-000000000001',
             '00000000-0000-0002-0000-000000000001', NULL, 3),
            ('00000000-0000-0003-0000-000000000001', 1, '00000000-0000-0001-0000-000000000002',
             '00000000-0000-0002-0000-000000000001', 'm1-v2', 1);
        """

    /// The blob `policy` that is published of `rows` and of what `changes` make of them.
    private static func published(_ changes: [String] = []) throws -> [UInt8] {
        let database = try ControlPlaneDatabase.make("routing")
        return try onLoop { actor in
            let services = database.services(on: actor.loop)
            defer {
                services.publisher.stop()
                services.pool.close()
            }
            try await services.pool.transaction { transaction in
                try await transaction.script(rows)
                for change in changes { try await transaction.execute(change) }
                try await ConfigurationChange.record(in: transaction)
            }
            try await services.publisher.publishIfNeeded()
            let blob = try XCTUnwrap(services.snapshots.manifest?.blobs.first)
            XCTAssertEqual(blob.name, PolicyDocument.blobName)
            return try XCTUnwrap(services.snapshots.blob(SHA256Digest(hex: blob.sha256)!))
        }
    }

    func testAPolicyWithoutSuchRulesIsWhatItWasBeforeThereWereAny() throws {
        let bytes = try Self.published()
        try Golden.check(bytes + Array("\n".utf8), against: "wire/policy-routes.json")
    }

    func testADefaultThatIsSpeltOutIsNotPublished() throws {
        let bytes = try Self.published([
            """
            UPDATE providers SET when_caller_leaves = 'cancel', retry_budget_percent = 10, breaker_consecutive_failures = 5, breaker_failure_percent = 50,
                breaker_samples_min = 20, breaker_window_seconds = 10, breaker_open_seconds = 1, breaker_open_seconds_max = 10
            """,
            """
            UPDATE providers SET quirk_output_bound = 'max_completion_tokens', quirk_developer_role = true,
                quirk_cache_control = false, quirk_stream_options = true, quirk_short_tool_call_ids = false,
                quirk_responses = false
            """,
            "UPDATE models SET unsupported_features = '{}'",
            """
            UPDATE routes SET retries_max = 2, retries_first = false, refuses_when_all_are_out = false, resumes_max = 0,
                unsupported_parameters = 'refuse'
            """,
        ])
        try Golden.check(bytes + Array("\n".utf8), against: "wire/policy-routes.json")
    }

    func testSeveralCredentialsAndDrainsAreTheGoldenText() throws {
        let bytes = try Self.published([
            """
            INSERT INTO credentials (id, name, reference) VALUES
                ('00000000-0000-0004-0000-000000000001', 'a', 'env:A'), ('00000000-0000-0004-0000-000000000002', 'b', 'env:B')
            """,
            // In the order of their turns; a pool of one is that one.
            """
            INSERT INTO provider_credentials (provider_id, position, credential_id) VALUES
                ('00000000-0000-0001-0000-000000000001', 0, '00000000-0000-0004-0000-000000000002'),
                ('00000000-0000-0001-0000-000000000001', 1, '00000000-0000-0004-0000-000000000001'),
                ('00000000-0000-0001-0000-000000000002', 0, '00000000-0000-0004-0000-000000000001')
            """,
            "UPDATE providers SET when_caller_leaves = 'drain', prefix_continuation = 'prefix_echoed' WHERE name = 'two'",
        ])
        try Golden.check(bytes + Array("\n".utf8), against: "wire/policy-provider-rules.json")
        let policy = try StrictJSONDecoder.decode(PolicyDocument.self, from: bytes)
        let (a, b) = (ObjectID(high: 4, low: 1), ObjectID(high: 4, low: 2))
        XCTAssertEqual(policy.providers.map(\.credentialIDs), [[b, a], nil])
        XCTAssertEqual(policy.providers.map(\.credentialID), [nil, a])
        XCTAssertEqual(policy.providers.map(\.whenCallerLeaves), [nil, .drain])
        XCTAssertEqual(policy.providers.map(\.prefixContinuation), [nil, .prefixEchoed])
    }

    func testAProviderThatIsAskedWithTokensIsTheGoldenText() throws {
        let bytes = try Self.published([
            """
            UPDATE providers SET dialect = 'gemini', credential_kind = 'service_account', path_version = 'in_base_url',
                base_url = 'https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4/publishers/google'
            WHERE name = 'two'
            """
        ])
        try Golden.check(bytes + Array("\n".utf8), against: "wire/policy-vertex.json")
        let policy = try StrictJSONDecoder.decode(PolicyDocument.self, from: bytes)
        XCTAssertEqual(policy.providers.map(\.credentialKind), [nil, .serviceAccount])
        XCTAssertEqual(policy.providers.map(\.pathVersion), [nil, .inBaseURL])
    }

    func testDialectsAndWhatGoesWithThemAreTheGoldenText() throws {
        let bytes = try Self.published([
            """
            UPDATE providers SET quirk_output_bound = 'max_tokens', quirk_developer_role = false, quirk_cache_control = true,
                quirk_stream_options = false, quirk_short_tool_call_ids = true, quirk_responses = true,
                credential_field = 'api-key', query = 'api-version=2024-10-21'
            WHERE name = 'one'
            """,
            """
            UPDATE providers SET dialect = 'bedrock', region = 'us-east-1',
                base_url = 'https://bedrock-runtime.us-east-1.amazonaws.com'
            WHERE name = 'two'
            """,
            "UPDATE models SET unsupported_features = '{tools,json_schema,system_messages}'",
            "UPDATE routes SET unsupported_parameters = 'drop'",
        ])
        try Golden.check(bytes + Array("\n".utf8), against: "wire/policy-dialects.json")
        let policy = try StrictJSONDecoder.decode(PolicyDocument.self, from: bytes)
        XCTAssertEqual(policy.providers.map(\.dialect), [.openai, .bedrock])
        XCTAssertEqual(
            policy.providers.map(\.quirks),
            [
                .init(
                    outputBound: .maxTokens, developerRole: false, cacheControl: true, streamOptions: false,
                    shortToolCallIDs: true, responses: true), nil,
            ])
        XCTAssertEqual(policy.providers.map(\.credentialField), ["api-key", nil])
        XCTAssertEqual(policy.providers.map(\.query), ["api-version=2024-10-21", nil])
        XCTAssertEqual(policy.providers.map(\.region), [nil, "us-east-1"])
        XCTAssertEqual(policy.models.map(\.unsupportedFeatures), [[.tools, .jsonSchema, .systemMessages]])
        XCTAssertEqual(policy.routes.map(\.unsupportedParameters), [.drop])
    }

    func testEveryRuleIsTheGoldenText() throws {
        let bytes = try Self.published([
            """
            UPDATE providers SET retry_budget_percent = 0, breaker_consecutive_failures = 3, breaker_failure_percent = 20,
                breaker_samples_min = 50, breaker_window_seconds = 30, breaker_open_seconds = 2, breaker_open_seconds_max = 60
            WHERE name = 'one'
            """,
            """
            UPDATE routes SET strategy = 'sticky', sticky_by = 'header', sticky_header = 'x-session', retries_max = 0,
                retries_first = true, total_timeout_milliseconds = 90000, refuses_when_all_are_out = true,
                hedge_percent_max = 10, hedge_after_milliseconds = 800, hedge_plain_answers = true, resumes_max = 3,
                keep_alive_milliseconds = 15000
            """,
            "UPDATE route_targets SET fallback_on = '{context_length,timeout}' WHERE position = 1",
        ])
        try Golden.check(bytes + Array("\n".utf8), against: "wire/policy-routing-rules.json")
        let policy = try StrictJSONDecoder.decode(PolicyDocument.self, from: bytes)
        XCTAssertEqual(policy.routes[0].sticky, .init(by: .header, header: "x-session"))
        XCTAssertEqual(policy.routes[0].targets[1].on, [.contextLength, .timeout])
        XCTAssertEqual(policy.routes[0].keepAliveMilliseconds, 15_000)
        XCTAssertNil(policy.providers[1].breaker)
    }
}

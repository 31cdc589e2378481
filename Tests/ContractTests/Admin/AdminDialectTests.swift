import Shared
import TestSupport
import XCTest

@testable import ControlPlane

/// Dialects of providers, and what goes with them, from the REST interface to what is published.
final class AdminDialectTests: XCTestCase {
    private static let path = "/api/v1/providers"

    /// The only provider, as data planes get it.
    private static func published(_ harness: AdminHarness) async throws -> PolicyDocument.Provider {
        let policy = try await PolicyStore.policy(harness.pool)
        return try XCTUnwrap(policy.providers.first)
    }

    // MARK: Addresses

    func testAProviderWithoutABaseURLGetsTheUsualOneOfItsDialect() throws {
        try AdminHarness.run { harness in
            for (fields, url) in [
                ("", "https://api.openai.com/v1"), (#", "dialect": "openai""#, "https://api.openai.com/v1"),
                (#", "dialect": "anthropic""#, "https://api.anthropic.com"),
                (#", "dialect": "gemini""#, "https://generativelanguage.googleapis.com"),
                (
                    #", "dialect": "bedrock", "region": "eu-central-1""#,
                    "https://bedrock-runtime.eu-central-1.amazonaws.com"
                ),
            ] {
                let provider = await harness.create("providers", #"{"name": "p"\#(fields)}"#)
                XCTAssertEqual(provider["base_url"]?.string, url)
                let published = try await Self.published(harness)
                XCTAssertEqual(published.baseURL, url)
                XCTAssertEqual(published.dialect.rawValue, provider["dialect"]?.string)
                // It is filled in once: what stands there stays, whatever else changes.
                let renamed = await harness.call(
                    "PATCH", "\(Self.path)/\(provider.id)", #"{"name": "q"}"#, ifMatch: "*")
                XCTAssertEqual(renamed["base_url"]?.string, url)
                await harness.call("DELETE", "\(Self.path)/\(provider.id)", ifMatch: "*")
            }
            let nowhere = await harness.call("POST", Self.path, #"{"name": "p", "dialect": "bedrock"}"#)
            XCTAssertEqual(
                nowhere.errors,
                [
                    "base_url":
                        "is missing; give region, from which it follows, or http:// or https://, a host, and an optional port and path, such as https://api.openai.com/v1"
                ])
        }
    }

    func testABaseURLThatEndsInWhatPathsBeginWithIsRefused() throws {
        try AdminHarness.run { harness in
            let claude = "/v1/messages; its usual one is https://api.anthropic.com"
            let google = "/v1beta/models; its usual one is https://generativelanguage.googleapis.com"
            for (dialect, url, end, beginning) in [
                ("anthropic", "https://api.anthropic.com/v1", "/v1", claude),
                ("anthropic", "https://api.anthropic.com/v1/messages", "/v1/messages", claude),
                ("gemini", "https://generativelanguage.googleapis.com/v1beta", "/v1beta", google),
                ("gemini", "https://a/v1beta/models", "/v1beta/models", google),
                ("gemini", "https://a/v1", "/v1", google),
                ("bedrock", "https://bedrock-runtime.us-east-1.amazonaws.com/model", "/model", "/model"),
            ] {
                // A slash at the end is not an end.
                for text in [url, url + "/"] {
                    let refused = await harness.call(
                        "POST", Self.path, #"{"name": "p", "dialect": "\#(dialect)", "base_url": "\#(text)"}"#)
                    XCTAssertEqual(
                        refused.errors,
                        [
                            "base_url":
                                #"got "\#(url)", want it without \#(end), as paths of the dialect \#(dialect) begin with \#(beginning)"#
                        ])
                }
            }
            for (dialect, url) in [
                ("openai", "http://127.0.0.1:9/v1"), ("openai", "http://127.0.0.1:9"),
                ("anthropic", "https://gateway/v1/team/anthropic"), ("gemini", "https://a/v10"),
            ] {
                let taken = await harness.create(
                    "providers", #"{"name": "\#(dialect) \#(url)", "dialect": "\#(dialect)", "base_url": "\#(url)"}"#)
                XCTAssertEqual(taken["base_url"]?.string, url)
            }
            // A change of the dialect alone is held to it as well.
            let provider = await harness.create("providers", #"{"name": "p"}"#)
            let path = "\(Self.path)/\(provider.id)"
            let refused = await harness.call("PATCH", path, #"{"dialect": "anthropic"}"#, ifMatch: "*")
            XCTAssertEqual(Array(refused.errors.keys), ["base_url"], refused.text)
            let moved = await harness.call(
                "PATCH", path, #"{"dialect": "anthropic", "base_url": "https://api.anthropic.com"}"#, ifMatch: "*")
            XCTAssertEqual(moved["dialect"]?.string, "anthropic", moved.text)
        }
    }

    func testTheUsualAddressOfBedrockIsInTheRegionThatRequestsAreSignedFor() throws {
        try AdminHarness.run { harness in
            let provider = await harness.create(
                "providers", #"{"name": "p", "dialect": "bedrock", "region": "us-east-1"}"#)
            let path = "\(Self.path)/\(provider.id)"
            let refused = await harness.call("PATCH", path, #"{"region": "eu-west-1"}"#, ifMatch: "*")
            XCTAssertEqual(
                refused.errors,
                [
                    "base_url":
                        #"got "https://bedrock-runtime.us-east-1.amazonaws.com", which is not in the region eu-west-1 that requests are signed for; want https://bedrock-runtime.eu-west-1.amazonaws.com"#
                ])
            // What is wrong with the region alone is said of the region alone.
            let back = await harness.call("PATCH", path, #"{"dialect": "openai"}"#, ifMatch: "*")
            XCTAssertEqual(Array(back.errors.keys), ["region"], back.text)
            for url in [
                "https://bedrock-runtime.eu-west-1.amazonaws.com",
                "https://vpce-1-bedrock-runtime.us-east-1.vpce.amazonaws.com",
                "http://127.0.0.1:9",
            ] {
                let moved = await harness.call(
                    "PATCH", path, #"{"region": "eu-west-1", "base_url": "\#(url)"}"#, ifMatch: "*")
                XCTAssertEqual(moved["base_url"]?.string, url, moved.text)
            }
            let unsigned = await harness.call("PATCH", path, #"{"region": null}"#, ifMatch: "*")
            XCTAssertEqual(unsigned["region"], .null, unsigned.text)
            let published = try await Self.published(harness)
            XCTAssertNil(published.region)
        }
    }

    // MARK: What goes with a dialect

    func testQuirksAreSetAsAWholeAndClearedAndOnlyDifferencesArePublished() throws {
        try AdminHarness.run { harness in
            let checks = await ProviderGroupChecks("quirks", \.quirks, harness)
            try await checks.areTaken([
                (#"{"output_bound": "max_tokens"}"#, .init(outputBound: .maxTokens)),
                (#"{"developer_role": false, "cache_control": false}"#, .init(developerRole: false)),
                (#"{"cache_control": true, "stream_options": true}"#, .init(cacheControl: true)),
                (
                    #"{"stream_options": false, "short_tool_call_ids": true}"#,
                    .init(streamOptions: false, shortToolCallIDs: true)
                ),
                (
                    #"{"output_bound": "max_tokens", "developer_role": false, "cache_control": true, "stream_options": false, "short_tool_call_ids": true}"#,
                    .init(
                        outputBound: .maxTokens, developerRole: false, cacheControl: true, streamOptions: false,
                        shortToolCallIDs: true)
                ),
                (#"{"responses": true}"#, .init(responses: true)),
            ])
            for (text, member, message) in [
                (
                    #"{"output_bound": "n"}"#, "output_bound",
                    #"got "n", want one of max_completion_tokens, max_tokens"#
                ),
                (#"{"developer_role": 1}"#, "developer_role", "got 1, want true or false"),
                (#"{"cache_control": null}"#, "cache_control", "must not be null; leave the field out"),
                (#"{"seed": false}"#, "seed", "is not a known field"),
            ] { await checks.isRefused(text, member, message) }
        }
    }

    func testQuirksThatSayNothingAreShownAndNotPublished() throws {
        try AdminHarness.run { harness in
            let provider = await harness.create("providers", #"{"name": "p", "quirks": {}}"#)
            let all =
                #"{"output_bound": "max_completion_tokens", "developer_role": true, "cache_control": false, "stream_options": true, "short_tool_call_ids": false, "responses": false}"#
            XCTAssertEqual(provider["quirks"], try JSONValue(parsing: Array(all.utf8)))
            let same = await harness.call(
                "PATCH", "\(Self.path)/\(provider.id)", #"{"quirks": \#(all)}"#, ifMatch: provider.etag)
            XCTAssertEqual(same.json, provider.json)
            let published = try await Self.published(harness)
            XCTAssertNil(published.quirks)
        }
    }

    func testHowCredentialsAreSentIsKeptPublishedAndCleared() throws {
        try AdminHarness.run { harness in
            let provider = await harness.create(
                "providers",
                #"{"name": "azure", "base_url": "https://a.openai.azure.com/openai/deployments/d", "credential_field": "API-Key", "query": "api-version=2024-10-21&x="}"#
            )
            XCTAssertEqual(provider["credential_field"]?.string, "api-key")
            XCTAssertEqual(provider["query"]?.string, "api-version=2024-10-21&x=")
            XCTAssertEqual(provider["region"], .null)
            let path = "\(Self.path)/\(provider.id)"
            let read = await harness.call("GET", path)
            XCTAssertEqual(read.json, provider.json)
            let published = try await Self.published(harness)
            XCTAssertEqual(published.credentialField, "api-key")
            XCTAssertEqual(published.query, "api-version=2024-10-21&x=")

            for (field, value, message) in [
                ("credential_field", "Host", #"got "Host", want the name of an HTTP field of 1...64 characters"#),
                ("query", "?a=b", #"got "?a=b", want pairs name=value with & between them"#),
                ("region", "US-east", #"got "US-east", want 1...32 lower-case letters, digits and hyphens"#),
            ] {
                let refused = await harness.call("PATCH", path, #"{"\#(field)": "\#(value)"}"#, ifMatch: "*")
                XCTAssertEqual(Array(refused.errors.keys), [field])
                XCTAssertEqual(refused.errors[field]?.hasPrefix(message), true, refused.text)
            }
            let cleared = await harness.call("PATCH", path, #"{"credential_field": null, "query": null}"#, ifMatch: "*")
            XCTAssertEqual(cleared["credential_field"], .null, cleared.text)
            XCTAssertEqual(cleared["query"], .null)
            let after = try await Self.published(harness)
            XCTAssertNil(after.credentialField)
            XCTAssertNil(after.query)
        }
    }

    func testVertexIsKeptPublishedAndCleared() throws {
        try AdminHarness.run { harness in
            let base =
                "https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4/publishers/google"
            let provider = await harness.create(
                "providers",
                #"{"name": "vertex", "dialect": "gemini", "base_url": "\#(base)", "credential_kind": "service_account", "path_version": "in_base_url", "probe": {}}"#
            )
            XCTAssertEqual(provider["credential_kind"]?.string, "service_account")
            XCTAssertEqual(provider["path_version"]?.string, "in_base_url")
            XCTAssertEqual(provider["probe"]?["path"]?.string, "/models")
            let path = "\(Self.path)/\(provider.id)"
            let read = await harness.call("GET", path)
            XCTAssertEqual(read.json, provider.json)
            let published = try await Self.published(harness)
            XCTAssertEqual(published.credentialKind, .serviceAccount)
            XCTAssertEqual(published.pathVersion, .inBaseURL)
            for (change, fields) in [
                (#"{"credential_kind": "password"}"#, ["credential_kind"]),
                (#"{"path_version": "v2"}"#, ["path_version"]),
                (#"{"credential_field": "api-key"}"#, ["credential_field"]),
                (#"{"base_url": "\#(base)/models"}"#, ["base_url"]),
                (#"{"dialect": "openai"}"#, ["credential_kind", "path_version"]),
            ] {
                let refused = await harness.call("PATCH", path, change, ifMatch: "*")
                XCTAssertEqual(refused.errors.keys.sorted(), fields, refused.text)
            }
            let cleared = await harness.call(
                "PATCH", path,
                #"{"credential_kind": null, "path_version": null, "base_url": "https://generativelanguage.googleapis.com"}"#,
                ifMatch: "*")
            XCTAssertEqual(cleared["credential_kind"], .null, cleared.text)
            XCTAssertEqual(cleared["probe"]?["path"]?.string, "/v1beta/models", "the usual path moves along")
            let after = try await Self.published(harness)
            XCTAssertNil(after.credentialKind)
            XCTAssertNil(after.pathVersion)
            let addressless = await harness.call(
                "POST", Self.path, #"{"name": "q", "dialect": "gemini", "path_version": "in_base_url"}"#)
            XCTAssertEqual(addressless.errors["base_url"]?.hasPrefix("is missing; give http"), true, addressless.text)
        }
    }

    func testWhatDoesNotGoTogetherIsSaidAtOnceAndWhicheverFieldChanges() throws {
        try AdminHarness.run { harness in
            func isOnlyFor(_ dialect: String, _ own: String) -> String {
                "is for the dialect \(dialect), and this one is \(own); leave it out or send null"
            }
            let refused = await harness.call(
                "POST", Self.path,
                #"{"name": "p", "dialect": "anthropic", "base_url": "https://a/v1", "quirks": {}, "prefix_continuation": "prefix", "region": "us-east-1", "credential_field": "api-key", "connect_timeout_ms": 700000}"#
            )
            XCTAssertEqual(
                refused.errors,
                [
                    "quirks": isOnlyFor("openai", "anthropic"),
                    "prefix_continuation": isOnlyFor("openai", "anthropic"),
                    "region": isOnlyFor("bedrock", "anthropic"),
                    "credential_field":
                        "does not go with region, where requests are signed; leave one of them out or send null",
                    "base_url":
                        #"got "https://a/v1", want it without /v1, as paths of the dialect anthropic begin with /v1/messages; its usual one is https://api.anthropic.com"#,
                    "connect_timeout_ms": "got 700000, want at most total_timeout_ms (600000)",
                ])
            let unknown = await harness.call("POST", Self.path, #"{"name": "p", "dialect": "cohere"}"#)
            XCTAssertEqual(
                unknown.errors, ["dialect": #"got "cohere", want one of openai, anthropic, gemini, bedrock, responses"#]
            )

            let provider = await harness.create(
                "providers",
                #"{"name": "p", "base_url": "http://127.0.0.1:9", "quirks": {"cache_control": true}, "prefix_continuation": "prefix"}"#
            )
            let path = "\(Self.path)/\(provider.id)"
            let change = await harness.call("PATCH", path, #"{"dialect": "gemini"}"#, ifMatch: "*")
            XCTAssertEqual(
                change.errors,
                ["quirks": isOnlyFor("openai", "gemini"), "prefix_continuation": isOnlyFor("openai", "gemini")])
            let moved = await harness.call(
                "PATCH", path,
                #"{"dialect": "bedrock", "quirks": null, "prefix_continuation": null, "region": "us-east-1"}"#,
                ifMatch: "*")
            XCTAssertEqual(moved["region"]?.string, "us-east-1", moved.text)
            let signed = await harness.call("PATCH", path, #"{"credential_field": "authorization"}"#, ifMatch: "*")
            XCTAssertEqual(Array(signed.errors.keys), ["credential_field"])
            let back = await harness.call("PATCH", path, #"{"dialect": "openai"}"#, ifMatch: "*")
            XCTAssertEqual(back.errors, ["region": isOnlyFor("bedrock", "openai")])
        }
    }

    func testTheDatabaseKeepsTheBoundsItself() throws {
        try ProviderGroupChecks<PolicyDocument.Quirks>.databaseRefuses(
            [
                "dialect = 'cohere'", "quirk_developer_role = true", "quirk_output_bound = 'n'",
                """
                dialect = 'gemini', quirk_output_bound = 'max_tokens', quirk_developer_role = true, quirk_cache_control = true,
                    quirk_stream_options = true, quirk_short_tool_call_ids = true, quirk_responses = true
                """,
                "dialect = 'gemini', prefix_continuation = 'prefix'", "credential_field = ''",
                "credential_field = 'Api-Key'", "credential_field = repeat('a', 65)", "query = ''", "query = '?a=b'",
                "query = repeat('a', 257)", "region = 'us-east-1'", "dialect = 'bedrock', region = 'US'",
                "dialect = 'bedrock', region = 'us-east-1', credential_field = 'a'",
                "credential_kind = 'service_account'", "dialect = 'gemini', credential_kind = 'password'",
                "dialect = 'gemini', credential_kind = 'service_account', credential_field = 'a'",
                "path_version = 'v1'", "dialect = 'gemini', path_version = 'v2'",
            ], name: "dialects")
    }

    // MARK: Models and routes

    func testWhatAModelCannotDoIsKeptPublishedAndCleared() throws {
        try AdminHarness.run { harness in
            await harness.upstream()
            _ = await harness.create(
                "routes", #"{"name": "chat", "targets": [{"provider": "stub", "model": "m1"}]}"#)
            func published() async throws -> [PolicyDocument.ModelFeature]? {
                let policy = try await PolicyStore.policy(harness.pool)
                return try XCTUnwrap(policy.models.first).unsupportedFeatures
            }
            let list = await harness.call("GET", "/api/v1/models?name=m1")
            let model = try XCTUnwrap(list["items"]?.array?.first)
            XCTAssertEqual(model["unsupported_features"], .array([]))
            let nothing = try await published()
            XCTAssertNil(nothing)

            let path = "/api/v1/models/\(model["id"]?.string ?? "")"
            let all = PolicyDocument.ModelFeature.allCases
            for features in [[.tools], [.systemMessages, .audio], all] as [[PolicyDocument.ModelFeature]] {
                let names = JSONValue.strings(features.map(\.rawValue))
                let text = String(decoding: names.bytes, as: UTF8.self)
                let changed = await harness.call("PATCH", path, #"{"unsupported_features": \#(text)}"#, ifMatch: "*")
                XCTAssertEqual(changed["unsupported_features"], names, changed.text)
                XCTAssertEqual(changed["prices"]?.array?.count, 1)
                let read = await harness.call("GET", path)
                XCTAssertEqual(read.json, changed.json)
                let told = try await published()
                XCTAssertEqual(told, features)
            }
            let known = all.map(\.rawValue).joined(separator: ", ")
            for (value, errors) in [
                (#"["smell"]"#, ["unsupported_features[0]": #"got "smell", want one of \#(known)"#]),
                (#"["tools", "tools"]"#, ["unsupported_features[1]": #"got "tools" again; name each once"#]),
                (#""tools""#, ["unsupported_features": "got a string, want an array"]),
                ("null", ["unsupported_features": "must not be null; leave the field out"]),
            ] {
                let refused = await harness.call("PATCH", path, #"{"unsupported_features": \#(value)}"#, ifMatch: "*")
                XCTAssertEqual(refused.errors, errors)
            }
            let cleared = await harness.call("PATCH", path, #"{"unsupported_features": []}"#, ifMatch: "*")
            XCTAssertEqual(cleared["unsupported_features"], .array([]), cleared.text)
            let after = try await published()
            XCTAssertNil(after)
            let made = await harness.create("models", #"{"name": "m2", "unsupported_features": ["sampling"]}"#)
            XCTAssertEqual(made["unsupported_features"], .strings(["sampling"]))
        }
    }

    func testWhatBecomesOfParametersThatATargetCannotBeToldIsTheRoutesToSay() throws {
        try AdminHarness.run { harness in
            await harness.upstream()
            let route = await harness.create(
                "routes", #"{"name": "chat", "targets": [{"provider": "stub", "model": "m1"}]}"#)
            XCTAssertEqual(route["unsupported_parameters"], .null)
            let path = "/api/v1/routes/\(route.id)"
            // To refuse is what is done anyway, so data planes are not told.
            for (value, want) in [
                (#""drop""#, PolicyDocument.UnsupportedParameters.drop), (#""refuse""#, nil), ("null", nil),
            ] as [(String, PolicyDocument.UnsupportedParameters?)] {
                let changed = await harness.call(
                    "PATCH", path, #"{"unsupported_parameters": \#(value)}"#, ifMatch: "*")
                XCTAssertEqual(
                    changed["unsupported_parameters"], try JSONValue(parsing: Array(value.utf8)), changed.text)
                let read = await harness.call("GET", path)
                XCTAssertEqual(read.json, changed.json)
                let policy = try await PolicyStore.policy(harness.pool)
                XCTAssertEqual(policy.routes[0].unsupportedParameters, want)
            }
            let refused = await harness.call("PATCH", path, #"{"unsupported_parameters": "ignore"}"#, ifMatch: "*")
            XCTAssertEqual(refused.errors, ["unsupported_parameters": #"got "ignore", want one of refuse, drop"#])
        }
    }

    func testAPlanTakesThemAsTheirOwnEndpointsDo() throws {
        try AdminHarness.run { harness in
            await harness.upstream()
            _ = await harness.create(
                "routes", #"{"name": "chat", "targets": [{"provider": "stub", "model": "m1"}]}"#)
            let plan = await harness.call(
                "POST", "/api/v1/plans",
                #"{"providers": [{"name": "claude", "dialect": "anthropic"}], "models": [{"name": "m1", "unsupported_features": ["tools"]}], "routes": [{"name": "chat", "unsupported_parameters": "drop", "targets": [{"provider": "claude", "model": "m1"}]}]}"#
            )
            XCTAssertEqual(plan.status, 200, plan.text)
            let refused = await harness.call(
                "POST", "/api/v1/plans",
                #"{"providers": [{"name": "claude", "dialect": "anthropic", "base_url": "https://api.anthropic.com/v1"}]}"#
            )
            XCTAssertEqual(Array(refused.errors.keys), ["providers[0].base_url"], refused.text)
        }
    }
}

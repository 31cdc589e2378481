import Foundation
import Shared
import TestSupport
import XCTest

@testable import ControlPlane

/// The life of each resource, against a real database.
final class AdminResourceTests: XCTestCase {
    func testOrganizationsAndTeams() throws {
        try AdminHarness.run { harness in
            let (organization, team) = await harness.tenancy()
            XCTAssertEqual(team["organization"]?.string, "acme")
            XCTAssertEqual(team["organization_id"]?.string, organization.id)
            let same = await harness.call("POST", "/api/v1/organizations", #"{"name": "acme"}"#)
            XCTAssertEqual([same.status, same.problem == "already-exists" ? 1 : 0], [409, 1])
            XCTAssertEqual(Array(same.errors.keys), ["name"])
            let unknown = await harness.call("POST", "/api/v1/teams", #"{"name": "x", "organization": "nobody"}"#)
            XCTAssertEqual(unknown.status, 400)
            XCTAssertTrue(unknown.errors["organization"]?.hasPrefix("there is no organization \"nobody\"") ?? false)

            let moved = await harness.call(
                "PATCH", "/api/v1/teams/\(team.id)", #"{"organization": "acme"}"#, ifMatch: "*")
            XCTAssertEqual(moved.errors["organization"], "cannot be changed after creation; leave the field out")
            let changed = await harness.call(
                "PATCH", "/api/v1/teams/\(team.id)", #"{"name": "find", "metadata": {"a": [1, "x"]}}"#,
                ifMatch: team.etag)
            XCTAssertEqual(changed["name"]?.string, "find")
            XCTAssertEqual(changed["metadata"], try JSONValue(parsing: Array(#"{"a": [1, "x"]}"#.utf8)))
            let read = await harness.call("GET", "/api/v1/teams/\(team.id)")
            XCTAssertEqual(read.json, changed.json)

            let used = await harness.call("DELETE", "/api/v1/organizations/\(organization.id)", ifMatch: "*")
            XCTAssertEqual([used.status, used.problem == "still-referenced" ? 1 : 0], [409, 1])
            XCTAssertTrue(used["detail"]?.string?.contains("team \"find\"") ?? false, used.text)
            for path in ["teams/\(team.id)", "organizations/\(organization.id)"] {
                let gone = await harness.call("DELETE", "/api/v1/\(path)", ifMatch: "*")
                XCTAssertEqual(gone.status, 204)
            }
            XCTAssertEqual(harness.publicationsSoFar, 0, "data planes have nothing to learn of names")
            for id in [team.id, "nonsense"] {
                let missing = await harness.call("GET", "/api/v1/teams/\(id)")
                XCTAssertEqual([missing.status, missing.problem == "not-found" ? 1 : 0], [404, 1])
            }
        }
    }

    func testProvidersAndTheirCredentials() throws {
        try AdminHarness.run { harness in
            let secret = "sk-test-0123456789-ABCD"
            let credential = await harness.create("credentials", "{\"name\": \"key\", \"value\": \"\(secret)\"}")
            XCTAssertEqual(credential["value_hint"]?.string, "…ABCD")
            XCTAssertEqual(credential["reference"], .null)
            XCTAssertEqual(credential["version"]?.integer, 1)
            let provider = await harness.create(
                "providers", #"{"name": "openai", "base_url": "https://api.openai.com/v1/", "credential": "key"}"#)
            XCTAssertEqual(provider["base_url"]?.string, "https://api.openai.com/v1")
            XCTAssertEqual(provider["credential_id"]?.string, credential.id)
            XCTAssertEqual(provider["total_timeout_ms"]?.integer, 600_000)
            XCTAssertEqual(harness.publicationsSoFar, 2)

            // A new secret is a new version, for which the old ciphertext is no good.
            let renewed = await harness.call(
                "PATCH", "/api/v1/credentials/\(credential.id)", #"{"value": "sk-other-0123456789-WXYZ"}"#, ifMatch: "*"
            )
            XCTAssertEqual(renewed["version"]?.integer, 2, renewed.text)
            XCTAssertEqual(renewed["value_hint"]?.string, "…WXYZ")
            let referred = await harness.call(
                "PATCH", "/api/v1/credentials/\(credential.id)", #"{"reference": "env:KEY"}"#, ifMatch: "*")
            XCTAssertEqual([referred["version"]?.integer, referred["reference"]?.string == "env:KEY" ? 1 : 0], [3, 1])
            XCTAssertEqual(referred["value_hint"], .null)
            for (body, field) in [
                (#"{"name": "x"}"#, "reference"), (#"{"name": "x", "reference": "env:A", "value": "b"}"#, "value"),
                (#"{"name": "x", "reference": "KEY"}"#, "reference"),
            ] {
                let refused = await harness.call("POST", "/api/v1/credentials", body)
                XCTAssertEqual(Array(refused.errors.keys), [field], refused.text)
            }

            let wrong = await harness.call(
                "POST", "/api/v1/providers",
                #"{"name": "p", "base_url": "https://x", "transport": "direct", "credential": "nope", "idle_timeout_ms": 700000}"#
            )
            XCTAssertEqual(Set(wrong.errors.keys), ["credential", "idle_timeout_ms"])
            let used = await harness.call("DELETE", "/api/v1/credentials/\(credential.id)", ifMatch: "*")
            XCTAssertTrue(used["detail"]?.string?.contains("provider \"openai\"") ?? false, used.text)
            let bare = await harness.call(
                "PATCH", "/api/v1/providers/\(provider.id)", #"{"credential": null}"#, ifMatch: provider.etag)
            XCTAssertEqual(bare["credential"], .null)
            let gone = await harness.call("DELETE", "/api/v1/credentials/\(credential.id)", ifMatch: "*")
            XCTAssertEqual(gone.status, 204, gone.text)

            let audit = try await harness.pool.query("SELECT changes::text AS text FROM audit_entries")
            let written = try audit.map { try $0.text("text") }.joined() + harness.answered
            XCTAssertFalse(written.contains(secret))
            XCTAssertFalse(written.contains("sk-other"))
            let rows = try await harness.pool.query("SELECT 1 FROM credentials WHERE ciphertext IS NOT NULL")
            XCTAssertEqual(rows.count, 0)
        }
    }

    func testAProviderHasOneCredentialOrSeveral() throws {
        try AdminHarness.run { harness in
            var ids: [String: String] = [:]
            for name in ["a", "b", "c"] {
                ids[name] = await harness.create("credentials", #"{"name": "\#(name)", "reference": "env:K"}"#).id
            }
            let provider = await harness.create(
                "providers", #"{"name": "p", "base_url": "https://x", "credentials": ["b", "\#(ids["a"]!)"]}"#)
            XCTAssertEqual(provider["credentials"]?.array?.compactMap(\.string), ["b", "a"])
            XCTAssertEqual([provider["credential"], provider["credential_id"]], [.null, .null])
            let path = "/api/v1/providers/\(provider.id)"
            let list = await harness.call("GET", "/api/v1/providers?name=p")
            XCTAssertEqual(list["items"]?.array?.first, provider.json)

            func change(_ body: String) async -> AdminHarness.Reply {
                await harness.call("PATCH", path, body, ifMatch: "*")
            }
            for (body, field, message) in [
                (#"{"credential": "a", "credentials": ["b"]}"#, "credentials", "give either credential or credentials"),
                (#"{"credentials": ["a", "\#(ids["a"]!)"]}"#, "credentials[1]", "is in the list already"),
                (#"{"credentials": ["a", "z"]}"#, "credentials[1]", "there is no credential \"z\""),
                (#"{"credentials": []}"#, "credentials", "1"),
            ] {
                let refused = await change(body)
                XCTAssertEqual(Array(refused.errors.keys), [field], refused.text)
                XCTAssertTrue(refused.errors[field]?.contains(message) ?? false, refused.text)
            }
            let used = await harness.call("DELETE", "/api/v1/credentials/\(ids["a"]!)", ifMatch: "*")
            XCTAssertTrue(used["detail"]?.string?.contains("provider \"p\"") ?? false, used.text)

            // Whoever knows only the one field gets what it always did.
            let one = await change(#"{"credential": "c"}"#)
            XCTAssertEqual([one["credential"], one["credentials"]], [.string("c"), .null])
            XCTAssertEqual(one["credential_id"]?.string, ids["c"])
            let kept = await change(#"{"name": "q", "credentials": null}"#)
            XCTAssertEqual(kept["credential"]?.string, "c")
            let none = await change(#"{"credential": null}"#)
            XCTAssertEqual([none["credential"], none["credentials"]], [.null, .null])
            let several = await change(#"{"credential": null, "credentials": ["a"]}"#)
            XCTAssertEqual(several["credentials"]?.array?.compactMap(\.string), ["a"])
            let without = await change(#"{"credentials": null}"#)
            XCTAssertEqual(without["credentials"], .null)
            let gone = await harness.call("DELETE", "/api/v1/credentials/\(ids["a"]!)", ifMatch: "*")
            XCTAssertEqual(gone.status, 204, gone.text)
        }
    }

    func testTiersOfAPriceComeBackAsTheyWent() throws {
        try AdminHarness.run { harness in
            let tier = #""input_picodollars_per_token": 5, "output_picodollars_per_token": 6"#
            let created = await harness.create(
                "models",
                """
                {"name": "tiered", "max_input_tokens": 200000, "prices": [{"input_picodollars_per_token": 1,
                "output_picodollars_per_token": 2, "image_output_picodollars_per_token": 3, "tiers": [
                {"above_input_tokens": 1000, \(tier)}, {"service_tier": "flex", "cached_input_picodollars_per_token": 0, \(tier)}]}]}
                """)
            XCTAssertEqual(created["max_input_tokens"]?.integer, 200_000)
            let tiers = try XCTUnwrap(created["prices"]?.array?[0]["tiers"]?.array)
            XCTAssertEqual(tiers.map { $0["service_tier"]?.string }, ["standard", "flex"])
            XCTAssertEqual(tiers.map { $0["above_input_tokens"]?.integer }, [1000, 0])
            XCTAssertEqual(tiers[1]["cached_input_picodollars_per_token"]?.integer, 0)
            XCTAssertEqual(tiers[0]["cached_input_picodollars_per_token"], .null)
            let read = await harness.call("GET", "/api/v1/models/\(created.id)")
            XCTAssertEqual(read.json, created.json)

            for (wrong, path) in [
                (#"{\#(tier)}"#, "prices[0].tiers[0]"),
                (#"{"above_input_tokens": 1}"#, "prices[0].tiers[0].input_picodollars_per_token"),
                (#"{"service_tier": "cheap", \#(tier)}"#, "prices[0].tiers[0].service_tier"),
                (#"{"service_tier": "flex", \#(tier)}, {"service_tier": "flex", \#(tier)}"#, "prices[0].tiers[1]"),
            ] {
                let refused = await harness.call(
                    "POST", "/api/v1/models",
                    #"{"name": "x", "prices": [{\#(tier), "tiers": [\#(wrong)]}]}"#)
                XCTAssertNotNil(refused.errors[path], refused.text)
            }
        }
    }

    func testModelsAndTheirPrices() throws {
        try AdminHarness.run { harness in
            let created = await harness.create(
                "models",
                """
                {"name": "gpt-4o", "max_output_tokens": 16384, "prices": [{"effective_from": "2025-01-01T00:00:00Z",
                "input_picodollars_per_token": 2500000, "cached_input_picodollars_per_token": 1250000,
                "output_picodollars_per_token": 10000000}]}
                """)
            let prices = try XCTUnwrap(created["prices"]?.array)
            XCTAssertEqual(prices.count, 1)
            XCTAssertEqual(prices[0]["reasoning_picodollars_per_token"], .null)
            let path = "/api/v1/models/\(created.id)"

            let past = await harness.call(
                "PATCH", path,
                #"{"prices": [{"effective_from": "2025-01-01T00:00:00Z", "input_picodollars_per_token": 1, "output_picodollars_per_token": 1}]}"#,
                ifMatch: "*")
            XCTAssertEqual(Array(past.errors.keys), ["prices[0]"])
            let dropped = await harness.call("PATCH", path, #"{"prices": []}"#, ifMatch: "*")
            XCTAssertEqual(Array(dropped.errors.keys), ["prices"])

            // What was read, sent back with one price more.
            let more = JSONValue.array(
                prices + [
                    try JSONValue(
                        parsing: Array(
                            #"{"input_picodollars_per_token": 2000000, "output_picodollars_per_token": 8000000}"#.utf8))
                ])
            let body = String(decoding: JSONValue.record([("prices", more)]).bytes, as: UTF8.self)
            let changed = await harness.call("PATCH", path, body, ifMatch: created.etag)
            XCTAssertEqual(changed.status, 200, changed.text)
            XCTAssertEqual(changed["prices"]?.array?.count, 2)
            XCTAssertEqual(changed["prices"]?.array?[0], prices[0], "the price that was charged keeps its identity")
            let read = await harness.call("GET", path)
            XCTAssertEqual(read.json, changed.json)
            let kind = await harness.call("PATCH", path, #"{"kind": "embedding"}"#, ifMatch: "*")
            XCTAssertEqual(kind.errors["kind"], "cannot be changed after creation; leave the field out")
            let unpriced = await harness.call(
                "POST", "/api/v1/models", #"{"name": "e", "kind": "embedding", "prices": [{"effective_from": "soon"}]}"#
            )
            XCTAssertEqual(
                Set(unpriced.errors.keys),
                [
                    "prices[0].effective_from", "prices[0].input_picodollars_per_token",
                    "prices[0].output_picodollars_per_token",
                ])
        }
    }

    func testRoutesAndWhatTheyReferTo() throws {
        try AdminHarness.run { harness in
            await harness.upstream()
            let route = await harness.create(
                "routes",
                #"{"name": "chat", "strategy": "weighted", "targets": [{"provider": "stub", "model": "m1", "weight": 3, "upstream_model_name": "m1-v2"}]}"#
            )
            XCTAssertEqual(route["targets"]?.array?[0]["upstream_model_name"]?.string, "m1-v2")
            XCTAssertEqual(route["default_max_output_tokens"], .null)
            XCTAssertEqual(route["admission_wait_ms"]?.integer, 10_000)
            let bounded = await harness.call(
                "PATCH", "/api/v1/routes/\(route.id)",
                #"{"default_max_output_tokens": 1024, "admission_wait_ms": 0}"#, ifMatch: "*")
            XCTAssertEqual(bounded["default_max_output_tokens"]?.integer, 1024, bounded.text)
            XCTAssertEqual(bounded["admission_wait_ms"]?.integer, 0)
            let beyond = await harness.call(
                "PATCH", "/api/v1/routes/\(route.id)",
                #"{"default_max_output_tokens": 0, "admission_wait_ms": 60001}"#, ifMatch: "*")
            XCTAssertEqual(Set(beyond.errors.keys), ["default_max_output_tokens", "admission_wait_ms"])
            let wrong = await harness.call(
                "POST", "/api/v1/routes",
                #"{"name": "r", "targets": [{"provider": "stub", "model": "m9"}, {"provider": "p", "model": "m1"}]}"#)
            XCTAssertEqual(Set(wrong.errors.keys), ["targets[0].model", "targets[1].provider"])

            _ = await harness.create("models", #"{"name": "e1", "kind": "embedding"}"#)
            let mixed = await harness.call(
                "POST", "/api/v1/routes",
                #"{"name": "r", "targets": [{"provider": "stub", "model": "m1"}, {"provider": "stub", "model": "e1"}]}"#
            )
            XCTAssertEqual(Array(mixed.errors.keys), ["targets"], mixed.text)

            // What was read can be sent back; an ID that contradicts the name cannot.
            let targets = try XCTUnwrap(route["targets"])
            let body = String(
                decoding: JSONValue.record([("targets", targets), ("strategy", .string("priority"))]).bytes,
                as: UTF8.self)
            let changed = await harness.call("PATCH", "/api/v1/routes/\(route.id)", body, ifMatch: bounded.etag)
            XCTAssertEqual(changed["strategy"]?.string, "priority", changed.text)
            XCTAssertEqual(changed["targets"], targets)
            let contradicting = body.replacingOccurrences(
                of: targets.array?[0]["model_id"]?.string ?? "?", with: ObjectID.zero.description)
            let refused = await harness.call("PATCH", "/api/v1/routes/\(route.id)", contradicting, ifMatch: "*")
            XCTAssertEqual(Array(refused.errors.keys), ["targets[0].model_id"])

            for (kind, name) in [("models", "m1"), ("providers", "stub")] {
                let list = await harness.call("GET", "/api/v1/\(kind)?name=\(name)")
                let id = list["items"]?.array?[0]["id"]?.string ?? ""
                let used = await harness.call("DELETE", "/api/v1/\(kind)/\(id)", ifMatch: "*")
                XCTAssertTrue(used["detail"]?.string?.contains("route \"chat\"") ?? false, used.text)
            }

            _ = await harness.tenancy()
            let key = await harness.create(
                "virtual-keys", #"{"name": "k", "team": "acme/search", "allowed_routes": ["chat"]}"#)
            let limited = await harness.call("DELETE", "/api/v1/routes/\(route.id)", ifMatch: "*")
            XCTAssertTrue(limited["detail"]?.string?.contains("virtual key \"k\"") ?? false, limited.text)
            _ = await harness.call("POST", "/api/v1/virtual-keys/\(key.id)/revoke")
            let gone = await harness.call("DELETE", "/api/v1/routes/\(route.id)", ifMatch: "*")
            XCTAssertEqual(gone.status, 204, gone.text)
        }
    }

    // MARK: Virtual keys

    func testTheTextOfAKeyIsShownOnceAndItsHashIsStored() throws {
        try AdminHarness.run { harness in
            _ = await harness.tenancy()
            let key = await harness.create(
                "virtual-keys",
                #"{"name": "k", "team": "search", "allowed_networks": ["10.0.0.0/8"], "tags": {"a": "b"}}"#)
            let text = try XCTUnwrap(key["key"]?.string)
            let secret = try XCTUnwrap(VirtualKeySecret(parsing: text))
            XCTAssertEqual(key["key_id"]?.string, secret.keyID.description)
            XCTAssertEqual(key["allowed_routes"], .null)
            XCTAssertEqual(harness.publicationsSoFar, 1)
            let row = try await harness.pool.first("SELECT sha256 FROM virtual_key_secrets")
            XCTAssertEqual(try row?.bytes("sha256"), secret.sha256.bytes)
            let shard = try await harness.pool.first("SELECT shard, change_sequence FROM key_shards")
            XCTAssertEqual(try shard?.int("shard"), Int(secret.sha256.firstByte))
            let policy = try await harness.pool.first("SELECT policy_sequence FROM fleet_state")
            XCTAssertEqual(try policy?.int("policy_sequence"), 0, "a key moves its shard, not the policy")

            let byID = await harness.call("GET", "/api/v1/virtual-keys/\(key.id)")
            let byKeyID = await harness.call("GET", "/api/v1/virtual-keys/\(secret.keyID)")
            XCTAssertEqual(byID.json, byKeyID.json)
            XCTAssertNil(byID["key"])
            let list = await harness.call("GET", "/api/v1/virtual-keys?team=search&status=active")
            XCTAssertEqual(list["items"]?.array?.count, 1)
            XCTAssertFalse(byID.text.contains(text) || list.text.contains(text))
            let audit = await harness.call("GET", "/api/v1/audit-entries?resource_kind=virtual_key")
            XCTAssertEqual(audit["items"]?.array?.count, 1)
            XCTAssertFalse(audit.text.contains(text))
            XCTAssertFalse(audit.text.contains(secret.sha256.hex))
        }
    }

    func testAKeyIsRevokedForGood() throws {
        try AdminHarness.run { harness in
            _ = await harness.tenancy()
            let key = await harness.create("virtual-keys", #"{"name": "k", "team": "search"}"#)
            let before = harness.publicationsSoFar
            let active = await harness.call("DELETE", "/api/v1/virtual-keys/\(key.id)", ifMatch: "*")
            XCTAssertEqual([active.status, active.problem == "conflict" ? 1 : 0], [409, 1])
            let revoked = await harness.call("POST", "/api/v1/virtual-keys/\(key.id)/revoke")
            XCTAssertEqual(revoked["status"]?.string, "revoked", revoked.text)
            XCTAssertEqual(revoked["secrets"], .array([]))
            XCTAssertEqual(harness.publicationsSoFar, before + 1)
            let shard = try await harness.pool.first(
                "SELECT k.change_sequence AS of_shard, f.change_sequence AS newest FROM key_shards k, fleet_state f")
            XCTAssertEqual(try shard?.int("of_shard"), try shard?.int("newest"), "its shard is to be published again")

            let again = await harness.call("POST", "/api/v1/virtual-keys/\(key.id)/revoke")
            XCTAssertEqual(again.json, revoked.json, "revoking twice is no error")
            XCTAssertEqual(harness.publicationsSoFar, before + 1)
            for (method, path, body) in [("PATCH", "", #"{"name": "x"}"#), ("POST", "/rotate", "{}")] {
                let refused = await harness.call(method, "/api/v1/virtual-keys/\(key.id)\(path)", body, ifMatch: "*")
                XCTAssertEqual(refused.status, 409, refused.text)
            }
            let gone = await harness.call("DELETE", "/api/v1/virtual-keys/\(key.id)", ifMatch: "*")
            XCTAssertEqual(gone.status, 204)
        }
    }

    func testARotationHasTwoLiveSecretsUntilTheOverlapEnds() throws {
        try AdminHarness.run { harness in
            _ = await harness.tenancy()
            let key = await harness.create("virtual-keys", #"{"name": "k", "team": "search"}"#)
            let path = "/api/v1/virtual-keys/\(key.id)/rotate"
            harness.time.advance(by: .milliseconds(5))
            let rotated = await harness.call("POST", path, #"{"overlap_seconds": 60}"#)
            XCTAssertEqual(rotated.status, 200, rotated.text)
            XCTAssertNotEqual(rotated["key"], key["key"])
            XCTAssertEqual(rotated["key_id"], key["key_id"], "its history goes on")
            let secrets = try XCTUnwrap(rotated["secrets"]?.array)
            XCTAssertEqual(secrets.count, 2)
            XCTAssertEqual(
                secrets[0]["expires_at"]?.string, RFC3339.text(unixMilliseconds: harness.time.unixMilliseconds + 60_000)
            )
            XCTAssertEqual(secrets[1]["expires_at"], .null)

            let third = await harness.call("POST", path, #"{"overlap_seconds": 60}"#)
            XCTAssertEqual(third.status, 409)
            harness.time.advance(by: .seconds(61))
            let later = await harness.call("GET", "/api/v1/virtual-keys/\(key.id)")
            XCTAssertEqual(later["secrets"]?.array?.count, 1)
            let atOnce = await harness.call("POST", path, #"{"overlap_seconds": 0}"#)
            XCTAssertEqual(atOnce["secrets"]?.array?.count, 1, atOnce.text)
            let live = try await harness.pool.query(
                "SELECT sha256 FROM virtual_key_secrets WHERE revoked_at IS NULL AND expires_at IS NULL")
            let text = try XCTUnwrap(atOnce["key"]?.string)
            XCTAssertEqual(try live.map { try $0.bytes("sha256") }, [SHA256.digest(Array(text.utf8)).bytes])
            let standard = await harness.call("POST", path)
            XCTAssertEqual(standard.status, 200, "an empty body means the default overlap")
            let wrong = await harness.call("POST", path, #"{"overlap_seconds": -1}"#)
            XCTAssertEqual(Array(wrong.errors.keys), ["overlap_seconds"])
        }
    }

    func testWhatAKeyMayDoCanChange() throws {
        try AdminHarness.run { harness in
            _ = await harness.tenancy()
            await harness.upstream()
            for name in ["b", "a"] {
                _ = await harness.create(
                    "routes", "{\"name\": \"\(name)\", \"targets\": [{\"provider\": \"stub\", \"model\": \"m1\"}]}")
            }
            let key = await harness.create("virtual-keys", #"{"name": "k", "team": "search"}"#)
            let path = "/api/v1/virtual-keys/\(key.id)"
            let limited = await harness.call(
                "PATCH", path, #"{"allowed_routes": ["b", "a", "b"], "expires_at": "2030-01-01T00:00:00Z"}"#,
                ifMatch: key.etag)
            XCTAssertEqual(limited["allowed_routes"], .strings(["a", "b"]), limited.text)
            let open = await harness.call(
                "PATCH", path, #"{"allowed_routes": null, "expires_at": null}"#, ifMatch: limited.etag)
            XCTAssertEqual([open["allowed_routes"], open["expires_at"]], [.null, .null])
            let wrong = await harness.call(
                "PATCH", path,
                #"{"allowed_routes": ["zzz"], "expires_at": "2020-01-01T00:00:00Z", "allowed_networks": ["10.0.0.1/8"]}"#,
                ifMatch: "*")
            XCTAssertEqual(Set(wrong.errors.keys), ["allowed_networks[0]"], "form comes before meaning")
            let meaning = await harness.call(
                "PATCH", path, #"{"allowed_routes": ["zzz"], "expires_at": "2020-01-01T00:00:00Z"}"#, ifMatch: "*")
            XCTAssertEqual(Set(meaning.errors.keys), ["allowed_routes[0]", "expires_at"])
        }
    }

    func testTheLargestKeyFitsItsShard() throws {
        try AdminHarness.run { harness in
            _ = await harness.tenancy()
            // As many bytes of tags as are taken, in as many tags as there may be, so that the database adds the most blanks.
            var tags: [String: String] = [:]
            for index in 0..<32 { tags["t\(index)"] = String(repeating: "x", count: index < 18 ? 200 : 1) }
            while let name = tags.keys.first(where: { tags[$0]!.count < 200 }),
                JSONValue.record(tags.map { ($0.key, .string($0.value)) }).bytes.count < VirtualKey.tagsBytesMax
            { tags[name]! += "x" }
            let body = JSONValue.record([
                ("name", .string("k")), ("team", .string("search")),
                ("tags", .record(tags.map { ($0.key, .string($0.value)) })),
                ("allowed_networks", .strings((0..<VirtualKey.networkCountMax).map { "10.0.\($0).0/24" })),
            ])
            let key = await harness.create("virtual-keys", String(decoding: body.bytes, as: UTF8.self))
            let secret = try XCTUnwrap(key["key"]?.string.flatMap { VirtualKeySecret(parsing: $0) })
            let shard = secret.sha256.firstByte
            let entries = try await KeyShardStore.entries([shard], harness.pool)
            let blob = KeyShard.encode(shard: shard, entries: entries[shard] ?? [])
            XCTAssertNotNil(try KeyShard(validating: blob, shard: shard).find(secret.sha256))

            tags["t0"]! += "more"
            tags["another"] = String(repeating: "y", count: 150)
            let tooMuch = JSONValue.record([("tags", .record(tags.map { ($0.key, .string($0.value)) }))])
            let refused = await harness.call(
                "PATCH", "/api/v1/virtual-keys/\(key.id)", String(decoding: tooMuch.bytes, as: UTF8.self), ifMatch: "*")
            XCTAssertNotNil(refused.errors["tags"], refused.text)
        }
    }

    // MARK: Tokens

    func testTheLastAdminTokenStays() throws {
        try AdminHarness.run { harness in
            let list = await harness.call("GET", "/api/v1/admin-tokens")
            let root = try XCTUnwrap(list["items"]?.array?.first { $0["name"]?.string == "root" })
            let path = "/api/v1/admin-tokens/\(root["id"]?.string ?? "")/revoke"
            let last = await harness.call("POST", path)
            XCTAssertEqual(last.status, 409, last.text)
            let second = await harness.create("admin-tokens", #"{"name": "second"}"#)
            let token = try XCTUnwrap(second["token"]?.string)
            let revoked = await harness.call("POST", path, token: token)
            XCTAssertEqual(revoked.status, 200, revoked.text)
            let refused = await harness.call("GET", "/api/v1/teams")
            XCTAssertEqual(refused.status, 401)
            let again = await harness.call("GET", "/api/v1/admin-tokens", token: token)
            XCTAssertFalse(again.text.contains(token))
        }
    }

    func testNodeTokens() throws {
        try AdminHarness.run { harness in
            let created = await harness.create("node-tokens", #"{"name": "eu"}"#)
            XCTAssertTrue(created["token"]?.string?.hasPrefix("weirnode_") ?? false)
            let same = await harness.call("POST", "/api/v1/node-tokens", #"{"name": "eu"}"#)
            XCTAssertEqual(same.status, 409)
            let revoked = await harness.call("POST", "/api/v1/node-tokens/\(created.id)/revoke")
            XCTAssertNotEqual(revoked["revoked_at"], .null)
            _ = await harness.create("node-tokens", #"{"name": "eu"}"#)
        }
    }

    // MARK: Audit and status

    func testEveryChangeIsAuditedInItsTransaction() throws {
        try AdminHarness.run { harness in
            let created = await harness.call(
                "POST", "/api/v1/organizations", #"{"name": "acme"}"#, headers: [("X-Request-ID", "req-1")])
            harness.time.advance(by: .milliseconds(1))
            _ = await harness.call("PATCH", "/api/v1/organizations/\(created.id)", #"{"name": "acme2"}"#, ifMatch: "*")
            harness.time.advance(by: .milliseconds(1))
            _ = await harness.call("PATCH", "/api/v1/organizations/\(created.id)", #"{"name": "acme2"}"#, ifMatch: "*")
            _ = await harness.call("DELETE", "/api/v1/organizations/\(created.id)", ifMatch: "\"9\"")
            _ = await harness.call("DELETE", "/api/v1/organizations/\(created.id)", ifMatch: "*")
            let list = await harness.call("GET", "/api/v1/audit-entries?resource_id=\(created.id)")
            let entries = try XCTUnwrap(list["items"]?.array)
            XCTAssertEqual(
                entries.map { $0["action"]?.string }, ["delete", "update", "create"],
                "newest first; what failed is not there")
            XCTAssertEqual(entries[1]["before"]?["name"]?.string, "acme")
            XCTAssertEqual(entries[1]["after"]?["name"]?.string, "acme2")
            XCTAssertEqual(entries[2]["before"], .null)
            XCTAssertEqual(entries[2]["actor"]?.string, "root")
            XCTAssertEqual(entries[2]["request_id"]?.string, "req-1")
            let one = await harness.call(
                "GET", "/api/v1/audit-entries?request_id=req-1&action=create&actor=root&from=2000-01-01&to=2100-01-01")
            XCTAssertEqual(one["items"]?.array?.count, 1)
        }
    }

    func testNodesAndTheSnapshotAreShown() throws {
        try AdminHarness.run { harness in
            let id = ObjectID.random()
            let now = harness.time.unixMilliseconds
            try await harness.pool.execute(
                """
                INSERT INTO nodes (id, name, incarnation, started_at, software_version, snapshot_version, snapshot_expired, rejection,
                    sealing_public_key, journal_bytes, unacknowledged_records, draining, first_seen_at, last_seen_at)
                VALUES ($1, 'n1', $1, $2, '1', 4, false, $3, 'x', 5, 6, false, $2, $2)
                """,
                [
                    .uuid(id), .timestamp(unixMilliseconds: now - 1000),
                    .json(
                        #"{"version": 5, "reason": "signature", "detail": "bad", "atUnixMilliseconds": 1800000000000}"#),
                ])
            let node = await harness.call("GET", "/api/v1/nodes/\(id)")
            XCTAssertEqual(node["live"], .boolean(true), node.text)
            XCTAssertEqual(node["age_ms"]?.integer, 1000)
            XCTAssertEqual(node["nack"]?["reason"]?.string, "signature")
            XCTAssertEqual(node["nack"]?["at"]?.string, "2027-01-15T08:00:00.000Z")
            harness.time.advance(by: .seconds(15))
            let live = await harness.call("GET", "/api/v1/nodes?live=true")
            XCTAssertEqual(live["items"]?.array?.count, 0)
            let dead = await harness.call("GET", "/api/v1/nodes?live=false&name=n1")
            XCTAssertEqual(dead["items"]?.array?.count, 1)

            let none = await harness.call("GET", "/api/v1/snapshot")
            XCTAssertEqual([none["version"]?.integer, none["pending_changes"]?.integer], [0, 0], none.text)
            await harness.upstream()
            let pending = await harness.call("GET", "/api/v1/snapshot")
            XCTAssertEqual(pending["pending_changes"]?.integer, 2)
        }
    }
}

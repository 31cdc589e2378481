import Shared
import XCTest

@testable import ControlPlane

/// Shadows of routes, as administrators set them: through the API into the policy.
final class AdminShadowTests: XCTestCase {
    private static let target = #"{"provider": "stub", "model": "m1"}"#

    private static func shadow(_ more: String = "", percent: String = "2.5", key: String = "tests") -> String {
        #"{"provider": "stub", "model": "m2", "percent": \#(percent), "virtual_key": "\#(key)"\#(more)}"#
    }

    private static func prepare(_ harness: AdminHarness) async -> (key: AdminHarness.Reply, route: AdminHarness.Reply) {
        _ = await harness.tenancy()
        await harness.upstream()
        _ = await harness.create(
            "models",
            #"{"name": "m2", "prices": [{"input_picodollars_per_token": 5, "output_picodollars_per_token": 7}]}"#)
        let key = await harness.create("virtual-keys", #"{"name": "tests", "team": "search"}"#)
        let route = await harness.create(
            "routes", #"{"name": "chat", "targets": [\#(target)], "shadow": \#(shadow())}"#)
        return (key, route)
    }

    private static func digest(_ key: AdminHarness.Reply) throws -> SHA256Digest {
        SHA256.digest(Array(try XCTUnwrap(key["key"]?.string).utf8))
    }

    private static func published(_ harness: AdminHarness) async throws -> PolicyDocument.Shadow? {
        try await PolicyStore.policy(harness.pool).routes.first?.shadow
    }

    func testAShadowIsKeptPublishedAndCleared() throws {
        try AdminHarness.run { harness in
            let (key, route) = await Self.prepare(harness)
            let shadow = try XCTUnwrap(route["shadow"])
            XCTAssertEqual(shadow["provider"]?.string, "stub")
            XCTAssertEqual(shadow["model"]?.string, "m2")
            XCTAssertEqual(shadow["upstream_model_name"], .null)
            XCTAssertEqual(shadow["percent"]?.hundredths, 250)
            XCTAssertEqual(shadow["virtual_key"]?.string, "tests")
            XCTAssertEqual(shadow["virtual_key_id"]?.string, key.id)

            let policy = try await PolicyStore.policy(harness.pool)
            let published = try XCTUnwrap(policy.routes.first?.shadow)
            XCTAssertEqual(published.share, 250)
            XCTAssertEqual(published.secretSHA256, try Self.digest(key))
            XCTAssertEqual(published.target.providerID, policy.providers[0].id)
            XCTAssertEqual(policy.models.first { $0.name == "m2" }?.id, published.target.modelID)
            XCTAssertEqual(policy.models.first { $0.name == "m2" }?.prices.count, 1, "it is charged, so it is priced")

            // What was answered can be sent back, and changes nothing.
            let same = await harness.call(
                "PATCH", "/api/v1/routes/\(route.id)",
                #"{"shadow": \#(String(decoding: shadow.bytes, as: UTF8.self))}"#,
                ifMatch: "*")
            XCTAssertEqual(same.json, route.json)

            let changed = await harness.call(
                "PATCH", "/api/v1/routes/\(route.id)",
                #"{"shadow": \#(Self.shadow(#", "upstream_model_name": "m2-next""#, percent: "100", key: "search/tests"))}"#,
                ifMatch: "*")
            XCTAssertEqual(changed["shadow"]?["upstream_model_name"]?.string, "m2-next")
            XCTAssertEqual(changed["shadow"]?["percent"]?.integer, 100)
            let other = try await Self.published(harness)
            XCTAssertEqual(other?.target.upstreamModelName, "m2-next")
            XCTAssertEqual(other?.share, 10_000)

            let cleared = await harness.call(
                "PATCH", "/api/v1/routes/\(route.id)", #"{"shadow": null}"#, ifMatch: "*")
            XCTAssertEqual(cleared["shadow"], .null)
            let after = try await PolicyStore.policy(harness.pool)
            XCTAssertNil(after.routes[0].shadow)
            XCTAssertEqual(after.models.map(\.name), ["m1"])
        }
    }

    func testWhatAShadowCannotBeIsSaid() throws {
        try AdminHarness.run { harness in
            let (_, route) = await Self.prepare(harness)
            _ = await harness.create("models", #"{"name": "e1", "kind": "embedding"}"#)
            _ = await harness.create("teams", #"{"name": "ads", "organization": "acme"}"#)
            _ = await harness.create("virtual-keys", #"{"name": "tests", "team": "ads"}"#)
            let old = await harness.create(
                "virtual-keys", #"{"name": "old", "team": "ads", "expires_at": "2027-02-01T00:00:00Z"}"#)
            _ = await harness.call("POST", "/api/v1/virtual-keys/\(old.id)/revoke")
            func place(_ provider: String, _ model: String, _ percent: String, _ key: String, _ more: String = "")
                -> String
            {
                #"{"provider": "\#(provider)", "model": "\#(model)", "percent": \#(percent), "virtual_key": "\#(key)"\#(more)}"#
            }
            for (shadow, field, message) in [
                (place("stub", "m2", "0", "ads/tests"), "shadow.percent", "got 0"),
                (place("stub", "m2", "100.01", "ads/tests"), "shadow.percent", "got 100.01"),
                (place("stub", "m2", "0.001", "ads/tests"), "shadow.percent", "got 0.001"),
                (place("nowhere", "m2", "1", "ads/tests"), "shadow.provider", "there is no provider \"nowhere\""),
                (place("stub", "m3", "1", "ads/tests"), "shadow.model", "there is no model \"m3\""),
                (place("stub", "e1", "1", "ads/tests"), "shadow.model", "is of another kind than the models"),
                (place("stub", "m2", "1", "tests"), "shadow.virtual_key", "no single virtual key is called \"tests\""),
                (place("stub", "m2", "1", "none"), "shadow.virtual_key", "no single virtual key is called \"none\""),
                (place("stub", "m2", "1", "old"), "shadow.virtual_key", "is revoked"),
                (
                    place("stub", "m2", "1", "ads/tests", #", "virtual_key_id": "\#(old.id)""#),
                    "shadow.virtual_key_id", "is another object"
                ),
                (place("stub", "m2", "1", "ads/tests", #", "weight": 1"#), "shadow.weight", "is not a known field"),
                (#"{"provider": "stub", "model": "m2", "percent": 1}"#, "shadow.virtual_key", "is missing"),
            ] {
                let reply = await harness.call(
                    "PATCH", "/api/v1/routes/\(route.id)", #"{"shadow": \#(shadow)}"#, ifMatch: "*")
                XCTAssertEqual(reply.status, 400, reply.text)
                XCTAssertTrue(reply.errors[field]?.contains(message) ?? false, "\(shadow): \(reply.errors)")
            }
            // A route whose own models change kind takes its shadow along, or not.
            let turned = await harness.call(
                "PATCH", "/api/v1/routes/\(route.id)", #"{"targets": [{"provider": "stub", "model": "e1"}]}"#,
                ifMatch: "*")
            XCTAssertTrue(turned.errors["shadow.model"]?.contains("is of another kind") ?? false, turned.text)
            // The name that two keys have comes back with the ID beside it.
            let sentBack = await harness.call(
                "PATCH", "/api/v1/routes/\(route.id)",
                #"{"shadow": \#(String(decoding: (route["shadow"] ?? .null).bytes, as: UTF8.self))}"#, ifMatch: "*")
            XCTAssertEqual(sentBack.status, 200, sentBack.text)
            XCTAssertEqual(sentBack["shadow"], route["shadow"])
        }
    }

    func testTheNewestLiveSecretOfTheKeyIsPublishedAndNoneOfARevokedKey() throws {
        try AdminHarness.run { harness in
            let (key, _) = await Self.prepare(harness)
            func sequence() async throws -> Int64 {
                try await harness.pool.first("SELECT policy_sequence FROM fleet_state")?.int64("policy_sequence") ?? 0
            }
            var before = try await sequence()
            for overlap in [3600, 0] {
                let rotated = await harness.call(
                    "POST", "/api/v1/virtual-keys/\(key.id)/rotate", #"{"overlap_seconds": \#(overlap)}"#)
                XCTAssertEqual(rotated.status, 200, rotated.text)
                let published = try await Self.published(harness)
                XCTAssertEqual(published?.secretSHA256, try Self.digest(rotated))
                let after = try await sequence()
                XCTAssertGreaterThan(after, before, "the policy is made anew")
                before = after
            }
            let revoked = await harness.call("POST", "/api/v1/virtual-keys/\(key.id)/revoke")
            XCTAssertEqual(revoked.status, 200, revoked.text)
            let gone = try await Self.published(harness)
            XCTAssertNil(gone, "nothing can be charged to it")
            let after = try await sequence()
            XCTAssertGreaterThan(after, before)
            // A key that no shadow names leaves the policy alone.
            let other = await harness.create("virtual-keys", #"{"name": "other", "team": "search"}"#)
            _ = await harness.call("POST", "/api/v1/virtual-keys/\(other.id)/rotate", "{}")
            let last = try await sequence()
            XCTAssertEqual(last, after)
        }
    }

    func testWhatAShadowNamesIsNotDeleted() throws {
        try AdminHarness.run { harness in
            let (key, route) = await Self.prepare(harness)
            _ = await harness.create("providers", #"{"name": "copy", "base_url": "http://127.0.0.1:9"}"#)
            _ = await harness.call(
                "PATCH", "/api/v1/routes/\(route.id)",
                #"{"shadow": {"provider": "copy", "model": "m2", "percent": 1, "virtual_key": "tests"}}"#, ifMatch: "*")
            _ = await harness.call("POST", "/api/v1/virtual-keys/\(key.id)/revoke")
            func delete(_ plural: String, _ name: String) async -> AdminHarness.Reply {
                let list = await harness.call("GET", "/api/v1/\(plural)?name=\(name)")
                let id = list["items"]?.array?.first?["id"]?.string ?? ""
                return await harness.call("DELETE", "/api/v1/\(plural)/\(id)", ifMatch: "*")
            }
            for (plural, name) in [("providers", "copy"), ("models", "m2"), ("virtual-keys", "tests")] {
                let refused = await delete(plural, name)
                XCTAssertEqual(refused.status, 409, refused.text)
                XCTAssertTrue(refused.text.contains("route \\\"chat\\\""), refused.text)
            }
            _ = await harness.call("PATCH", "/api/v1/routes/\(route.id)", #"{"shadow": null}"#, ifMatch: "*")
            for (plural, name) in [("providers", "copy"), ("models", "m2"), ("virtual-keys", "tests")] {
                let deleted = await delete(plural, name)
                XCTAssertEqual(deleted.status, 204, deleted.text)
            }
        }
    }
}

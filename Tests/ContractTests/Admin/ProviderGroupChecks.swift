import Shared
import TestSupport
import XCTest

@testable import ControlPlane

/// A group of a provider's settings that is set as a whole, from the REST interface to what is published.
struct ProviderGroupChecks<Group: SettingsGroup & Equatable> {
    let field: String
    let published: KeyPath<PolicyDocument.Provider, Group?>
    private let harness: AdminHarness
    private let provider: AdminHarness.Reply
    private var path: String { "/api/v1/providers/\(provider.id)" }

    /// Makes a provider without the group.
    init(_ field: String, _ published: KeyPath<PolicyDocument.Provider, Group?>, _ harness: AdminHarness) async {
        self.field = field
        self.published = published
        self.harness = harness
        provider = await harness.create("providers", #"{"name": "p", "base_url": "http://127.0.0.1:9"}"#)
        XCTAssertEqual(provider[field], .null)
    }

    private func policy() async throws -> PolicyDocument.Provider {
        let policy = try await PolicyStore.policy(harness.pool)
        return try XCTUnwrap(policy.providers.first)
    }

    /// Each is taken, shown and published, and null leaves what there was before any of them.
    func areTaken(_ cases: [(text: String, want: Group)]) async throws {
        let before = try await policy()
        XCTAssertNil(before[keyPath: published])
        XCTAssertFalse(String(decoding: CanonicalJSON.encode(before), as: UTF8.self).contains(field))
        for (text, want) in cases {
            let reply = await harness.call("PATCH", path, #"{"\#(field)": \#(text)}"#, ifMatch: "*")
            XCTAssertEqual(reply.status, 200, reply.text)
            XCTAssertEqual(reply[field], want.json)
            let read = await harness.call("GET", path)
            XCTAssertEqual(read[field], want.json)
            let after = try await policy()
            XCTAssertEqual(after[keyPath: published], want)
        }
        let cleared = await harness.call("PATCH", path, #"{"\#(field)": null}"#, ifMatch: "*")
        XCTAssertEqual(cleared[field], .null)
        let after = try await policy()
        XCTAssertEqual(after, before)
    }

    /// - Parameter member: the one that is named, and how what is said of it begins.
    func isRefused(_ text: String, _ member: String, _ message: String = "") async {
        let refused = await harness.call("PATCH", path, #"{"\#(field)": \#(text)}"#, ifMatch: "*")
        XCTAssertEqual(Array(refused.errors.keys), ["\(field).\(member)"], "\(text): \(refused.text)")
        let said = refused.errors.values.first ?? ""
        XCTAssertTrue(said.hasPrefix(message), "\(text): \(said)")
    }

    /// What the interface would have refused, the database does too.
    static func databaseRefuses(_ changes: [String], name: String) throws {
        let database = try ControlPlaneDatabase.make(name)
        try onLoop { actor in
            let services = database.services(on: actor.loop)
            defer {
                services.publisher.stop()
                services.pool.close()
            }
            let pool = services.pool
            try await pool.execute(
                "INSERT INTO providers (id, name, dialect, base_url) VALUES (gen_random_uuid(), 'p', 'openai', 'http://127.0.0.1:9')"
            )
            for change in changes {
                do {
                    try await pool.execute("UPDATE providers SET \(change)")
                    XCTFail("taken: \(change)")
                } catch StoreError.other(sqlstate: "23514", _) {}
            }
        }
    }
}

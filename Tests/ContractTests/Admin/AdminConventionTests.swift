import Foundation
import Shared
import TestSupport
import XCTest

@testable import ControlPlane

/// What holds for every endpoint of the admin API.
final class AdminConventionTests: XCTestCase {
    func testEveryEndpointButTheDocumentRefusesACallWithoutToken() throws {
        try AdminHarness.run { harness in
            for endpoint in AdminEndpoint.table {
                let path = endpoint.path.text.replacingOccurrences(of: "{id}", with: ObjectID.zero.description)
                let reply = await harness.call(
                    endpoint.method.rawValue, path, endpoint.body == nil ? nil : "{}", token: "")
                XCTAssertEqual(reply.status, endpoint.access == .open ? 200 : 401, endpoint.operationID)
                if endpoint.access != .open {
                    XCTAssertEqual(reply.problem, "unauthenticated")
                    XCTAssertEqual(reply.headers["www-authenticate"], "Bearer realm=\"weir\"")
                }
            }
        }
    }

    func testAViewerReadsEverythingAndChangesNothing() throws {
        try AdminHarness.run { harness in
            for endpoint in AdminEndpoint.table where endpoint.access != .open {
                let path = endpoint.path.text.replacingOccurrences(of: "{id}", with: ObjectID.zero.description)
                let reply = await harness.call(
                    endpoint.method.rawValue, path, endpoint.body == nil ? nil : "{}", ifMatch: "*",
                    token: harness.viewerToken)
                if endpoint.access == .admin {
                    XCTAssertEqual(reply.status, 403, endpoint.operationID)
                } else {
                    XCTAssertTrue([200, 404].contains(reply.status), "\(endpoint.operationID): \(reply.text)")
                }
            }
        }
    }

    func testWrongExpiredAndRevokedTokensAreRefused() throws {
        try AdminHarness.run { harness in
            for bad in [
                "x", "weiradm_short", AccessToken.generate(.administrator).text, AccessToken.generate(.node).text,
            ] {
                let reply = await harness.call("GET", "/api/v1/teams", token: bad)
                XCTAssertEqual(reply.status, 401)
                XCTAssertFalse(reply.text.contains(bad) && bad.count > 10, "a token is not repeated")
            }
            let created = await harness.create(
                "admin-tokens", #"{"name": "short", "expires_at": "2027-01-15T09:00:00Z"}"#)
            let token = try XCTUnwrap(created["token"]?.string)
            var reply = await harness.call("GET", "/api/v1/teams", token: token)
            XCTAssertEqual(reply.status, 200)
            harness.time.advance(by: .seconds(7 * 86_400))
            reply = await harness.call("GET", "/api/v1/teams", token: token)
            XCTAssertEqual(reply.status, 401)
        }
    }

    func testBodiesThatAreNotWhatTheEndpointTakes() throws {
        try AdminHarness.run { harness in
            let path = "/api/v1/organizations"
            func expect(_ status: Int, _ problem: String, _ reply: AdminHarness.Reply, line: UInt = #line) {
                XCTAssertEqual(reply.status, status, reply.text, line: line)
                XCTAssertEqual(reply.problem, problem, line: line)
            }
            expect(400, "malformed-request", await harness.call("POST", path, "{\"name\": "))
            expect(400, "malformed-request", await harness.call("POST", path, "name=acme"))
            expect(400, "invalid-fields", await harness.call("POST", path, "[]"))
            expect(
                415, "unsupported-media-type",
                await harness.call("POST", path, "{}", headers: [("Content-Type", "text/plain")]))
            expect(415, "unsupported-media-type", await harness.call("POST", path))
            expect(400, "malformed-request", await harness.call("GET", path, "{}"))
            let big = await harness.call("POST", path, "{\"name\": \"" + String(repeating: "x", count: 1 << 20) + "\"}")
            expect(413, "body-too-large", big)
            let twice = await harness.call("POST", path, #"{"name": "a", "name": "b"}"#)
            expect(400, "invalid-fields", twice)
            XCTAssertEqual(twice.errors, ["name": "is given twice; give it once"])
            let charset = await harness.call(
                "POST", path, #"{"name": "a"}"#, headers: [("Content-Type", "Application/JSON; charset=utf-8")])
            XCTAssertEqual(charset.status, 201)
        }
    }

    func testPathsMethodsAndQueriesThatDoNotExist() throws {
        try AdminHarness.run { harness in
            var reply = await harness.call("GET", "/api/v1/nothing")
            XCTAssertEqual([reply.status, reply.problem == "unknown-path" ? 1 : 0], [404, 1])
            reply = await harness.call("PUT", "/api/v1/teams")
            XCTAssertEqual(reply.status, 405)
            XCTAssertEqual(reply.headers["allow"], "GET, HEAD, POST")
            reply = await harness.call("GET", "/api/v1/teams?limit=0&colour=red&limit=5")
            XCTAssertEqual(reply.status, 400)
            XCTAssertEqual(Set(reply.errors.keys), ["query:limit", "query:colour"])
            for bad in ["0", "201", "x", "1.5", ""] {
                reply = await harness.call("GET", "/api/v1/teams?limit=\(bad)")
                XCTAssertEqual(reply.errors["query:limit"].map { $0.hasSuffix("want an integer 1...200") }, true, bad)
            }
            let forged = [
                "abc", PageRequest.cursor(list: "teams", key: "abc"),
                PageRequest.cursor(list: "routes", key: ObjectID.zero.description),
            ]
            for cursor in forged {
                reply = await harness.call("GET", "/api/v1/teams?cursor=\(cursor)")
                XCTAssertEqual(Array(reply.errors.keys), ["query:cursor"])
            }
            reply = await harness.call(
                "GET", "/api/v1/usage/events?cursor=\(PageRequest.cursor(list: "usage/events", key: "1.x"))")
            XCTAssertEqual(Array(reply.errors.keys), ["query:cursor"])
            for path in ["virtual-keys/%00", "teams/%00", "virtual-keys/\(String(repeating: "x", count: 10_000))"] {
                reply = await harness.call("GET", "/api/v1/\(path)")
                XCTAssertEqual(reply.status, 404)
            }
        }
    }

    func testTheCallersRequestIDIsKeptWhereItIsSensible() throws {
        try AdminHarness.run { harness in
            var reply = await harness.call("GET", "/api/v1/teams", headers: [("X-Request-ID", "my-1.a_B")])
            XCTAssertEqual(reply.headers["x-request-id"], "my-1.a_B")
            reply = await harness.call("GET", "/api/v1/teams", headers: [("X-Request-ID", "a b")])
            XCTAssertNotNil(ObjectID(try XCTUnwrap(reply.headers["x-request-id"])))
        }
    }

    func testWhatTheDatabaseCannotHoldIsSaidByField() throws {
        try AdminHarness.run { harness in
            _ = await harness.tenancy()
            let nul = #"\u0000"#
            for (body, field) in [
                (#"{"name": "a\#(nul)"}"#, "name"), (#"{"metadata": {"a": "\#(nul)"}}"#, "metadata"),
                (#"{"metadata": {"a": [1e99999]}}"#, "metadata"),
                (#"{"metadata": {"a": [1e-99999999999999999999]}}"#, "metadata"),
            ] {
                let reply = await harness.call("PATCH", "/api/v1/organizations/\(ObjectID.zero)", body, ifMatch: "*")
                XCTAssertEqual(Array(reply.errors.keys), [field], reply.text)
            }
            for (body, field) in [
                (#"{"name": "k", "team": "search", "tags": {"a\#(nul)": "b"}}"#, "tags.a\0"),
                (#"{"name": "k", "team": "search\#(nul)"}"#, "team"),
                (#"{"name": "k", "team": "search", "expires_at": "9999-12-31T23:59:59-23:59"}"#, "expires_at"),
            ] {
                let reply = await harness.call("POST", "/api/v1/virtual-keys", body)
                XCTAssertEqual(Array(reply.errors.keys), [field], reply.text)
            }
            let kept = await harness.create(
                "organizations", #"{"name": "n", "metadata": {"a": [1e300, -1.5e-300, 12345678901234567890]}}"#)
            XCTAssertEqual(kept.status, 201)
        }
    }

    func testManyProblemsAreListedUpToABound() throws {
        try AdminHarness.run { harness in
            let body = "{" + (0..<5000).map { "\"f\($0)\": 1" }.joined(separator: ",") + "}"
            let reply = await harness.call("POST", "/api/v1/organizations", body)
            XCTAssertEqual(reply.json["errors"]?.array?.count, 100)
            XCTAssertEqual(reply["detail"]?.string, "5001 fields are not valid. The first 100 are listed.")
        }
    }

    // MARK: Revisions

    func testAChangeAppliesToTheRevisionItNames() throws {
        try AdminHarness.run { harness in
            let created = await harness.create("organizations", #"{"name": "acme"}"#)
            let path = "/api/v1/organizations/\(created.id)"
            XCTAssertEqual(created.etag, "\"1\"")
            XCTAssertEqual(created.headers["location"], path)

            var reply = await harness.call("PATCH", path, #"{"name": "b"}"#)
            XCTAssertEqual([reply.status, reply.problem == "precondition-required" ? 1 : 0], [428, 1])
            reply = await harness.call("DELETE", path)
            XCTAssertEqual(reply.status, 428)
            reply = await harness.call("PATCH", path, #"{"name": "b"}"#, ifMatch: "1")
            XCTAssertEqual(Array(reply.errors.keys), ["header:If-Match"])
            reply = await harness.call("PATCH", path, #"{"name": "b"}"#, ifMatch: created.etag)
            XCTAssertEqual([reply.status, reply.etag == "\"2\"" ? 1 : 0], [200, 1])
            reply = await harness.call("PATCH", path, #"{"name": "c"}"#, ifMatch: created.etag)
            XCTAssertEqual([reply.status, reply.problem == "stale-revision" ? 1 : 0], [412, 1])
            XCTAssertEqual(reply.etag, "\"2\"", "the answer says where the object is now")
            reply = await harness.call("DELETE", path, ifMatch: created.etag)
            XCTAssertEqual(reply.status, 412)
            reply = await harness.call(
                "PATCH", path, "{}", ifMatch: "\"2\"", headers: [("Content-Type", "application/merge-patch+json")])
            XCTAssertEqual(reply.etag, "\"2\"", "a change that changes nothing makes no revision")
            reply = await harness.call("DELETE", path, ifMatch: "*")
            XCTAssertEqual(reply.status, 204)
            reply = await harness.call("DELETE", path, ifMatch: "*")
            XCTAssertEqual(reply.status, 404)
        }
    }

    // MARK: Lists

    func testPagesHoldEveryRowOnceWhileRowsComeAndGo() throws {
        try AdminHarness.run { harness in
            var ids: [String] = []
            for index in 0..<7 {
                harness.time.advance(by: .milliseconds(1))
                ids.append(await harness.create("organizations", "{\"name\": \"o\(index)\"}").id)
            }
            let all = await harness.names("/api/v1/organizations", limit: 3)
            XCTAssertEqual(all, (0..<7).map { "o\($0)" })
            let page = await harness.call("GET", "/api/v1/organizations?limit=3")
            let cursor = try XCTUnwrap(page["next_cursor"]?.string)
            _ = await harness.call("DELETE", "/api/v1/organizations/\(ids[2])", ifMatch: "*")
            harness.time.advance(by: .milliseconds(1))
            _ = await harness.create("organizations", #"{"name": "late"}"#)
            let rest = await harness.call("GET", "/api/v1/organizations?limit=200&cursor=\(cursor)")
            XCTAssertEqual(rest["items"]?.array?.compactMap { $0["name"]?.string }, ["o3", "o4", "o5", "o6", "late"])
            let foreign = await harness.call("GET", "/api/v1/teams?cursor=\(cursor)")
            XCTAssertEqual(foreign.status, 400)
            let one = await harness.names("/api/v1/organizations?name=o4", limit: 50)
            XCTAssertEqual(one, ["o4"])
        }
    }

    // MARK: Idempotency

    func testTheSameKeyWithTheSameBodyGivesTheFirstAnswerAgain() throws {
        try AdminHarness.run { harness in
            _ = await harness.tenancy()
            let body = #"{"name": "k", "team": "search"}"#
            let first = await harness.call("POST", "/api/v1/virtual-keys", body, key: "abc")
            let second = await harness.call("POST", "/api/v1/virtual-keys", body, key: "abc")
            XCTAssertEqual(first.status, 201, first.text)
            XCTAssertEqual(second.status, 201)
            XCTAssertEqual(second.text, first.text, "the secret included")
            XCTAssertEqual(second.etag, first.etag)
            XCTAssertEqual(second.headers["location"], first.headers["location"])
            XCTAssertEqual(second.headers["idempotent-replayed"], "true")
            let names = await harness.names("/api/v1/virtual-keys", limit: 50)
            XCTAssertEqual(names, ["k"])

            let other = await harness.call(
                "POST", "/api/v1/virtual-keys", #"{"name": "k2", "team": "search"}"#, key: "abc")
            XCTAssertEqual([other.status, other.problem == "idempotency-key-reused" ? 1 : 0], [422, 1])
            let otherPath = await harness.call("POST", "/api/v1/organizations", body, key: "abc")
            XCTAssertEqual(otherPath.status, 422)
            let bad = await harness.call("POST", "/api/v1/organizations", body, key: "a b")
            XCTAssertEqual(Array(bad.errors.keys), ["header:Idempotency-Key"])

            let stored = try await harness.pool.query("SELECT body FROM idempotency_keys")
            let secret = try XCTUnwrap(first["key"]?.string)
            for row in stored {
                XCTAssertFalse(String(decoding: try row.bytes("body"), as: UTF8.self).contains(secret))
            }

            harness.time.advance(by: .seconds(86_401))
            let later = await harness.call(
                "POST", "/api/v1/virtual-keys", #"{"name": "k3", "team": "search"}"#, key: "abc")
            XCTAssertEqual(later.status, 201, "a day later the key is free again")
        }
    }

    func testAFailedRequestIsNotRemembered() throws {
        try AdminHarness.run { harness in
            let refused = await harness.call(
                "POST", "/api/v1/teams", #"{"name": "t", "organization": "acme"}"#, key: "k1")
            XCTAssertEqual(refused.status, 400)
            _ = await harness.create("organizations", #"{"name": "acme"}"#)
            let created = await harness.call(
                "POST", "/api/v1/teams", #"{"name": "t", "organization": "acme"}"#, key: "k1")
            XCTAssertEqual(created.status, 201, created.text)
        }
    }

    func testADuplicateThatComesMeanwhileIsToldToWait() throws {
        try AdminHarness.run { harness in
            let administrator = try await harness.pool.first("SELECT id FROM admin_tokens WHERE name = 'root'")
            let scope = "admin_token \(try XCTUnwrap(administrator).uuid("id"))"
            try await harness.pool.transaction { transaction in
                // What another request with the same key holds until it commits.
                _ = try await transaction.query(
                    "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [.text("weir idempotency \(scope) busy")])
                let reply = await harness.call("POST", "/api/v1/organizations", #"{"name": "acme"}"#, key: "busy")
                XCTAssertEqual([reply.status, reply.problem == "request-in-progress" ? 1 : 0], [409, 1])
                XCTAssertEqual(reply.headers["retry-after"], "1")
            }
            let reply = await harness.call("POST", "/api/v1/organizations", #"{"name": "acme"}"#, key: "busy")
            XCTAssertEqual(reply.status, 201)
        }
    }

    // MARK: The database is away

    func testWithoutADatabaseTheAnswerIs503AndSaysWhenToComeAgain() throws {
        try onLoop { actor in
            let pool = PostgresPool(
                on: actor.loop,
                options: .init(
                    settings: PostgresSettings(
                        connectionString: "host=/nonexistent user=weir dbname=x", statementTimeout: .seconds(1)),
                    acquireTimeout: .milliseconds(200)))
            defer { pool.close() }
            let api = AdminAPI(
                database: pool, vault: try CredentialVault(key: Array(repeating: 1, count: 32)), apiVersion: "1.2.3",
                log: Logger("test", to: LogOutput(descriptor: -1)), makeReplay: AdminHarness.makeReplay,
                onPublication: {})
            var request = AdminRequest(method: "GET", path: "/api/v1/teams")
            request.headers = [(name: "authorization", value: "Bearer \(AccessToken.generate(.administrator).text)")]
            let answer = await api.answer(request)
            XCTAssertEqual(answer.status, 503)
            XCTAssertTrue(answer.headers.contains { $0.name == "Retry-After" })
            XCTAssertFalse(
                String(decoding: answer.body, as: UTF8.self).contains("nonexistent"), "nothing of the connection")
            let document = await api.answer(AdminRequest(method: "GET", path: "/api/v1/openapi.json"))
            XCTAssertEqual(document.status, 200, "the document needs no database")
        }
    }
}

import Foundation
import Shared
import TestSupport
import XCTest

/// The token endpoint that the stub provider plays, and the Vertex AI behind it: what is given, and what is refused.
final class StubTokenTests: StubTestCase {
    private static let place = "/v1/projects/p/locations/l/publishers/google/models"
    private static let email = "weir@weir-tests.iam.gserviceaccount.com"
    private let file = FileManager.default.temporaryDirectory.path + "/weir-account-\(UUID().uuidString.prefix(8)).json"

    override var arguments: [String] { ["--service-account=\(file)", "--token-seconds=1"] }

    private func account(_ number: Int) throws -> JSONValue {
        let bytes = try XCTUnwrap(Golden.contents(of: "jwt/vectors.json"))
        return try XCTUnwrap(try JSONValue(parsing: bytes)["accounts"]?.array?[number]["account"])
    }

    override func setUpWithError() throws {
        try Data(try account(0).bytes).write(to: URL(fileURLWithPath: file))
        try super.setUpWithError()
    }

    override func tearDown() {
        super.tearDown()
        try? FileManager.default.removeItem(atPath: file)
    }

    /// An assertion that is right but for what is given.
    private struct Assertion {
        var algorithm = "RS256"
        var issuer = StubTokenTests.email
        var audience: String?
        var scope = "https://www.googleapis.com/auth/cloud-platform"
        /// Seconds from now.
        var issued: Int64 = -10
        var expires: Int64 = 3_590
        var signer = 0
        var isChanged = false
        var grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    }

    private func exchange(_ assertion: Assertion) throws -> HTTPAnswer {
        let now = WallTime.unixMilliseconds() / 1_000
        var header = JSONWriter()
        header.object {
            $0.member("alg", assertion.algorithm)
            $0.member("typ", "JWT")
        }
        var claims = JSONWriter()
        claims.object {
            $0.member("iss", assertion.issuer)
            $0.member("aud", assertion.audience ?? "http://127.0.0.1:\(port)/token")
            $0.member("scope", assertion.scope)
            $0.member("iat", now + assertion.issued)
            $0.member("exp", now + assertion.expires)
        }
        let text = "\(Base64URL.encode(header.bytes)).\(Base64URL.encode(claims.bytes))"
        let pem = Secret(try XCTUnwrap(try account(assertion.signer)["private_key"]?.string))
        var signature = try RSAPrivateKey(pem: pem).sign(Array(text.utf8))
        if assertion.isChanged { signature[17] ^= 1 }
        let form =
            "grant_type=\(PercentEncoding.encode(assertion.grantType))&assertion=\(text).\(Base64URL.encode(signature))"
        return try HTTPCaller(port: port).send(
            "POST", "/token", headers: [("content-type", "application/x-www-form-urlencoded")], body: Array(form.utf8))
    }

    private func ask(_ headers: [(String, String)], _ model: String = "gemini-3") throws -> Int {
        let body = Array(#"{"contents":[{"role":"user","parts":[{"text":"hello"}]}]}"#.utf8)
        return try HTTPCaller(port: port).send(
            "POST", "\(Self.place)/\(model):generateContent", headers: headers, body: body
        ).status
    }

    func testATokenIsTakenUntilItExpires() throws {
        let granted = try exchange(Assertion())
        XCTAssertEqual(granted.status, 200, granted.text)
        XCTAssertEqual(granted.json["expires_in"] as? Int, 1)
        let token = try XCTUnwrap(granted.json["access_token"] as? String)
        XCTAssertEqual(try ask([("authorization", "Bearer \(token)")]), 200)
        try waitUntil("it has expired") { try ask([("authorization", "Bearer \(token)")]) == 401 }
        for headers in [[], [("authorization", "Bearer \(token)x")], [("x-goog-api-key", key)]] {
            XCTAssertEqual(try ask(headers), 401, "\(headers)")
        }
    }

    func testAssertionsThatAreNotRightAreRefused() throws {
        let wrong: [(String, Assertion)] = [
            ("another key", Assertion(signer: 2)), ("a changed signature", Assertion(isChanged: true)),
            ("no algorithm", Assertion(algorithm: "none")), ("another account", Assertion(issuer: "other@x")),
            ("another server", Assertion(audience: "https://oauth2.googleapis.com/token")),
            ("no scope", Assertion(scope: "")), ("expired", Assertion(issued: -7_200, expires: -1)),
            ("of the future", Assertion(issued: 60)), ("long-lived", Assertion(expires: 7_200)),
            ("another grant", Assertion(grantType: "client_credentials")),
        ]
        for (what, assertion) in wrong {
            let refused = try exchange(assertion)
            XCTAssertEqual(refused.status, 400, "\(what): \(refused.text)")
            XCTAssertEqual(refused.json["error"] as? String, "invalid_grant", what)
        }
        let counts = try HTTPCaller(port: port).send("GET", "/stub/tokens").json
        XCTAssertEqual(counts["denied"] as? Int, wrong.count)
        XCTAssertEqual(counts["granted"] as? Int, 0)
    }
}

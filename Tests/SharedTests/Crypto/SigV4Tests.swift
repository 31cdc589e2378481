import Shared
import TestSupport
import XCTest

@testable import Shared

/// Against what botocore signs: `Tests/Golden/sigv4`.
final class SigV4Tests: XCTestCase {
    private struct Vectors {
        let accessKeyID: String
        let secret: Secret
        let signatures: [JSONValue]

        init() throws {
            let text = try Golden.lines(of: "sigv4/vectors.json").joined(separator: "\n")
            let value = try JSONValue(parsing: Array(text.utf8))
            accessKeyID = try XCTUnwrap(value["accessKeyID"]?.string)
            secret = Secret(try XCTUnwrap(value["secretAccessKey"]?.string))
            signatures = try XCTUnwrap(value["signatures"]?.array)
        }

        func signer(of vector: JSONValue) -> SigV4 {
            let credentials = SigV4.Credentials(
                accessKeyID: accessKeyID, secretAccessKey: secret,
                sessionToken: vector["token"]?.string.map { Secret($0) })
            return SigV4(
                credentials: credentials, region: vector["region"]?.string ?? "",
                service: vector["service"]?.string ?? "")
        }

        func request(of vector: JSONValue) -> SigV4.Request {
            let headers = (vector["headers"]?.array ?? []).map {
                SigV4.Request.Header($0.array?[0].string ?? "", $0.array?[1].string ?? "")
            }
            return SigV4.Request(
                method: vector["method"]?.string ?? "", path: vector["path"]?.string ?? "",
                query: vector["query"]?.string ?? "", headers: headers,
                payload: SHA256.digest(Array((vector["body"]?.string ?? "").utf8)),
                sendsPayloadDigest: vector["digest"]?.boolean ?? false)
        }
    }

    func testSignsAsBotocoreDoes() throws {
        let vectors = try Vectors()
        XCTAssertGreaterThanOrEqual(vectors.signatures.count, 20)
        for vector in vectors.signatures {
            let name = try XCTUnwrap(vector["name"]?.string)
            var signer = vectors.signer(of: vector)
            let request = vectors.request(of: vector)
            let time = try XCTUnwrap(vector["unixSeconds"]?.number?.int64)
            let signature = signer.sign(request, unixSeconds: time)
            XCTAssertEqual(signature.date, vector["date"]?.string, name)
            XCTAssertEqual(signature.securityToken?.reveal(), vector["token"]?.string, name)
            XCTAssertEqual(
                SigV4.canonicalRequest(request, signature).text, vector["canonicalRequest"]?.string, name)
            XCTAssertEqual(signature.authorization, vector["authorization"]?.string, name)
        }
    }

    func testThePathIsSignedExactlyAsItIsSent() throws {
        let vectors = try Vectors()
        let authorization = { name in vectors.signatures.first { $0["name"]?.string == name }?["authorization"]?.string
        }
        let encoded = try XCTUnwrap(authorization("bedrock-converse"))
        XCTAssertNotEqual(encoded.suffix(64), authorization("bedrock-path-not-encoded")?.suffix(64))
        XCTAssertNotEqual(encoded.suffix(64), authorization("bedrock-path-in-lower-case")?.suffix(64))
    }

    func testTheKeyOfADayIsKeptAndTheNextDayHasItsOwn() throws {
        let vectors = try Vectors()
        let vector = try XCTUnwrap(vectors.signatures.first)
        let request = vectors.request(of: vector)
        let noon = try XCTUnwrap(vector["unixSeconds"]?.number?.int64)
        var kept = vectors.signer(of: vector)
        for time in [noon, noon + 1, noon + 86_400, noon + 86_401, noon] {
            var fresh = vectors.signer(of: vector)
            XCTAssertEqual(kept.sign(request, unixSeconds: time), fresh.sign(request, unixSeconds: time))
        }
    }

    func testNeitherSecretNorTokenShowWhenASignerIsPrinted() {
        let signer = SigV4(
            credentials: .init(accessKeyID: "AKID", secretAccessKey: Secret("hidden"), sessionToken: Secret("hidden")),
            region: "us-east-1", service: "bedrock")
        XCTAssertFalse("\(signer)".contains("hidden"))
        XCTAssertFalse(String(reflecting: signer).contains("hidden"))
    }
}

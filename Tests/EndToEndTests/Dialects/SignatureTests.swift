import Foundation
import Shared
import TestSupport
import XCTest

/// Whether those take Weir's signatures who did not write them: moto, and botocore's own code with what arrived on the wire.
final class SignatureTests: FleetTestCase {
    /// What people give as models at Bedrock, and worse.
    private static let models = [
        "plain": "anthropic.claude-sonnet-4-5-20250929-v1:0",
        "profile":
            "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "odd": "odd ~ name+\u{e9}(1)*",
    ]
    /// By the names of their providers: as whom, with what else, and whether it is taken.
    private static let providers: [(name: String, fields: [String: String], isTaken: Bool)] = [
        ("user", [:], true), ("session", [:], true),
        ("curl", ["transport": "curl"], true), ("query", ["query": "b=2&a=x%20y&a=%2F"], true),
        ("wrong", [:], false), ("elsewhere", ["region": "us-east-1"], true),
    ]

    override class func makeFleet() throws -> TestFleet {
        try TestFleet.made { fleet in
            try fleet.startControl()
            try fleet.addStub("stub", ["--key=sk-stub"])
            try AWSServices.start(in: fleet, stubKey: "sk-stub")
            let aws = try AWSServices(of: fleet)
            try fleet.addDataPlane()
            try fleet.addTenant()
            try fleet.addChatModel(outputTokensMax: 4_096)
            var wrong = aws.user
            wrong.secretAccessKey = String(wrong.secretAccessKey.reversed())
            for (name, fields, _) in providers {
                let credential = ["session": aws.session, "wrong": wrong][name] ?? aws.user
                try fleet.admin("POST", "credentials", ["name": name, "value": credential.value])
                try fleet.admin(
                    "POST", "providers",
                    [
                        "name": name, "dialect": "bedrock", "base_url": "http://127.0.0.1:\(aws.bedrockPort)",
                        "credential": name, "region": aws.region,
                    ].merging(fields) { $1 })
                for (kind, model) in models {
                    let target = ["provider": name, "model": "gpt-4o-mini", "upstream_model_name": model]
                    try fleet.addRoute("\(name)-\(kind)", [target], fields: ["retries_max": 0])
                }
            }
        }
    }

    // MARK: Through Weir

    func testWhatArrivesOfARequestHasTheSignatureThatBotocoreComputes() throws {
        let fleet = try fleet()
        let aws = try AWSServices(of: fleet)
        let key = try fleet.makeKey("signed").text
        try fleet.waitUntilConfigured()
        let caller = fleet.data.caller()
        for (name, fields, isTaken) in Self.providers where isTaken {
            for (kind, model) in Self.models {
                let before = try aws.verdicts().count
                let route = "\(name)-\(kind)"
                // Longer than what goes out in one piece with its head.
                let long = String(repeating: "m\u{fc}ller ", count: 20_000)
                let whole = try caller.chat(key, chatBody(route, long))
                let stream = try caller.chat(key, chatBody(route, stream: true))
                XCTAssertEqual([whole.status, stream.status], [200, 200], "\(route): \(whole.text) \(stream.text)")
                XCTAssertEqual(stream.events.last, "[DONE]", route)
                // In its own dialect, where the body passes as it came.
                let own = try DialectSpeech.bedrock.send(.init(model: route), as: key, to: caller)
                XCTAssertEqual(own.status, 200, "\(route): \(own.text)")

                let verdicts = try aws.verdicts().dropFirst(before)
                XCTAssertEqual(verdicts.count, 3, route)
                XCTAssertEqual(verdicts.map(\.botocore), [true, true, true], route)
                XCTAssertEqual(verdicts.map(\.moto), [500, 500, 500], route)
                XCTAssertEqual(verdicts.map { $0.bodyBytes > 100_000 }, [true, false, false], route)
                let region = fields["region"] ?? aws.region
                for verdict in verdicts {
                    XCTAssertEqual([verdict.region, verdict.service], [region, "bedrock"], route)
                    XCTAssertEqual(verdict.hasToken, name == "session", route)
                    XCTAssertEqual(
                        verdict.signed, ["host", "x-amz-date"] + (name == "session" ? ["x-amz-security-token"] : []),
                        route)
                    XCTAssertTrue(verdict.target.hasPrefix("/model/\(PercentEncoding.encode(model))/converse"), route)
                    XCTAssertEqual(verdict.target.contains("?b=2&a=x%20y&a=%2F"), name == "query", verdict.target)
                }
            }
        }
    }

    func testAWrongSecretIsRefusedByBoth() throws {
        let fleet = try fleet()
        let aws = try AWSServices(of: fleet)
        let key = try fleet.makeKey("refused").text
        try fleet.waitUntilConfigured()
        let answer = try fleet.data.caller().chat(key, chatBody("wrong-plain"))
        XCTAssertEqual(answer.status, 502, answer.text)
        XCTAssertEqual(answer.errorCode, "upstream_credential_rejected")
        let verdict = try XCTUnwrap(try aws.verdicts().last { $0.key == aws.user.accessKeyID && !$0.botocore })
        XCTAssertEqual(verdict.moto, 403)
    }

    func testAProbeIsSignedToo() throws {
        let fleet = try fleet()
        let aws = try AWSServices(of: fleet)
        for name in ["session", "query"] {
            try fleet.change("providers", named: name, ["probe": ["interval_seconds": 1, "timeout_ms": 10_000]])
        }
        try waitUntil("both were asked", detail: { fleet.tails }) {
            try fleet.data.metric(#"weir_probes_total{provider="session",outcome="model_not_found"}"#) > 0
                && fleet.data.metric(#"weir_probes_total{provider="query",outcome="model_not_found"}"#) > 0
        }
        let probes = try aws.verdicts().filter { $0.method == "GET" }
        XCTAssertEqual(Set(probes.map(\.target)), ["/async-invoke", "/async-invoke?b=2&a=x%20y&a=%2F"])
        XCTAssertEqual(Set(probes.map(\.hasToken)), [true, false])
        XCTAssertTrue(probes.allSatisfy(\.botocore), "\(probes)")
        for name in ["session", "query"] { try fleet.change("providers", named: name, ["probe": NSNull()]) }
    }

    // MARK: The signer alone

    /// One request to moto.
    private struct Call {
        var service = "iam"
        var path = "/"
        var query = ""
        var headers: [(String, String)] = []
        var body = "Action=ListUsers&Version=2010-05-08"
        /// Of what is signed; nil: that of what is sent.
        var signedBody: String?
        /// Sent in place of what was signed.
        var date: String?
        var digest = false
    }

    private func send(_ call: Call, as credential: AWSServices.Credential, _ aws: AWSServices) throws -> HTTPAnswer {
        var signer = credential.signer(aws.region, call.service)
        let type = "application/x-www-form-urlencoded; charset=utf-8"
        let signed = [("host", "127.0.0.1:\(aws.motoPort)"), ("content-type", type)] + call.headers
        let signature = signer.sign(
            .init(
                method: "POST", path: call.path, query: call.query,
                headers: signed.map { .init($0.0, $0.1) },
                payload: SHA256.digest(Array((call.signedBody ?? call.body).utf8)), sendsPayloadDigest: call.digest),
            unixSeconds: WallTime.unixMilliseconds() / 1_000)
        var headers = Array(signed.dropFirst())
        headers += [("authorization", signature.authorization), ("x-amz-date", call.date ?? signature.date)]
        if let token = signature.securityToken { headers.append(("x-amz-security-token", token.reveal())) }
        if let digest = signature.payloadDigest { headers.append(("x-amz-content-sha256", digest)) }
        let target = call.path + (call.query.isEmpty ? "" : "?\(call.query)")
        return try HTTPCaller(port: aws.motoPort).send("POST", target, headers: headers, body: Array(call.body.utf8))
    }

    func testMotoTakesWhatTheSignerSigns() throws {
        let aws = try AWSServices(of: try fleet())
        let identity = "Action=GetCallerIdentity&Version=2011-06-15"
        let calls: [(String, Call, String)] = [
            ("a body", Call(), "<UserName>caller</UserName>"),
            ("another service", Call(service: "sts", body: identity), "<Account>123456789012</Account>"),
            ("a query", Call(query: "zeta=1&alpha=%C3%A9%20%2F&alpha=&beta"), "ListUsersResponse"),
            ("more fields", Call(headers: [("x-amz-b", "  two   words "), ("x-amz-a", "1")]), "ListUsersResponse"),
            ("the digest of the body", Call(digest: true), "ListUsersResponse"),
            (
                "odd characters",
                Call(body: "Action=ListUsers&Version=2010-05-08&PathPrefix=%2F&Marker=%2B%3D%2C.%40-_~+%E2%82%AC"),
                "ListUsersResponse"
            ),
            (
                "a long body",
                Call(body: "Action=ListUsers&Version=2010-05-08&Marker=" + String(repeating: "m", count: 200_000)),
                "ListUsersResponse"
            ),
        ]
        for (who, credential) in [("user", aws.user), ("session", aws.session)] {
            for (what, call, said) in calls {
                let answer = try send(call, as: credential, aws)
                XCTAssertEqual(answer.status, 200, "\(who), \(what): \(answer.text.prefix(500))")
                XCTAssertTrue(answer.text.contains(said), "\(who), \(what): \(answer.text.prefix(500))")
            }
        }
    }

    func testMotoRefusesWhatWasChangedOrSignedByAnother() throws {
        let aws = try AWSServices(of: try fleet())
        var wrong = aws.user
        wrong.secretAccessKey = aws.session.secretAccessKey
        var stranger = aws.user
        stranger.accessKeyID = "AKIAIOSFODNN7EXAMPLE"
        var tokenless = aws.session
        tokenless.sessionToken = nil
        var otherToken = aws.session
        otherToken.sessionToken = aws.session.sessionToken.map { $0 + "A" }
        let refusals: [(String, AWSServices.Credential, Call, String)] = [
            ("a wrong secret", wrong, Call(), "SignatureDoesNotMatch"),
            (
                "a changed body", aws.user, Call(signedBody: "Action=ListUsers&Version=2010-05-0"),
                "SignatureDoesNotMatch"
            ),
            ("a changed date", aws.user, Call(date: "20260101T000000Z"), "SignatureDoesNotMatch"),
            ("an unknown key", stranger, Call(), "InvalidClientTokenId"),
            ("a session without its token", tokenless, Call(), "InvalidClientTokenId"),
            ("a session with another token", otherToken, Call(), "InvalidClientTokenId"),
        ]
        for (what, credential, call, code) in refusals {
            let answer = try send(call, as: credential, aws)
            XCTAssertEqual(answer.status, 403, "\(what): \(answer.text)")
            XCTAssertTrue(answer.text.contains("<Code>\(code)</Code>"), "\(what): \(answer.text)")
        }
    }
}

import Foundation
import Shared
import Synchronization
import TestSupport

/// Stands between a data plane and the control plane, passes everything on, and puts manifests of its own making in the
/// place of the real ones.
///
/// The data plane's heartbeats reach the real control plane, so that what it says of a forgery is seen where an operator
/// would look.
final class MeddlingFleet: Sendable {
    /// What `GET /fleet/v1/manifest` answers: the bytes, and blobs that go with them.
    struct Forgery: Sendable {
        var envelope: [UInt8]
        var blobs: [String: [UInt8]] = [:]
    }

    private struct State {
        var forgery: Forgery?
        /// How often the forgery was taken.
        var served = 0
        /// The last manifests that the control plane gave out, oldest first.
        var genuine: [[UInt8]] = []
    }

    private let state = Mutex(State())
    private let upstream: UInt16
    private let listener: Mutex<RawListener?> = Mutex(nil)

    init(upstream: UInt16) throws {
        self.upstream = upstream
        let made = try RawListener { [unowned self] in self.answer($0) }
        listener.withLock { $0 = made }
    }

    var port: UInt16 { listener.withLock { $0!.port } }
    func close() { listener.withLock { $0?.close() } }

    var served: Int { state.withLock { $0.served } }
    var genuine: [[UInt8]] { state.withLock { $0.genuine } }

    /// nil: everything is passed on again.
    func forge(_ forgery: Forgery?) {
        state.withLock {
            $0.forgery = forgery
            $0.served = 0
        }
    }

    private func answer(_ request: RawListener.Request) -> RawListener.Response {
        let path = request.target.prefix { $0 != "?" }
        if path == "/fleet/v1/manifest" { return manifest(request) }
        if path.hasPrefix("/fleet/v1/blobs/"),
            let blob = state.withLock({ $0.forgery?.blobs[String(path.dropFirst(16))] })
        {
            return RawListener.Response(
                status: 200, headers: [("content-type", "application/octet-stream")], body: blob)
        }
        return pass(request, target: request.target)
    }

    /// Waits here rather than at the control plane, so that a forgery is served at once.
    private func manifest(_ request: RawListener.Request) -> RawListener.Response {
        let query = request.target.drop { $0 != "?" }.dropFirst().split(separator: "&").map(String.init)
        let wait = query.first { $0.hasPrefix("wait=") }.flatMap { Int($0.dropFirst(5)) } ?? 0
        let unhurried = query.filter { !$0.hasPrefix("wait=") } + ["wait=0"]
        let deadline = ContinuousClock.now + .seconds(wait)
        while true {
            // To every poll, again and again: a poll of a process that was killed meanwhile may take one of them.
            let forged = state.withLock { state -> [UInt8]? in
                guard let forgery = state.forgery else { return nil }
                state.served += 1
                return forgery.envelope
            }
            if let forged {
                return RawListener.Response(status: 200, headers: [("content-type", "application/json")], body: forged)
            }
            let answer = pass(request, target: "/fleet/v1/manifest?" + unhurried.joined(separator: "&"))
            if answer.status == 200 { state.withLock { $0.genuine.append(answer.body) } }
            if answer.status != 204 { return answer }
            guard ContinuousClock.now < deadline else { return RawListener.Response(status: 204) }
            Thread.sleep(forTimeInterval: 0.02)
        }
    }

    private func pass(_ request: RawListener.Request, target: String) -> RawListener.Response {
        let ours: Set = ["host", "content-length", "connection", "expect", "transfer-encoding"]
        let headers = request.headers.filter { !ours.contains($0.name) }.map { ($0.name, $0.value) }
        guard
            let answer = try? HTTPCaller(port: upstream, timeout: .seconds(60)).send(
                request.method, target, headers: headers, body: request.body)
        else { return RawListener.Response(status: 502) }
        let kept = answer.headers.filter { !ours.contains($0.name.lowercased()) }
        return RawListener.Response(status: answer.status, headers: kept, body: answer.body)
    }
}

/// Reads and makes signed manifests.
struct ManifestForge {
    let key: Ed25519PrivateKey

    /// The control plane's own key: what is signed with it is refused for its content or not at all.
    init(fleet: TestFleet) throws {
        let text = try String(contentsOfFile: fleet.signingKeyFile, encoding: .utf8)
        guard let seed = Base64.decode(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw TestFailure("signing key: \(text.count) characters that are no base64")
        }
        key = try Ed25519PrivateKey(rawBytes: seed)
    }

    init(key: Ed25519PrivateKey) { self.key = key }

    static func payload(of envelope: [UInt8]) throws -> [UInt8] {
        let decoded = try JSONDecoder().decode(SignedEnvelope.self, from: Data(envelope))
        return Base64.decode(decoded.payload) ?? []
    }

    static func manifest(of envelope: [UInt8]) throws -> Manifest {
        try JSONDecoder().decode(Manifest.self, from: Data(try payload(of: envelope)))
    }

    /// The manifest that would properly follow `envelope`.
    static func successor(of envelope: [UInt8]) throws -> Manifest {
        var manifest = try manifest(of: envelope)
        manifest.version += 1
        manifest.previousSHA256 = SHA256.digest(try payload(of: envelope)).hex
        return manifest
    }

    func sign(_ manifest: Manifest) -> [UInt8] { sign(payload: CanonicalJSON.encode(manifest)) }

    func sign(payload: [UInt8], type: String = Manifest.payloadType) -> [UInt8] {
        let signed = SignedEnvelope.preAuthenticationEncoding(payloadType: type, payload: payload)
        return CanonicalJSON.encode(
            SignedEnvelope(
                payloadType: type, payload: Base64.encode(payload),
                signatures: [.init(keyid: key.publicKey.keyID, sig: Base64.encode(key.sign(signed)))]))
    }
}

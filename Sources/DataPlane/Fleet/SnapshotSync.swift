import Shared

/// Follows the control plane's snapshots: asks for the next one, checks it, keeps it, hands it on.
///
/// Concurrency: belongs to the control loop; one task runs it.
final class SnapshotSync {
    private let verifier: SnapshotVerifier
    private let store: SnapshotStore
    private let client: FleetClient
    private let status: FleetStatus
    private let loop: EventLoop
    private let log = Logger("snapshots")
    private var random = SecureRandom()
    private var highest: UInt64 = 0
    private var accepted: SnapshotVerifier.Accepted?
    private var loaded: [String: [UInt8]] = [:]
    private(set) var isStopped = false

    /// How long the control plane may hold a request for the next manifest.
    private static let pollSeconds = 25

    init(
        _ configuration: FleetConfiguration, store: SnapshotStore, client: FleetClient, status: FleetStatus,
        on loop: EventLoop
    ) {
        verifier = SnapshotVerifier(fleet: configuration.name, trustedKeys: configuration.publicKeys)
        self.store = store
        self.client = client
        self.status = status
        self.loop = loop
    }

    /// The last good snapshot from the disk, verified again; nil when there is none, or it is not good any more.
    func restore() throws(FleetStateError) -> DecodedSnapshot? {
        highest = try store.highestVersion()
        guard let envelope = store.envelope() else { return nil }
        do throws(SnapshotRejection) {
            let verified = try verifier.verify(envelope: envelope, minimumVersion: highest, previous: nil)
            var blobs: [String: [UInt8]] = [:]
            for blob in verified.manifest.blobs { blobs[blob.sha256] = store.blob(blob.sha256) }
            let decoded = try verifier.decode(verified, blobs: blobs)
            use(verified)
            return decoded
        } catch {
            reject(error, during: "the snapshot on the disk is not used")
            return nil
        }
    }

    private func use(_ verified: SnapshotVerifier.VerifiedManifest) {
        highest = max(highest, verified.manifest.version)
        accepted = .init(version: verified.manifest.version, payloadSHA256: verified.payloadSHA256)
        status.update {
            $0.snapshotVersion = verified.manifest.version
            $0.expiresUnixMilliseconds = verified.manifest.expiresUnixMilliseconds
            $0.rejection = nil
        }
    }

    private func reject(_ rejection: SnapshotRejection, during what: StaticString) {
        log.error(
            what,
            [
                "reason": .text(rejection.kind.rawValue), "version": .text(rejection.version),
                "detail": .text(rejection.detail),
            ])
        guard rejection.kind != .unavailable else { return }
        let now = WallTime.unixMilliseconds()
        status.update {
            $0.rejections += 1
            $0.rejection = Heartbeat.Rejection(
                version: rejection.version, reason: rejection.kind.rawValue, detail: rejection.detail,
                atUnixMilliseconds: now)
        }
    }

    /// Runs until `stop`. `deliver` gets each accepted snapshot; `changed` is called when there is something to report.
    func run(deliver: (DecodedSnapshot) async -> Void, changed: () -> Void) async {
        var backoff = Backoff()
        var isReachable = true
        while !isStopped {
            do {
                if let decoded = try await next() {
                    await deliver(decoded)
                    changed()
                }
                if !isReachable { log.info("the control plane is reachable again") }
                isReachable = true
                backoff.reset()
            } catch let rejection as SnapshotRejection {
                reject(rejection, during: "a snapshot was refused")
                changed()
                // The same one would come again at once.
                await loop.sleep(for: .seconds(1))
            } catch {
                if isReachable { log.warning("the control plane cannot be reached", ["error": .text("\(error)")]) }
                isReachable = false
                await loop.sleep(for: backoff.next(using: &random))
            }
        }
    }

    func stop() { isStopped = true }

    /// The next snapshot; nil when there was none within the poll.
    private func next() async throws -> DecodedSnapshot? {
        let response = try await client.send(
            "GET", "/fleet/v1/manifest?after=\(highest)&wait=\(Self.pollSeconds)",
            timeout: .seconds(Self.pollSeconds + 10), bodyBytesMax: SnapshotStore.envelopeBytesMax)
        switch response.status {
        case 200: break
        case 204: return nil
        default:
            throw FleetClient.Unavailable(
                description: "the control plane answered with \(response.status)", status: response.status)
        }
        let verified = try verifier.verify(envelope: response.body, minimumVersion: highest + 1, previous: accepted)
        var blobs: [String: [UInt8]] = [:]
        var fetched: [String: [UInt8]] = [:]
        for blob in verified.manifest.blobs where blobs[blob.sha256] == nil {
            if let kept = store.blob(blob.sha256), kept.count == blob.bytes {
                blobs[blob.sha256] = kept
                continue
            }
            let bytes = try await fetch(blob, version: verified.manifest.version)
            blobs[blob.sha256] = bytes
            fetched[blob.sha256] = bytes
        }
        let decoded = try verifier.decode(verified, blobs: blobs)
        do throws(FileError) {
            try store.save(envelope: response.body, manifest: verified.manifest, fetched: fetched)
        } catch {
            // It serves all the same: a disk that is full must not keep a revoked key alive.
            log.error("the snapshot cannot be kept on the disk", ["error": .text("\(error)")])
        }
        use(verified)
        return decoded
    }

    private func fetch(_ blob: Manifest.Blob, version: UInt64) async throws -> [UInt8] {
        guard blob.bytes >= 0, blob.bytes <= SnapshotStore.blobBytesMax, blob.sha256.utf8.count == 64,
            blob.sha256.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { throw SnapshotRejection(kind: .malformed, version: version, detail: "blob \(blob.name)") }
        let response = try await client.send(
            "GET", "/fleet/v1/blobs/\(blob.sha256)", timeout: .seconds(60), bodyBytesMax: blob.bytes + 1024)
        guard response.status == 200 else {
            throw SnapshotRejection(
                kind: .unavailable, version: version, detail: "blob \(blob.name): status \(response.status)")
        }
        return response.body
    }
}

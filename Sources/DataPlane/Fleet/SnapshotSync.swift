import Shared

/// Follows the control plane's snapshots: asks for the next one, checks it, keeps it, hands it on.
///
/// Concurrency: belongs to the control loop; one task runs it.
final class SnapshotSync {
    private let verifier: SnapshotVerifier
    private let store: SnapshotStore
    private let client: FleetClient
    private let status: FleetStatus
    private let stopping: LevelSignal
    private let log = Logger("snapshots")
    private var random = SecureRandom()
    private var highest: SnapshotVerifier.Accepted?
    /// In use. nil with a `highest` when the copy on the disk was no good.
    private var current: DecodedSnapshot?
    private var lastLogged: SnapshotRejection?

    /// How long the control plane may hold a request for the next manifest.
    private static let pollSeconds = 25

    init(
        _ configuration: FleetConfiguration, store: SnapshotStore, client: FleetClient, status: FleetStatus,
        stopping: LevelSignal
    ) {
        verifier = SnapshotVerifier(fleet: configuration.name, trustedKeys: configuration.publicKeys)
        self.store = store
        self.client = client
        self.status = status
        self.stopping = stopping
    }

    /// The last good snapshot from the disk, verified again; nil when there is none, or it is not good any more.
    func restore() throws(FleetStateError) -> DecodedSnapshot? {
        let lock: FileLock
        do throws(FileError) { lock = try store.lock() } catch { throw FleetStateError(description: "\(error)") }
        defer { withExtendedLifetime(lock) {} }
        highest = try store.highest()
        guard let envelope = store.envelope() else { return nil }
        do throws(SnapshotRejection) {
            let verified = try verifier.verify(envelope: envelope, highest: highest)
            let decoded = try verifier.decode(verified) { store.blob($0.sha256).map { .file($0) } }
            use(verified, decoded)
            return decoded
        } catch {
            reject(error, during: "the snapshot on the disk is not used")
            return nil
        }
    }

    private func use(_ verified: SnapshotVerifier.VerifiedManifest, _ decoded: DecodedSnapshot) {
        highest = .init(version: verified.manifest.version, payloadSHA256: verified.payloadSHA256)
        current = decoded
        lastLogged = nil
        status.update {
            $0.snapshotVersion = verified.manifest.version
            $0.expiresUnixMilliseconds = verified.manifest.expiresUnixMilliseconds
            $0.rejection = nil
        }
    }

    private func reject(_ rejection: SnapshotRejection, during what: StaticString) {
        // A control plane that has nothing better offers the same again every second; once is enough to read.
        if rejection != lastLogged {
            lastLogged = rejection
            log.error(
                what,
                [
                    "reason": .text(rejection.kind.rawValue), "version": .text(rejection.version),
                    "detail": .text(rejection.detail),
                ])
        }
        guard rejection.kind != .unavailable else { return }
        let now = WallTime.unixMilliseconds()
        status.update {
            $0.rejections += 1
            $0.rejection = Heartbeat.Rejection(
                version: rejection.version, reason: rejection.kind.rawValue, detail: rejection.detail,
                atUnixMilliseconds: now)
        }
    }

    /// Runs until `stopping` is raised. `deliver` gets each accepted snapshot; `changed` is called when there is something to report.
    func run(deliver: (DecodedSnapshot) async -> Void, changed: () -> Void) async {
        var backoff = Backoff()
        var isReachable = true
        while stopping.level == 0 {
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
                _ = await stopping.wait(beyond: 0, timeout: .seconds(1))
            } catch {
                if stopping.level > 0 { return }
                if isReachable { log.warning("the control plane cannot be reached", ["error": .text("\(error)")]) }
                isReachable = false
                _ = await stopping.wait(beyond: 0, timeout: backoff.next(using: &random))
            }
        }
    }

    /// The next snapshot; nil when there was none within the poll.
    private func next() async throws -> DecodedSnapshot? {
        // Whoever lost the bytes of the highest version may have them once more.
        let known = highest?.version ?? 0
        let after = current == nil && known > 0 ? known - 1 : known
        let response = try await client.send(
            "GET", "/fleet/v1/manifest?after=\(after)&wait=\(Self.pollSeconds)",
            timeout: .seconds(Self.pollSeconds + 10), bodyBytesMax: SnapshotStore.envelopeBytesMax)
        switch response.status {
        case 200: break
        case 204: return nil
        default:
            throw FleetClient.Unavailable(
                description: "the control plane answered with \(response.status)", status: response.status)
        }
        let verified = try verifier.verify(envelope: response.body, highest: highest)
        if let current, current.manifest.version == verified.manifest.version {
            throw SnapshotRejection(kind: .version, version: current.manifest.version, detail: "it is in use already")
        }
        var contents: [String: SnapshotVerifier.BlobContent] = [:]
        for blob in verified.manifest.blobs
        where contents[blob.sha256] == nil && current?.unchangedShard(blob) == nil {
            contents[blob.sha256] = try await content(of: blob, version: verified.manifest.version)
        }
        let decoded = try verifier.decode(verified, previous: current) { contents[$0.sha256] }
        do throws(FileError) { try store.save(envelope: response.body, verified) } catch {
            // It serves all the same: a disk that is full must not keep a revoked key alive.
            log.error("the snapshot cannot be kept on the disk", ["error": .text("\(error)")])
        }
        use(verified, decoded)
        return decoded
    }

    /// From the disk if it is there, else from the control plane, and then to the disk.
    private func content(of blob: Manifest.Blob, version: UInt64) async throws -> SnapshotVerifier.BlobContent {
        guard SHA256Digest(hex: blob.sha256) != nil else {
            throw SnapshotRejection(kind: .malformed, version: version, detail: "blob \(blob.name): no hash")
        }
        if let file = store.blob(blob.sha256) {
            let kept = SnapshotVerifier.BlobContent.file(file)
            if kept.isExactly(blob) { return kept }
            store.discard(blob.sha256)
        }
        let bytes = try await fetch(blob, version: version)
        guard SnapshotVerifier.BlobContent.bytes(bytes).isExactly(blob) else {
            throw SnapshotRejection(kind: .blobHash, version: version, detail: "blob \(blob.name) has another hash")
        }
        do throws(FileError) { return .file(try store.keep(bytes, as: blob.sha256)) } catch {
            log.error("a blob cannot be kept on the disk", ["error": .text("\(error)")])
            return .bytes(bytes)
        }
    }

    private func fetch(_ blob: Manifest.Blob, version: UInt64) async throws -> [UInt8] {
        guard (0...SnapshotStore.blobBytesMax).contains(blob.bytes) else {
            throw SnapshotRejection(kind: .malformed, version: version, detail: "blob \(blob.name)")
        }
        let response = try await client.send(
            "GET", "/fleet/v1/blobs/\(blob.sha256)", timeout: .seconds(60), bodyBytesMax: blob.bytes + 1024)
        guard response.status == 200 else {
            throw SnapshotRejection(
                kind: .unavailable, version: version, detail: "blob \(blob.name): status \(response.status)")
        }
        return response.body
    }
}

import Glibc
import Shared

/// The last good snapshot on the disk, and the highest version ever accepted.
///
/// - Shape: `snapshot/manifest.json` (the envelope as it came), `snapshot/highest` (its version and the SHA-256 of its
///   payload), `snapshot/blobs/<sha256>`. Each file is written beside its place and renamed, blobs first, so that a crash
///   leaves the old snapshot or the new one. Blobs are mapped, and never changed: one that goes out of use is unlinked.
///   While one process takes another over, both follow the control plane and keep what they get: each does so under
///   `snapshot/write-lock`, and never goes back to a version before the one on the disk.
struct SnapshotStore {
    private let directory: String
    private var blobs: String { directory + "/blobs" }

    /// A policy and 256 shards of a million keys: 200 MiB.
    static let blobBytesMax = 256 * 1024 * 1024
    static let envelopeBytesMax = 4 * 1024 * 1024

    init(dataDirectory: String) throws(FileError) {
        directory = dataDirectory + "/snapshot"
        try DurableFile.createDirectory(directory)
        try DurableFile.createDirectory(directory + "/blobs")
    }

    /// Hold it while reading more than one file.
    func lock() throws(FileError) -> FileLock {
        try FileLock.wait(for: directory + "/write-lock", atMost: .seconds(1))
    }

    /// nil: none was accepted yet.
    ///
    /// - Errors: a file that is there and cannot be understood. Without it an old snapshot could be played again.
    func highest() throws(FleetStateError) -> SnapshotVerifier.Accepted? {
        let path = directory + "/highest"
        guard DurableFile.exists(path) else { return nil }
        do throws(FileError) {
            let words = String(decoding: try DurableFile.read(path, limit: 128), as: UTF8.self).split(separator: " ")
            guard words.count == 2, let version = UInt64(words[0]), SHA256Digest(hex: words[1]) != nil else {
                throw FileError(call: "parse", path: path, code: 22)
            }
            return .init(version: version, payloadSHA256: String(words[1]))
        } catch { throw FleetStateError(description: "\(error)") }
    }

    func envelope() -> [UInt8]? { try? DurableFile.read(directory + "/manifest.json", limit: Self.envelopeBytesMax) }

    /// The blob, mapped; its hash is for the caller to check.
    func blob(_ sha256: String) -> MappedFile? { try? MappedFile.open(reading: blobs + "/" + sha256) }

    /// Keeps a blob whose hash was checked, and maps it.
    func keep(_ bytes: [UInt8], as sha256: String) throws(FileError) -> MappedFile {
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        try DurableFile.write(bytes, to: blobs + "/" + sha256)
        return try MappedFile.open(reading: blobs + "/" + sha256)
    }

    /// Removes a blob that is not what its name says.
    func discard(_ sha256: String) { try? DurableFile.remove(blobs + "/" + sha256) }

    /// Keeps an accepted snapshot whose blobs are here, then drops what it does not need.
    func save(envelope: [UInt8], _ verified: SnapshotVerifier.VerifiedManifest) throws(FileError) {
        let manifest = verified.manifest
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        // Another process of this node may be ahead: what is on the disk then is newer, and whole.
        if let kept = try? highest(), kept.version > manifest.version { return }
        // Or may have been behind, and have dropped a blob that its older snapshot did not need.
        for blob in manifest.blobs where !DurableFile.exists(blobs + "/" + blob.sha256) {
            throw FileError(call: "open", path: blobs + "/" + blob.sha256, code: ENOENT)
        }
        // The manifest before the version: after a crash in between, the new snapshot is on the disk and above the version,
        // so it is taken.
        try DurableFile.write(envelope, to: directory + "/manifest.json")
        try DurableFile.write(Array("\(manifest.version) \(verified.payloadSHA256)".utf8), to: directory + "/highest")
        let needed = Set(manifest.blobs.map(\.sha256))
        for name in try DurableFile.list(blobs) where !needed.contains(name) {
            try DurableFile.remove(blobs + "/" + name)
        }
    }
}

import Shared

/// The last good snapshot on the disk, and the highest version ever accepted.
///
/// - Shape: `snapshot/manifest.json` (the envelope as it came), `snapshot/highest`, `snapshot/blobs/<sha256>`. Each file is
///   written beside its place and renamed, blobs first, so that a crash leaves the old snapshot or the new one.
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

    /// 0: none was accepted yet.
    func highestVersion() throws(FleetStateError) -> UInt64 {
        let path = directory + "/highest"
        guard DurableFile.exists(path) else { return 0 }
        do throws(FileError) {
            let bytes = try DurableFile.read(path, limit: 64)
            guard let version = UInt64(String(decoding: bytes, as: UTF8.self)) else {
                throw FileError(call: "parse", path: path, code: 22)
            }
            return version
        } catch { throw FleetStateError(description: "\(error)") }
    }

    func envelope() -> [UInt8]? { try? DurableFile.read(directory + "/manifest.json", limit: Self.envelopeBytesMax) }

    func blob(_ sha256: String) -> [UInt8]? { try? DurableFile.read(blobs + "/" + sha256, limit: Self.blobBytesMax) }

    /// Keeps an accepted snapshot, then drops what it does not need.
    func save(
        envelope: [UInt8], manifest: Manifest, fetched: [String: [UInt8]]
    ) throws(FileError) {
        for (sha256, bytes) in fetched { try DurableFile.write(bytes, to: blobs + "/" + sha256) }
        // The manifest before the version: after a crash in between, the new snapshot is on the disk and above the version,
        // so it is taken.
        try DurableFile.write(envelope, to: directory + "/manifest.json")
        try DurableFile.write(Array(String(manifest.version).utf8), to: directory + "/highest")
        let needed = Set(manifest.blobs.map(\.sha256))
        for name in try DurableFile.list(blobs) where !needed.contains(name) { try DurableFile.remove(blobs + "/" + name) }
    }
}

import FoundationEssentials
import Glibc
import Shared

/// Who this replica is, over all its starts: kept in its data directory, readable by its user alone.
struct NodeIdentity {
    let nodeID: ObjectID
    /// What provider credentials are sealed to on their way here.
    let sealingKey: X25519PrivateKey

    /// Held while this process lives: two in one folder would be one replica twice. A process that takes this one over holds it too.
    let lock: FileLock

    private struct Stored: Codable {
        var nodeID: ObjectID
        var sealingKey: String
    }

    private static let fileBytesMax = 4096

    /// Whether a process uses the folder at this moment. Makes nothing.
    ///
    /// - Errors: as `load`.
    static func isHeld(directory: String) throws(FleetStateError) -> Bool {
        guard DurableFile.exists(directory + "/node.json") else { return false }
        do throws(FileError) { _ = try stored(at: directory + "/node.json") } catch {
            throw FleetStateError(description: "\(error). \(advice(error))")
        }
        guard DurableFile.exists(directory + "/lock") else { return false }
        do throws(FileError) { return try FileLock.isHeld(directory + "/lock") } catch {
            throw FleetStateError(description: "\(error)")
        }
    }

    private static func stored(at path: String) throws(FileError) -> (ObjectID, X25519PrivateKey) {
        let bytes = try DurableFile.read(path, limit: fileBytesMax)
        guard let stored: Stored = try? StrictJSONDecoder.decode(from: bytes),
            let raw = Base64.decode(stored.sealingKey), let key = try? X25519PrivateKey(rawBytes: raw)
        else { throw FileError(call: "parse", path: path, code: EINVAL) }
        return (stored.nodeID, key)
    }

    private static func advice(_ error: FileError) -> String {
        error.code == EBUSY
            ? "Another process uses this folder; each needs one of its own, or starts with --take-over."
            : "Restore the file, or remove the folder to begin anew."
    }

    /// Reads the identity, or makes one at the first start.
    ///
    /// - Parameter inheriting: the descriptor of the folder's lock, from the process that is taken over.
    /// - Errors: `FleetStateError` when the file is there and cannot be understood: a new identity would orphan the journal.
    static func load(directory: String, inheriting: Int32? = nil) throws(FleetStateError) -> NodeIdentity {
        let path = directory + "/node.json"
        do throws(FileError) {
            let lock: FileLock
            if let inheriting {
                lock = try FileLock(adopting: inheriting, of: directory + "/lock")
            } else {
                try DurableFile.createDirectory(directory)
                guard let acquired = try FileLock.acquire(directory + "/lock") else {
                    throw FileError(call: "lock", path: directory, code: EBUSY)
                }
                lock = acquired
            }
            guard DurableFile.exists(path) else {
                let made = NodeIdentity(nodeID: .random(), sealingKey: X25519PrivateKey(), lock: lock)
                let stored = Stored(nodeID: made.nodeID, sealingKey: Base64.encode(made.sealingKey.rawBytes))
                try DurableFile.write(CanonicalJSON.encode(stored), to: path)
                return made
            }
            let (nodeID, key) = try stored(at: path)
            return NodeIdentity(nodeID: nodeID, sealingKey: key, lock: lock)
        } catch {
            throw FleetStateError(description: "\(error). \(advice(error))")
        }
    }
}

/// What lies on the disk cannot be used, and nothing may be guessed in its place.
struct FleetStateError: Error, Equatable, CustomStringConvertible {
    var description: String
}

/// `POST /fleet/v1/heartbeat`: what a data plane says of itself, every second and at every change of snapshot.
public struct Heartbeat: Hashable, Sendable, Codable {
    public var nodeID: ObjectID
    public var name: String
    /// A new one for every start of the process.
    public var incarnation: ObjectID
    public var startedUnixMilliseconds: Int64
    public var softwareVersion: String
    /// 0: none accepted yet.
    public var snapshotVersion: UInt64
    public var snapshotExpired: Bool
    /// The last manifest that was refused, until a later one is accepted.
    public var rejection: Rejection?
    /// Raw X25519 public key, standard base64: what credentials are sealed to.
    public var sealingPublicKey: String
    public var journalBytes: Int64
    public var unacknowledgedRecords: Int64
    public var draining: Bool
    /// The targets that it has set aside by itself, at most `TargetOut.countMax`; nil: it knows nothing of such reports, and wants none.
    public var targetsOut: [TargetOut]?

    public init(
        nodeID: ObjectID, name: String, incarnation: ObjectID, startedUnixMilliseconds: Int64, softwareVersion: String,
        snapshotVersion: UInt64, snapshotExpired: Bool, rejection: Rejection?, sealingPublicKey: String,
        journalBytes: Int64, unacknowledgedRecords: Int64, draining: Bool, targetsOut: [TargetOut]? = nil
    ) {
        self.nodeID = nodeID
        self.name = name
        self.incarnation = incarnation
        self.startedUnixMilliseconds = startedUnixMilliseconds
        self.softwareVersion = softwareVersion
        self.snapshotVersion = snapshotVersion
        self.snapshotExpired = snapshotExpired
        self.rejection = rejection
        self.sealingPublicKey = sealingPublicKey
        self.journalBytes = journalBytes
        self.unacknowledgedRecords = unacknowledgedRecords
        self.draining = draining
        self.targetsOut = targetsOut
    }

    /// A NACK: which manifest was refused, and why.
    public struct Rejection: Hashable, Sendable, Codable {
        /// nil: the manifest could not be read far enough to know.
        public var version: UInt64?
        /// One of `SnapshotRejection`'s labels: `signature`, `fleet`, `version`, `chain`, `blob_hash`, `malformed`, ...
        public var reason: String
        public var detail: String
        public var atUnixMilliseconds: Int64

        public init(version: UInt64?, reason: String, detail: String, atUnixMilliseconds: Int64) {
            self.version = version
            self.reason = reason
            self.detail = detail
            self.atUnixMilliseconds = atUnixMilliseconds
        }
    }
}

/// The answer to a heartbeat.
public struct HeartbeatAnswer: Hashable, Sendable, Codable {
    public var controlPlaneUnixMilliseconds: Int64
    public var latestSnapshotVersion: UInt64
    /// Data planes heard of within the last 15 seconds.
    public var liveNodes: Int
    /// What the other data planes have set aside; nil where the heartbeat said nothing of its own.
    public var targetsOut: [TargetOut]?

    public init(
        controlPlaneUnixMilliseconds: Int64, latestSnapshotVersion: UInt64, liveNodes: Int,
        targetsOut: [TargetOut]? = nil
    ) {
        self.controlPlaneUnixMilliseconds = controlPlaneUnixMilliseconds
        self.latestSnapshotVersion = latestSnapshotVersion
        self.liveNodes = liveNodes
        self.targetsOut = targetsOut
    }
}

/// A target that a data plane has set aside.
public struct TargetOut: Hashable, Sendable, Codable {
    /// In one message, which is bounded too; a fleet that has more of them out has other troubles.
    public static let countMax = 128

    public enum Reason: String, Hashable, Sendable, Codable {
        /// Its breaker is open.
        case failures
        /// The provider asked for it.
        case cooldown
        /// Its provider does not answer probes.
        case probe
    }

    public var providerID: ObjectID
    public var modelID: ObjectID
    /// As it goes upstream.
    public var modelName: String
    public var reason: Reason
    /// For how long still, when this was said: no two clocks are compared.
    public var milliseconds: Int

    public init(providerID: ObjectID, modelID: ObjectID, modelName: String, reason: Reason, milliseconds: Int) {
        self.providerID = providerID
        self.modelID = modelID
        self.modelName = modelName
        self.reason = reason
        self.milliseconds = milliseconds
    }

    /// The same some time later; nil: it is over.
    public func after(milliseconds passed: Int) -> TargetOut? {
        guard milliseconds > passed else { return nil }
        var left = self
        left.milliseconds -= max(0, passed)
        return left
    }

    /// Whether both say the same but for the time that passed between them.
    public func isSame(as other: TargetOut) -> Bool {
        (providerID, modelID, modelName, reason) == (other.providerID, other.modelID, other.modelName, other.reason)
    }
}

/// `POST /fleet/v1/credentials`: asks for stored provider secrets, sealed to the asking node's key.
public struct CredentialRequest: Hashable, Sendable, Codable {
    /// In one request.
    public static let countMax = 100

    public var sealingPublicKey: String
    public var credentialIDs: [ObjectID]

    public init(sealingPublicKey: String, credentialIDs: [ObjectID]) {
        self.sealingPublicKey = sealingPublicKey
        self.credentialIDs = credentialIDs
    }
}

public struct CredentialAnswer: Hashable, Sendable, Codable {
    public var credentials: [SealedCredential]

    public init(credentials: [SealedCredential]) { self.credentials = credentials }

    public struct SealedCredential: Hashable, Sendable, Codable {
        public var id: ObjectID
        public var version: Int
        /// `SealedBox` bytes, standard base64; the credential's ID and version are its associated data.
        public var sealed: String

        public init(id: ObjectID, version: Int, sealed: String) {
            self.id = id
            self.version = version
            self.sealed = sealed
        }

        /// Binds a sealed value to the credential and version it belongs to.
        public static func associatedData(id: ObjectID, version: Int) -> [UInt8] {
            Array("weir credential \(id) \(version)".utf8)
        }
    }
}

/// The answer to `POST /fleet/v1/usage`.
public struct UsageAcknowledgement: Hashable, Sendable, Codable {
    /// Every record of the stream up to and including this sequence is durable in the control plane.
    public var acknowledgedSequence: UInt64

    public init(acknowledgedSequence: UInt64) { self.acknowledgedSequence = acknowledgedSequence }
}

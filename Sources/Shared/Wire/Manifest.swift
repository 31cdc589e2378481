/// What a snapshot consists of: the signed list of its blobs.
///
/// - Shape: canonical JSON inside a DSSE envelope; 64 lower-case hexadecimal digits per SHA-256.
/// - Source: `GET /fleet/v1/manifest?after=<version>`.
public struct Manifest: Hashable, Sendable, Codable {
    /// The DSSE payload type, part of what is signed.
    public static let payloadType = "application/vnd.weir.manifest+json"
    public static let currentFormat = 1

    public var format: Int
    public var fleet: String
    /// Strictly increasing within a fleet.
    public var version: UInt64
    public var createdUnixMilliseconds: Int64
    public var expiresUnixMilliseconds: Int64
    /// SHA-256 of the payload bytes of the manifest with `version - 1`; nil for the first.
    public var previousSHA256: String?
    public var blobs: [Blob]

    public init(
        format: Int = currentFormat, fleet: String, version: UInt64, createdUnixMilliseconds: Int64,
        expiresUnixMilliseconds: Int64, previousSHA256: String?, blobs: [Blob]
    ) {
        self.format = format
        self.fleet = fleet
        self.version = version
        self.createdUnixMilliseconds = createdUnixMilliseconds
        self.expiresUnixMilliseconds = expiresUnixMilliseconds
        self.previousSHA256 = previousSHA256
        self.blobs = blobs
    }

    /// One immutable piece of the snapshot, fetched by its hash.
    public struct Blob: Hashable, Sendable, Codable {
        /// `policy`, or `keys/00` to `keys/ff`. A shard without keys is left out.
        public var name: String
        public var sha256: String
        public var bytes: Int

        public init(name: String, sha256: String, bytes: Int) {
            self.name = name
            self.sha256 = sha256
            self.bytes = bytes
        }
    }
}

/// A DSSE envelope: the payload's bytes exactly as signed, and who signed them.
///
/// - Source: DSSE v1.0.2. What is signed is `DSSEv1 <len(type)> <type> <len(payload)> <payload>`.
public struct SignedEnvelope: Hashable, Sendable, Codable {
    public var payloadType: String
    /// Standard base64 with padding.
    public var payload: String
    public var signatures: [Signature]

    public init(payloadType: String, payload: String, signatures: [Signature]) {
        self.payloadType = payloadType
        self.payload = payload
        self.signatures = signatures
    }

    public struct Signature: Hashable, Sendable, Codable {
        /// The first 16 hexadecimal digits of the SHA-256 of the signer's raw Ed25519 public key.
        public var keyid: String
        /// Standard base64 of the 64 bytes.
        public var sig: String

        public init(keyid: String, sig: String) {
            self.keyid = keyid
            self.sig = sig
        }
    }

    /// The bytes a signature is made over.
    public static func preAuthenticationEncoding(payloadType: String, payload: [UInt8]) -> [UInt8] {
        let type = Array(payloadType.utf8)
        return Array("DSSEv1 \(type.count) ".utf8) + type + Array(" \(payload.count) ".utf8) + payload
    }
}

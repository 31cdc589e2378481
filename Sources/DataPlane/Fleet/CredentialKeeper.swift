import Glibc
import Shared

/// Turns the credentials of a policy into secrets: references where this process runs, stored ones sealed to this node.
///
/// Sealed values lie on the disk as they came, so that a start without the control plane has them; what they say is only in
/// memory.
///
/// Concurrency: belongs to the control loop.
final class CredentialKeeper {
    private let identity: NodeIdentity
    private let directory: String
    private let environment: [String: String]
    private let log = Logger("credentials")
    private var opened: [ObjectID: (version: Int, secret: [UInt8])] = [:]

    init(identity: NodeIdentity, dataDirectory: String, environment: [String: String]) throws(FileError) {
        self.identity = identity
        self.environment = environment
        directory = dataDirectory + "/credentials"
        try DurableFile.createDirectory(directory)
    }

    /// What can be resolved of `credentials`; the others are missing from the result.
    func resolve(_ credentials: [PolicyDocument.Credential], from client: FleetClient?) async -> [ObjectID: [UInt8]] {
        var resolved: [ObjectID: [UInt8]] = [:]
        var missing: [PolicyDocument.Credential] = []
        for credential in credentials {
            if let reference = credential.reference {
                do {
                    guard SecretReference.isReference(reference) else {
                        log.error("credential reference of an unknown kind", ["credential": .text(credential.name)])
                        continue
                    }
                    let secret = try SecretReference.resolve(reference, environment: environment)
                    resolved[credential.id] = Array(secret.reveal().utf8)
                } catch {
                    log.error(
                        "credential reference cannot be resolved",
                        ["credential": .text(credential.name), "error": .text("\(error)")])
                }
            } else if let secret = known(credential) {
                resolved[credential.id] = secret
            } else {
                missing.append(credential)
            }
        }
        guard let client else { return resolved }
        for start in stride(from: 0, to: missing.count, by: CredentialRequest.countMax) {
            let part = missing[start..<min(start + CredentialRequest.countMax, missing.count)]
            await fetch(Array(part), from: client, into: &resolved)
        }
        return resolved
    }

    private func path(_ id: ObjectID, _ version: Int) -> String { "\(directory)/\(id)-\(version).sealed" }

    private func known(_ credential: PolicyDocument.Credential) -> [UInt8]? {
        if let kept = opened[credential.id], kept.version == credential.version { return kept.secret }
        guard let sealed = try? DurableFile.read(path(credential.id, credential.version), limit: 1 << 20) else {
            return nil
        }
        return open(sealed, credential.id, credential.version)
    }

    private func open(_ sealed: [UInt8], _ id: ObjectID, _ version: Int) -> [UInt8]? {
        let bound = CredentialAnswer.SealedCredential.associatedData(id: id, version: version)
        guard let secret = try? SealedBox.open(sealed, with: identity.sealingKey, associatedData: bound) else {
            return nil
        }
        opened[id] = (version: version, secret: secret)
        return secret
    }

    private func fetch(
        _ missing: [PolicyDocument.Credential], from client: FleetClient, into resolved: inout [ObjectID: [UInt8]]
    ) async {
        let request = CredentialRequest(
            sealingPublicKey: Base64.encode(identity.sealingKey.publicKey), credentialIDs: missing.map(\.id))
        do {
            let response = try await client.send(
                "POST", "/fleet/v1/credentials", contentType: "application/json",
                body: ByteBuffer(CanonicalJSON.encode(request)),
                timeout: .seconds(5), bodyBytesMax: 8 << 20)
            guard response.status == 200 else {
                return log.error("credentials were refused", ["status": .integer(response.status)])
            }
            let answer: CredentialAnswer = try StrictJSONDecoder.decode(from: response.body)
            for item in answer.credentials {
                guard let sealed = Base64.decode(item.sealed), let secret = open(sealed, item.id, item.version) else {
                    log.error("a sealed credential cannot be opened", ["credential": .text(item.id)])
                    continue
                }
                // The process that this one takes over may fetch the same at the same moment.
                try DurableFile.write(sealed, to: path(item.id, item.version), beside: ".\(getpid()).new")
                resolved[item.id] = secret
            }
        } catch { log.warning("credentials cannot be fetched", ["error": .text("\(error)")]) }
    }
}

import Shared
import XCTest

@testable import DataPlane

/// A policy with a provider that keeps files, a key that may use it, and what the stages make of both.
struct StoredFixture {
    static let owner = VirtualKeyID("abc123xyz789")!
    static let stranger = VirtualKeyID("000000000000")!
    static let startUnixSeconds: Int64 = 1_700_000_000
    static let lines = PriceLines(inputPicodollarsPerToken: 2_000, outputPicodollarsPerToken: 8_000)
    static let batchLines = PriceLines(inputPicodollarsPerToken: 1_000, outputPicodollarsPerToken: 4_000)

    let policy: CompiledPolicy
    let caller: Caller
    private let board = HealthBoard(MetricsRegistry())

    /// - Parameters:
    ///   - secrets: of the provider's credentials, by their place; nil: it cannot be resolved.
    ///   - change: what else the policy has.
    init(
        secrets: [String?] = ["sk-0"], key entry: KeyShard.Entry = SnapshotForge.entry(0xab),
        _ change: (inout PolicyDocument) -> Void = { _ in }
    ) throws {
        var document = SnapshotForge.policy
        if secrets.count > 0 { document.providers[0].credentialIDs = secrets.indices.map(Self.credentialID) }
        document.models[0] = Self.model("gpt", 1)
        change(&document)
        let made = SnapshotForge().make(version: 1, blobs: [])
        let decoded = DecodedSnapshot(
            manifest: made.manifest, policy: document, shards: Array(repeating: nil, count: 256))
        let resolved = secrets.enumerated().compactMap { place, secret in
            secret.map { (Self.credentialID(place), Array($0.utf8)) }
        }
        policy = CompiledPolicy(
            Snapshot(decoded, credentials: Dictionary(uniqueKeysWithValues: resolved)))
        board.take(policy, now: RoutingFixture.start)
        RuleMetrics(MetricsRegistry()).take(policy)
        let shard = try KeyShard(validating: KeyShard.encode(shard: 0xab, entries: [entry]), shard: 0xab)
        caller = Caller(key: try XCTUnwrap(shard.find(entry.secretSHA256)))
    }

    static func key(_ change: (inout KeyShard.Entry) -> Void) -> KeyShard.Entry {
        var entry = SnapshotForge.entry(0xab)
        change(&entry)
        return entry
    }

    static func credentialID(_ place: Int) -> ObjectID { ObjectID(high: 8, low: UInt64(place + 1)) }
    static func modelID(_ number: UInt64) -> ObjectID { ObjectID(high: 2, low: number) }
    static func providerID(_ number: UInt64) -> ObjectID { ObjectID(high: 1, low: number) }

    /// With a price, and one for batches.
    static func model(
        _ name: String, _ number: UInt64, _ kind: PolicyDocument.Model.Kind = .chat, isPriced: Bool = true,
        output: Int? = 100
    ) -> PolicyDocument.Model {
        let tier = PriceTier(serviceTier: .batch, lines: batchLines)
        return PolicyDocument.Model(
            id: modelID(number), name: name, kind: kind, maxOutputTokens: output,
            prices: isPriced
                ? [
                    .init(
                        id: ObjectID(high: 5, low: number), effectiveFromUnixSeconds: 100, lines: lines, tiers: [tier])
                ] : [])
    }

    /// A route to one model at one provider.
    static func route(
        _ name: String, _ number: UInt64, provider: UInt64 = 1, model: UInt64 = 1
    ) -> PolicyDocument.Route {
        .init(
            id: ObjectID(high: 3, low: number), name: name, strategy: .priority,
            targets: [.init(providerID: providerID(provider), modelID: modelID(model))], createdUnixSeconds: 0)
    }

    /// A provider of its own.
    static func provider(_ number: UInt64, _ change: (inout PolicyDocument.Provider) -> Void = { _ in })
        -> PolicyDocument.Provider
    {
        var made = SnapshotForge.policy.providers[0]
        made.id = providerID(number)
        made.name = "p\(number)"
        change(&made)
        return made
    }

    var places: StoredPlaces { StoredPlaces(policy: policy, caller: caller) }
    var target: CompiledTarget { policy.targets[0] }
    func credential(_ place: Int = 0) -> CompiledCredential { target.credentials.members[place] }
    func pin(_ place: Int = 0) -> ProviderPin { ProviderPin(target, credential(place)) }

    /// A request for what is kept.
    func stored(
        _ collection: Endpoint, _ action: StoredCall.Action, of owner: VirtualKeyID = owner, id: String? = nil
    ) throws -> StoredRequest {
        let plan = try XCTUnwrap(places.plan(to: pin()))
        return StoredRequest(
            StoredCall(collection: collection, action: action), of: owner, in: policy, plan, pin(),
            to: id.map { StoredIdentity($0, of: owner, at: target, under: credential()) })
    }

    /// The same as the stages see it.
    func request(_ stored: StoredRequest) throws -> ParsedRequest {
        let request = ParsedRequest(
            endpoint: stored.call.collection, model: JSONField(start: 0, end: 0, kind: .null, occurrences: 0),
            fields: try PassedFields.none(), bodyBytes: 0)
        request.stored = stored
        return request
    }
}

/// A value as a provider writes it.
func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

/// What a stage refuses a request with, as its caller sees it.
func refusal<Value>(
    _ body: () throws -> Value, file: StaticString = #filePath, line: UInt = #line
) -> GatewayError? {
    do {
        _ = try body()
        XCTFail("it was taken", file: file, line: line)
        return nil
    } catch {
        switch error {
        case let error as ParseError: return GatewayError(error)
        case let error as RouteError: return GatewayError(error)
        case let error as AttemptError: return GatewayError(error)
        case let error as GatewayError: return error
        default: break
        }
        XCTFail("\(error)", file: file, line: line)
        return nil
    }
}

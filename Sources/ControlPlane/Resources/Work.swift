import Shared

/// What data planes must learn of a change.
enum Publication: Equatable {
    case none
    case policy
    /// Nothing that is in a snapshot, but who may fetch it.
    case access
    /// The first bytes of the hashes of the virtual keys' secrets that changed.
    case keys(shards: Set<UInt8>)
}

/// One request's work: its transaction, who does it and when, and what it has changed so far.
///
/// - Shape: everything that happens to the database during a request happens in one transaction. `finish` comes last in it:
///   it marks the change for the publisher, which takes the row that orders all changes, and writes the audit.
final class Work {
    let database: PostgresTransaction
    let vault: CredentialVault
    let administrator: Administrator
    let requestID: String
    let remoteAddress: String
    /// Milliseconds since 1970, once for the whole request.
    let now: Int64

    private var publishesPolicy = false
    private var changesAccess = false
    private var shards: Set<UInt8> = []
    private var audit: [AuditEntry] = []

    init(
        database: PostgresTransaction, vault: CredentialVault, administrator: Administrator, requestID: String,
        remoteAddress: String, now: Int64
    ) {
        self.database = database
        self.vault = vault
        self.administrator = administrator
        self.requestID = requestID
        self.remoteAddress = remoteAddress
        self.now = now
    }

    func newID() -> ObjectID { .random(unixMilliseconds: now) }

    // MARK: What changed

    /// Notes a change for the audit and the publisher.
    func record<Object: ManagedObject>(
        _ action: String, of object: Object, before: JSONValue? = nil, after: JSONValue? = nil
    ) {
        record(
            action, Object.noun, id: object.id, name: object.name, before: before, after: after,
            publishing: object.publication)
    }

    func record(
        _ action: String, _ noun: Noun, id: ObjectID, name: String, before: JSONValue? = nil, after: JSONValue? = nil,
        publishing publication: Publication = .none
    ) {
        audit.append(
            AuditEntry(
                id: newID(), at: now, actorID: administrator.id, actorName: administrator.name, action: action,
                resourceKind: noun.kind, resourceID: id, resourceName: name, requestID: requestID,
                remoteAddress: remoteAddress, before: before, after: after))
        switch publication {
        case .none: break
        case .policy: publishesPolicy = true
        case .access: changesAccess = true
        case .keys(let changed): shards.formUnion(changed)
        }
    }

    /// The policy changes along with what was recorded.
    func publishPolicy() { publishesPolicy = true }

    /// Whether those who serve data planes must look again.
    var hasPublication: Bool { changesSnapshot || changesAccess }
    private var changesSnapshot: Bool { publishesPolicy || !shards.isEmpty }

    func finish() async throws(StoreError) {
        if audit.isEmpty { return }
        var sequence: Int64?
        if changesSnapshot {
            sequence = try await ConfigurationChange.record(
                in: database, shards: shards, changesPolicy: publishesPolicy)
        }
        for entry in audit { try await AuditStore.append(entry, changeSequence: sequence, in: database) }
        audit = []
    }

    // MARK: Statements that all resources have in common

    /// Inserts; a name that is taken is the caller's problem, not the database's.
    func insert(_ noun: Noun, naming name: String, _ sql: String, _ parameters: [PostgresValue]) async throws {
        do {
            try await database.execute(sql, parameters)
        } catch {
            throw Self.refusal(error, noun, name)
        }
    }

    /// Updates and gives back the new revision.
    func update(_ noun: Noun, naming name: String, _ sql: String, _ parameters: [PostgresValue]) async throws -> Int64 {
        do {
            guard let row = try await database.first(sql, parameters) else { throw ResourceError.notFound(noun, name) }
            return try row.int64("revision")
        } catch let error as StoreError {
            throw Self.refusal(error, noun, name)
        }
    }

    private static func refusal(_ error: StoreError, _ noun: Noun, _ name: String) -> any Error {
        guard case .conflict(let constraint) = error, constraint.hasSuffix("_name_unique") else { return error }
        return ResourceError.alreadyExists(noun, field: "name", value: name)
    }

    /// Up to five names of those who refer to an object, and "and more".
    func referrers(_ kind: String, _ sql: String, _ id: ObjectID) async throws -> [String] {
        let limit = 5
        let names = try await database.query(sql, [.uuid(id), .integer(limit + 1)]).map { (row) throws(StoreError) in
            try row.text("name")
        }
        return names.prefix(limit).map { "\(kind) \"\($0)\"" } + (names.count > limit ? ["and more"] : [])
    }
}

/// Who calls: the owner of an admin token.
struct Administrator: Equatable {
    enum Role: String, CaseIterable { case admin, viewer }

    var id: ObjectID
    var name: String
    var role: Role
}

/// What a list endpoint asks of its store.
struct ListRequest {
    var page: PageRequest
    var filters: [String: String] = [:]

    /// The ID that the page comes after.
    var after: ObjectID? { page.after.flatMap { ObjectID($0) } }
    /// One more than the page holds: its presence says that there is a next page.
    var fetchCount: Int { page.limit + 1 }
}

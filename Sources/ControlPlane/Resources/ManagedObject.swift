import Shared

/// An object that administrators create, change and delete. What all of them have in common is done here once: revision
/// check, reference check, audit and the mark for the publisher, in the transaction of the request.
///
/// - Shape: `apply` is for both creation (onto a blank object) and change, so that both validate alike.
protocol ManagedObject {
    static var noun: Noun { get }

    var id: ObjectID { get }
    var name: String { get }
    var revision: Int64 { get }
    /// The answer of the API, and what the audit keeps: without secrets.
    var json: JSONValue { get }
    /// What the data planes must learn when this object changes.
    var publication: Publication { get }

    init(id: ObjectID, now: Int64)

    /// Takes over the fields that are present and says what is wrong with them beyond their form.
    mutating func apply(_ fields: Fields, in work: Work) async throws -> [FieldProblem]

    // What the store does.
    static func find(_ id: ObjectID, locking: Bool, in work: Work) async throws -> Self?
    func insert(in work: Work) async throws
    /// Stores everything and gives back the object with its new revision and time.
    func save(in work: Work) async throws -> Self
    func remove(in work: Work) async throws
    /// Who still needs it, in words: `route "gpt-4o"`.
    func referrers(in work: Work) async throws -> [String]
}

extension ManagedObject {
    static func get(_ id: String, in work: Work, locking: Bool = false) async throws -> Self {
        guard let parsed = ObjectID(id), let object = try await find(parsed, locking: locking, in: work) else {
            throw ResourceError.notFound(noun, id)
        }
        return object
    }

    static func create(_ fields: Fields, in work: Work) async throws -> Self {
        var object = Self(id: work.newID(), now: work.now)
        let problems = try await object.apply(fields, in: work)
        guard problems.isEmpty else { throw ResourceError.invalid(problems) }
        try await object.insert(in: work)
        work.record("create", of: object, after: object.json)
        return object
    }

    static func update(_ id: String, matching revisions: RevisionMatch, _ fields: Fields, in work: Work) async throws
        -> Self
    {
        let before = try await get(id, in: work, locking: true)
        try revisions.check(before.revision)
        var object = before
        let problems = try await object.apply(fields, in: work)
        guard problems.isEmpty else { throw ResourceError.invalid(problems) }
        // A change that changes nothing makes no revision, no snapshot and no noise in the audit.
        guard object.json != before.json || fields.has("value") else { return before }
        object = try await object.save(in: work)
        work.record("update", of: object, before: before.json, after: object.json)
        return object
    }

    static func delete(_ id: String, matching revisions: RevisionMatch, in work: Work) async throws {
        let object = try await get(id, in: work, locking: true)
        try revisions.check(object.revision)
        let referrers = try await object.referrers(in: work)
        guard referrers.isEmpty else { throw ResourceError.stillReferenced(noun, by: referrers) }
        try await object.remove(in: work)
        work.record("delete", of: object, before: object.json)
    }

    func referrers(in work: Work) async throws -> [String] { [] }
}

/// The revisions that an `If-Match` header allows.
enum RevisionMatch: Equatable {
    case any
    case oneOf([Int64])

    /// - Source: RFC 9110, section 13.1.1. Entity tags are revisions in quotes. A weak tag never matches.
    init?(ifMatch: String) {
        let parts = ifMatch.split(separator: ",").map { $0.trimmed }
        if parts == ["*"] {
            self = .any
            return
        }
        guard !parts.isEmpty else { return nil }
        var revisions: [Int64] = []
        for part in parts {
            guard part.utf8.count >= 2, part.hasPrefix("\""), part.hasSuffix("\"") else {
                if part.hasPrefix("W/\"") { continue }
                return nil
            }
            // A tag that is no number is well-formed and simply not ours.
            if let revision = Int64(part.dropFirst().dropLast()) { revisions.append(revision) }
        }
        self = .oneOf(revisions)
    }

    func check(_ current: Int64) throws(ResourceError) {
        guard case .oneOf(let revisions) = self, !revisions.contains(current) else { return }
        throw .staleRevision(current: current)
    }
}

extension Substring {
    /// Without blanks and tabs at its ends.
    var trimmed: Substring {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}

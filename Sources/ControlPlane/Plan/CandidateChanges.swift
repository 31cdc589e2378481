import Shared

/// The changes that make a candidate of the configuration: objects of some kinds, each as it would be sent to create or to change it, or to
/// be deleted.
///
/// - Shape: what exists by its `id` or `name` is changed, what does not is created. First all of these, each kind after those that it
///   refers to, then what is deleted, the other way round.
struct CandidateChanges {
    /// A kind of objects, and what can be done to one.
    struct Kind: Sendable {
        var name: String
        var noun: Noun
        var shape: ObjectShape
        /// By ID or by a name that only one has.
        var resolve: @Sendable (String, Work) async throws -> Reference?
        var create: @Sendable (Fields, Work) async throws -> Void
        var update: @Sendable (_ id: String, JSONValue, Work) async throws -> Void
        var remove: @Sendable (_ id: String, Work) async throws -> Void
    }

    static let countMax = 1_000

    private let body: Fields

    init(_ body: Fields) { self.body = body }

    /// Makes the changes, by the code that makes them for good. What is wrong is said by the place in the document.
    func apply(in work: Work) async throws {
        for kind in Self.kinds {
            for (index, element) in (body.elements(kind.name) ?? []).enumerated()
            where !Self.isDeletion(element) {
                try await Self.at(kind, index) { try await Self.put(element, kind, in: work) }
            }
        }
        for kind in Self.kinds.reversed() {
            for (index, element) in (body.elements(kind.name) ?? []).enumerated() where Self.isDeletion(element) {
                try await Self.at(kind, index) {
                    let reference = Fields(element).text("id") ?? Fields(element).text("name") ?? ""
                    guard let found = try await kind.resolve(reference, work) else {
                        throw ResourceError.notFound(kind.noun, reference)
                    }
                    try await kind.remove(found.id.description, work)
                }
            }
        }
    }

    private static func isDeletion(_ element: JSONValue) -> Bool { Fields(element).flag("delete") ?? false }

    private static func put(_ element: JSONValue, _ kind: Kind, in work: Work) async throws {
        let fields = Fields(element)
        guard let reference = fields.text("id") ?? fields.text("name") else {
            throw ResourceError.invalid([
                FieldProblem(path: "name", message: "is missing; name the \(kind.noun.singular), or give its id")
            ])
        }
        let found = try await kind.resolve(reference, work)
        if found == nil, fields.has("id") { throw ResourceError.notFound(kind.noun, reference) }
        // What only says which one it is does not change it.
        let leftOut = found == nil ? ["delete"] : fields.has("id") ? ["id", "delete"] : ["name", "delete"]
        let rest = JSONValue.record(element.fieldList.filter { !leftOut.contains($0.name) })
        let problems = kind.shape.problems(in: rest, creating: found == nil)
        guard problems.isEmpty else { throw ResourceError.invalid(problems) }
        if let found {
            try await kind.update(found.id.description, rest, work)
        } else {
            try await kind.create(Fields(rest), work)
        }
    }

    /// Puts the place in front of what is wrong there.
    private static func at(_ kind: Kind, _ index: Int, _ body: () async throws -> Void) async throws {
        let place = "\(kind.name)[\(index)]"
        do { try await body() } catch ResourceError.invalid(let problems) {
            throw Problem.invalid(
                problems.map {
                    FieldProblem(path: $0.path.isEmpty ? place : "\(place).\($0.path)", message: $0.message)
                })
        } catch let error as ResourceError {
            throw Problem.invalid(place, Problem.from(error).detail)
        }
    }
}

extension CandidateChanges {
    /// Each after those that it refers to.
    static let kinds = [
        Kind(
            name: "providers", noun: Provider.noun, shape: Provider.shape, resolve: ProviderStore.resolve,
            create: { _ = try await Provider.create($0, in: $1) },
            update: { _ = try await Provider.update($0, matching: .any, Fields($1), in: $2) },
            remove: { try await Provider.delete($0, matching: .any, in: $1) }),
        Kind(
            name: "models", noun: Model.noun, shape: Model.shape, resolve: ModelStore.resolve,
            create: { _ = try await Model.create($0, in: $1) },
            update: {
                _ = try await Model.update($0, matching: .any, try await Model.keepingPrices($0, $1, in: $2), in: $2)
            },
            remove: { try await Model.delete($0, matching: .any, in: $1) }),
        Kind(
            name: "routes", noun: Route.noun, shape: Route.shape, resolve: RouteStore.resolve,
            create: { _ = try await Route.create($0, in: $1) },
            update: { _ = try await Route.update($0, matching: .any, Fields($1), in: $2) },
            remove: { try await Route.delete($0, matching: .any, in: $1) }),
        Kind(
            name: "allowances", noun: Allowance.noun, shape: Allowance.shape, resolve: AllowanceStore.resolve,
            create: { _ = try await Allowance.create($0, in: $1) },
            update: { _ = try await Allowance.update($0, matching: .any, Fields($1), in: $2) },
            remove: { try await Allowance.delete($0, matching: .any, in: $1) }),
        Kind(
            name: "virtual_keys", noun: VirtualKey.noun, shape: VirtualKey.shape, resolve: VirtualKeyStore.resolve,
            create: { _ = try await VirtualKey.issue($0, in: $1) },
            update: { _ = try await VirtualKey.update($0, matching: .any, Fields($1), in: $2) },
            // What is deleted was revoked before.
            remove: { _ = try await VirtualKey.revoke($0, in: $1) }),
    ]

    /// The document, for whoever writes one.
    static let schema = Schema(
        .object(
            kinds.map { kind in
                Schema.Property(
                    name: kind.name,
                    schema: Schema(
                        .list(of: kind.element, count: 0...countMax), "\(kind.noun.plural) to change, create or delete."
                    ))
            }), name: "PlanCandidate",
        "Changes of the configuration. An object that exists, by its id or name, is changed by the fields that are there; another one is created."
    )
}

extension CandidateChanges.Kind {
    fileprivate var element: Schema {
        let properties = shape.properties.filter { $0.mode != .readOnly && $0.name != "id" }.map { property in
            var property = property
            property.isRequired = false
            property.standard = nil
            property.mode = .readWrite
            return property
        }
        let id = Schema.Property(name: "id", schema: Schema(.text(.reference), "Which one, where not by its name."))
        let delete = Schema.Property(name: "delete", schema: Schema(.flag, "It is gone; a virtual key is revoked."))
        return Schema(.object([id] + properties + [delete]), name: "Planned\(noun.type)")
    }
}

extension Model {
    /// The fields of a change, with the prices that have begun: those stay whatever is wanted, so they need not be said.
    fileprivate static func keepingPrices(_ id: String, _ fields: JSONValue, in work: Work) async throws -> Fields {
        guard let wanted = Fields(fields).elements("prices") else { return Fields(fields) }
        let said = Set(wanted.compactMap { Fields($0).time("effective_from") })
        let begun = try await Model.get(id, in: work).prices.filter {
            $0.effectiveFrom <= work.now && !said.contains($0.effectiveFrom)
        }
        return Fields(fields.with("prices", .array(begun.map(\.json) + wanted)))
    }
}

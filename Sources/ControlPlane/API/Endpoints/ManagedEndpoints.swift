import Shared

extension AdminEndpoint {
    /// The five endpoints that every managed object has.
    static func managed<Object: ManagedObject>(
        _ type: Object.Type, _ shape: ObjectShape, article: String, unused: String, filters: [QueryParameter] = [],
        page: @escaping (ListRequest, Work) async throws -> [Object]
    ) -> [AdminEndpoint] {
        let noun = Object.noun
        return [
            .list(noun, of: shape.answer, "Lists \(noun.singular)s.", filters: [.name] + filters) { call in
                let request = try call.list(noun.plural)
                let rows = try await page(request, call.work)
                return .page(
                    noun.plural, Page(overfetched: rows, limit: request.page.limit) { $0.id.description }, \.json)
            },
            .create(noun, shape, "Creates \(article).") { call in
                let object = try await Object.create(call.body, in: call.work)
                return .created(noun, object.id, object.json, revision: object.revision)
            },
            .get(noun, of: shape.answer, "Gets \(article).") { call in
                .object(try await Object.get(call.id, in: call.work))
            },
            .update(noun, shape, "Changes \(article).") { call in
                .object(try await Object.update(call.id, matching: call.revisions, call.body, in: call.work))
            },
            .delete(noun, "Deletes \(unused).") { call in
                try await Object.delete(call.id, matching: call.revisions, in: call.work)
                return .gone
            },
        ]
    }
}

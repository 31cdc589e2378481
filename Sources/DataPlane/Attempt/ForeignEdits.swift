import Shared
import Translate

/// What has to change in the body of a request that goes to a provider of its own dialect, where that is not OpenAI's.
enum ForeignEdits {
    /// The model's name, where the dialect has it in the body, the response that it goes on from, by the name that its provider gave it, and the bound of the answer, where an allowance sets one. Every other byte stays.
    static func edits(for request: ParsedRequest, _ foreign: ForeignRequest, _ target: CompiledTarget) -> JSONEdits {
        var edits = JSONEdits()
        let place = EditedBody.of(foreign.dialect)
        let body = unsafe foreign.body.readable
        // It has been read as JSON.
        guard let fields = try? unsafe JSONObjectFields(scanning: body, for: place.names) else { return edits }
        if let model = place.model, let field = fields[model],
            unsafe !body[field.range].elementsEqual(target.modelNameJSON)
        {
            edits.replace(field.range, with: target.modelNameJSON)
        }
        if let previous = foreign.previous, previous.pin != nil, let field = fields[EditedBody.previousResponse] {
            var text = JSONWriter()
            text.string(previous.provider)
            edits.replace(field.range, with: text.bytes)
        }
        guard let bound = request.clampedOutputTokensMax ?? request.injectedOutputTokensMax else { return edits }
        let value = Array(String(bound).utf8)
        guard let inner = place.innerNames else {
            edits.set(place.outer, at: 0, of: fields, to: value)
            return edits
        }
        if let field = fields[0], field.kind == .object,
            let members = try? unsafe JSONObjectFields(scanning: body, in: field.range, for: inner)
        {
            edits.set(place.inner, at: 0, of: members, to: value)
        } else {
            let object = Array("{\"\(place.inner)\":".utf8) + value + Array("}".utf8)
            edits.set(place.outer, at: 0, of: fields, to: object)
        }
        return edits
    }
}

/// Where a dialect's bodies have what Weir changes.
private struct EditedBody {
    /// The bound's, or the object's that it stands in; the model's second, and that of what it goes on from.
    let names: JSONFieldNames
    let innerNames: JSONFieldNames?
    let outer: StaticString
    let inner: StaticString
    let model: Int?
    static let previousResponse = 2

    init(_ dialect: Dialect) {
        let fields = dialect.editableFields
        outer = fields.outputTokensMax[0]
        inner = fields.outputTokensMax.count > 1 ? fields.outputTokensMax[1] : ""
        names = JSONFieldNames(outer.description, fields.model?.description ?? "model", PreviousResponse.field)
        innerNames = fields.outputTokensMax.count > 1 ? JSONFieldNames(inner.description) : nil
        model = fields.model == nil ? nil : 1
    }

    private static let all = Dictionary(uniqueKeysWithValues: Dialect.allCases.map { ($0, EditedBody($0)) })

    static func of(_ dialect: Dialect) -> EditedBody { all[dialect]! }
}

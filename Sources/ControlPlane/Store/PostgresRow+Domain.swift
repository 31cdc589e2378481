import Shared

extension PostgresRow {
    /// A `jsonb` object.
    func object(_ column: String) throws(StoreError) -> JSONValue {
        let text = try json(column)
        do throws(JSONError) {
            return try JSONValue(parsing: Array(text.utf8))
        } catch {
            throw .mismatch("column \(column) is not JSON: \(error)")
        }
    }

    /// A text that is one of a few.
    func choice<Choice: RawRepresentable<String>>(_ column: String) throws(StoreError) -> Choice {
        try Self.choice(try text(column), column)
    }

    func optionalChoice<Choice: RawRepresentable<String>>(_ column: String) throws(StoreError) -> Choice? {
        try optionalText(column).map { (text) throws(StoreError) in try Self.choice(text, column) }
    }

    /// The same of an array of texts.
    func optionalChoices<Choice: RawRepresentable<String>>(_ column: String) throws(StoreError) -> [Choice]? {
        try optionalTexts(column)?.map { (text) throws(StoreError) in try Self.choice(text, column) }
    }

    func choices<Choice: RawRepresentable<String>>(_ column: String) throws(StoreError) -> [Choice] {
        try optionalChoices(column) ?? []
    }

    private static func choice<Choice: RawRepresentable<String>>(
        _ text: String, _ column: String
    ) throws(StoreError) -> Choice {
        guard let choice = Choice(rawValue: text) else { throw .mismatch("column \(column) holds \(text)") }
        return choice
    }

    /// Of a row of `routes`.
    func sticky() throws(StoreError) -> PolicyDocument.Sticky? {
        guard try optionalText("sticky_by") != nil else { return nil }
        return PolicyDocument.Sticky(by: try choice("sticky_by"), header: try optionalText("sticky_header"))
    }

    /// Of a row of `routes`.
    func hedge() throws(StoreError) -> PolicyDocument.Hedge? {
        guard let percentMax = try optionalInt("hedge_percent_max") else { return nil }
        return PolicyDocument.Hedge(
            afterMilliseconds: try optionalInt("hedge_after_milliseconds"), percentMax: percentMax,
            includesPlainAnswers: try bool("hedge_plain_answers") ? true : nil)
    }
}

extension PostgresValue {
    static func object(_ value: JSONValue) -> PostgresValue { .json(String(decoding: value.bytes, as: UTF8.self)) }
}

extension Reference {
    /// By ID or by name; names are unique in these tables and never look like an ID.
    static func resolve(_ reference: String, in table: StaticString, _ work: Work) async throws -> Reference? {
        try await work.database.first(
            "SELECT id, name FROM \(table) WHERE name = $1 OR id = $2",
            [.text(reference), .optional(ObjectID(reference)) { .uuid($0) }]
        ).map { (row) throws(StoreError) in Reference(id: try row.uuid("id"), name: try row.text("name")) }
    }
}

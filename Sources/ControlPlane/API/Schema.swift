import Shared

/// What a JSON value of the admin API may be. It checks what comes in and writes the OpenAPI document, so that what is
/// described and what is accepted cannot drift apart.
///
/// - Shape: the part of JSON Schema 2020-12 that this API uses. Objects are closed: an unknown field is a problem.
struct Schema: Sendable {
    indirect enum Shape: Sendable {
        case text(TextFormat)
        case integer(ClosedRange<Int64>)
        case flag
        case choice([String])
        case list(of: Schema, count: ClosedRange<Int>)
        /// Some of a few, each at most once, in any order.
        case choices([String], countMin: Int = 1)
        case object([Property])
        /// The second where an object has the field, else the first.
        case either(Schema, or: Schema, with: String)
        /// A number with at most two decimals; the range in hundredths.
        case hundredths(ClosedRange<Int64>)
        /// Any field names of 1...64 bytes without control characters; all of it at most `bytesMax` bytes of JSON.
        case map(of: Schema, countMax: Int, bytesMax: Int)
        /// A JSON object that Weir keeps and returns as it is.
        case freeObject(bytesMax: Int)
    }

    /// A field of an object.
    struct Property: Sendable {
        /// Who sets a field, and when.
        enum Mode: Sendable { case readWrite, createOnly, readOnly, writeOnly }

        var name: String
        var schema: Schema
        var mode: Mode = .readWrite
        var isRequired = false
        var isNullable = false
        /// What an absent field means, for the document; the resource applies it.
        var standard: JSONValue?
        /// Why a change is refused and what to do instead, for a field that is fixed at creation.
        var remedy = "cannot be changed after creation; leave the field out"
    }

    /// A component of the document: the schema is written once and referred to elsewhere.
    var name: String?
    var shape: Shape
    var description: String?
    var example: JSONValue?

    init(_ shape: Shape, name: String? = nil, _ description: String? = nil, example: JSONValue? = nil) {
        self.name = name
        self.shape = shape
        self.description = description
        self.example = example
    }

    // MARK: Checking

    /// Everything that is wrong with `value`, field by field; empty when nothing is.
    func problems(in value: JSONValue) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        check(value, at: "", into: &problems)
        return problems
    }

    private func check(_ value: JSONValue, at path: String, into problems: inout [FieldProblem]) {
        func wrong(_ message: String) { problems.append(FieldProblem(path: path, message: message)) }

        switch shape {
        case .text(let format):
            guard let text = value.string else { return wrong("got \(value.kindName), want \(format.remedy)") }
            if !format.accepts(text) { wrong("got \(text.quotedForMessage), want \(format.remedy)") }
        case .integer(let range):
            guard let number = value.integer, range.contains(number) else {
                return wrong("got \(value.shortForMessage), want an integer \(range.lowerBound)...\(range.upperBound)")
            }
        case .flag:
            if value.boolean == nil { wrong("got \(value.shortForMessage), want true or false") }
        case .choice(let choices):
            guard let text = value.string, choices.contains(text) else {
                return wrong("got \(value.shortForMessage), want one of \(choices.joined(separator: ", "))")
            }
        case .list(let element, let count):
            guard let elements = value.array else { return wrong("got \(value.kindName), want an array") }
            if !count.contains(elements.count) {
                wrong("got \(elements.count) elements, want \(count.lowerBound)...\(count.upperBound)")
            }
            // Past the bound nobody is helped by a thousand problems more.
            for (index, item) in elements.prefix(count.upperBound).enumerated() {
                element.check(item, at: "\(path)[\(index)]", into: &problems)
            }
        case .choices(let choices, let countMin):
            guard let elements = value.array else { return wrong("got \(value.kindName), want an array") }
            if elements.count < countMin {
                wrong("got \(elements.count) elements, want some of \(choices.joined(separator: ", "))")
            }
            // One more than there can be shows the first that is there twice.
            for (index, item) in elements.prefix(choices.count + 1).enumerated() {
                let place = "\(path)[\(index)]"
                Schema(.choice(choices)).check(item, at: place, into: &problems)
                if item.string != nil, elements[..<index].contains(item) {
                    problems.append(
                        FieldProblem(path: place, message: "got \(item.shortForMessage) again; name each once"))
                }
            }
        case .object(let properties):
            guard let members = value.object?.members else { return wrong("got \(value.kindName), want an object") }
            Self.check(members, against: properties, at: path, into: &problems)
        case .either(let plain, let other, let field):
            (value[field] == nil ? plain : other).check(value, at: path, into: &problems)
        case .hundredths(let range):
            guard let hundredths = value.hundredths, range.contains(hundredths) else {
                return wrong("got \(value.shortForMessage), want \(remedy)")
            }
        case .map(let element, let countMax, let bytesMax):
            guard let members = value.object?.members else { return wrong("got \(value.kindName), want an object") }
            if members.count > countMax { wrong("got \(members.count) fields, want at most \(countMax)") }
            let bytes = value.bytes.count
            if bytes > bytesMax { wrong("got \(bytes) bytes of JSON, want at most \(bytesMax)") }
            for member in members.prefix(countMax) {
                let (name, item) = (member.name, member.value)
                let place = path.isEmpty ? name : "\(path).\(name)"
                if name.isEmpty || name.utf8.count > 64 || name.hasControlCharacters {
                    problems.append(
                        FieldProblem(
                            path: place, message: "want a field name of 1...64 bytes without control characters"))
                }
                element.check(item, at: place, into: &problems)
            }
        case .freeObject(let bytesMax):
            guard value.object != nil else { return wrong("got \(value.kindName), want an object") }
            if value.holdsNUL { wrong("holds the character U+0000, which cannot be stored") }
            if value.holdsExtremeNumber {
                wrong("holds a number beyond 1e±1000 or of more than 1000 digits, which cannot be stored")
            }
            let bytes = value.bytes.count
            if bytes > bytesMax { wrong("got \(bytes) bytes of JSON, want at most \(bytesMax)") }
        }
    }

    private static func check(
        _ members: [JSONObject.Member], against properties: [Property], at path: String,
        into problems: inout [FieldProblem]
    ) {
        func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        for member in members {
            let (name, value) = (member.name, member.value)
            guard let property = properties.first(where: { $0.name == name }) else {
                let known = properties.map(\.name).sorted().joined(separator: ", ")
                problems.append(FieldProblem(path: place(name), message: "is not a known field; known are \(known)"))
                continue
            }
            if value.isNull {
                if !property.isNullable {
                    problems.append(FieldProblem(path: place(name), message: "must not be null; leave the field out"))
                }
                continue
            }
            property.schema.check(value, at: place(name), into: &problems)
        }
        for property in properties where property.isRequired && !members.contains(where: { $0.name == property.name }) {
            problems.append(
                FieldProblem(path: place(property.name), message: "is missing; want \(property.schema.remedy)"))
        }
    }

    /// What would be right, in a few words.
    var remedy: String {
        switch shape {
        case .text(let format): format.remedy
        case .integer(let range): "an integer \(range.lowerBound)...\(range.upperBound)"
        case .flag: "true or false"
        case .choice(let choices): "one of \(choices.joined(separator: ", "))"
        case .list(_, let count): "an array of \(count.lowerBound)...\(count.upperBound) elements"
        case .choices(let choices, _): "an array of some of \(choices.joined(separator: ", "))"
        case .hundredths(let range):
            "a number \(range.lowerBound / 100)...\(range.upperBound / 100) with at most two decimals"
        case .object, .map, .freeObject, .either: "an object"
        }
    }
}

/// One object of the API under its three faces: what is answered, what creates it, what changes it.
struct ObjectShape: Sendable {
    /// The component's name in the document: `Team`, `TeamCreate`, `TeamUpdate`.
    var name: String
    var description: String
    var properties: [Schema.Property]

    /// What the API answers: every field that can be read, each always present.
    var answer: Schema {
        let visible = properties.filter { $0.mode != .writeOnly }.map { property in
            var property = property
            property.isRequired = true
            return property
        }
        return Schema(.object(visible), name: name, description)
    }

    var create: Schema {
        Schema(.object(properties.filter { $0.mode != .readOnly }), name: name + "Create")
    }

    /// A merge patch (RFC 7396): fields that are absent stay as they are.
    var update: Schema {
        let changeable = properties.filter { $0.mode == .readWrite || $0.mode == .writeOnly }.map { property in
            var property = property
            property.isRequired = false
            property.standard = nil
            return property
        }
        return Schema(.object(changeable), name: name + "Update")
    }

    /// Says "read-only" or "cannot be changed" where a plain check would call a known field unknown.
    func problems(in value: JSONValue, creating: Bool) -> [FieldProblem] {
        let schema = creating ? create : update
        return schema.problems(in: value).map { problem in
            guard let property = properties.first(where: { $0.name == problem.path }) else { return problem }
            switch property.mode {
            case .readOnly:
                return FieldProblem(path: problem.path, message: "is set by Weir; leave the field out")
            case .createOnly where !creating:
                return FieldProblem(path: problem.path, message: property.remedy)
            default: return problem
            }
        }
    }
}

import Shared

/// What only some routes want to know of a body that has been checked to be JSON: found by walks of its own, made when it is asked for.
enum BodyFacts {
    /// Of the fields at the top.
    struct TopLevel: Equatable {
        /// Where the last `metadata` lies, if it is an object.
        var metadata: Range<Int>?
        /// `response_format` asks for a schema.
        var wantsSchema = false
        /// It asks for something else than text.
        var wantsFormat = false
        /// `reasoning_effort` is another than none.
        var wantsReasoning = false
        /// `modalities` has sound.
        var wantsSound = false
    }

    static func topLevel(_ body: UnsafeRawBufferPointer) -> TopLevel {
        var found = TopLevel()
        var walker = unsafe JSONWalker(body, from: 0, to: body.count)
        walker.members { walker, name in
            if unsafe HTTPBytes.isExactly(body, name, "metadata") {
                let isObject = walker.next() == UInt8(ascii: "{")
                let start = walker.position
                walker.skipValue()
                found.metadata = isObject ? start..<walker.position : nil
            } else if unsafe HTTPBytes.isExactly(body, name, "response_format") {
                walker.members { walker, name in
                    guard unsafe HTTPBytes.isExactly(body, name, "type"), walker.next() == UInt8(ascii: "\"") else {
                        return walker.skipValue()
                    }
                    let type = walker.text()
                    found.wantsSchema = unsafe HTTPBytes.isExactly(body, type, "json_schema")
                    found.wantsFormat = unsafe !HTTPBytes.isExactly(body, type, "text")
                }
            } else if unsafe HTTPBytes.isExactly(body, name, "reasoning_effort") {
                let isText = walker.next() == UInt8(ascii: "\"")
                let value = walker.value()
                found.wantsReasoning = unsafe isText && !HTTPBytes.isExactly(body, value, "\"none\"")
            } else if unsafe HTTPBytes.isExactly(body, name, "modalities") {
                walker.elements { walker in
                    if unsafe HTTPBytes.isExactly(body, walker.value(), "\"audio\"") { found.wantsSound = true }
                }
            } else {
                walker.skipValue()
            }
        }
        return found
    }

    /// Whether an object has a member of this name with one of these values; strings by their text, numbers and literals as they stand.
    ///
    /// - Parameter values: nil for any.
    static func hasMember(
        _ name: [UInt8], _ values: [[UInt8]]?, in object: Range<Int>, of body: UnsafeRawBufferPointer
    ) -> Bool {
        var isFound = false
        var walker = unsafe JSONWalker(body, from: object.lowerBound, to: object.upperBound)
        walker.members { walker, member in
            guard unsafe JSONString.isSame(member, of: body, as: name) else { return walker.skipValue() }
            let isString = walker.next() == UInt8(ascii: "\"")
            let start = walker.position
            var value = 0..<0
            if isString {
                value = walker.text()
            } else {
                walker.skipValue()
                value = start..<walker.position
            }
            // The last of two counts, as with most parsers.
            isFound =
                values.map { values in values.contains { unsafe JSONString.isSame(value, of: body, as: $0) } } ?? true
        }
        return isFound
    }

    /// Appends the texts of the last message of the user, with a line break between two, as far as there is room for `countMax` bytes.
    static func lastUserText(
        of request: ParsedRequest, _ body: UnsafeRawBufferPointer, to out: inout [UInt8], countMax: Int
    ) {
        guard var messages = unsafe MessageReader(request, body) else { return }
        var last: Int?
        while messages.nextMessage() {
            var content: Int?
            var isUser = false
            while let name = messages.nextName() {
                switch name {
                case .role:
                    isUser = messages.string().map { unsafe HTTPBytes.isExactly(body, $0, "user") } ?? false
                case .content:
                    content = messages.position
                    messages.skipValue()
                case .other: messages.skipValue()
                }
            }
            if isUser { last = content ?? last }
        }
        guard let last else { return }
        messages.position = last
        messages.texts { text in
            if !out.isEmpty { out.append(UInt8(ascii: "\n")) }
            unsafe JSONString.append(text, of: body, to: &out, countMax: countMax)
            return out.count < countMax
        }
    }
}

import Shared

/// Walks over the messages of a body that has been checked to be JSON, no further than it is asked to.
@safe struct MessageReader {
    private var walker: JSONWalker

    /// Where the walk is: in front of a value, behind `nextName`.
    var position: Int {
        get { walker.position }
        set { walker.position = newValue }
    }

    enum Name { case role, content, other }

    /// Nil when the request has no array of messages.
    init?(_ request: ParsedRequest, _ body: UnsafeRawBufferPointer) {
        guard let messages = RequestParser.messages(of: request), messages.kind == .array else { return nil }
        unsafe walker = JSONWalker(body, from: messages.start + 1, to: messages.end)
    }

    /// Enters the next message; false behind the last. What is no object is stepped over.
    mutating func nextMessage() -> Bool {
        while nextElement() {
            if enter(UInt8(ascii: "{")) { return true }
        }
        return false
    }

    /// Steps over the name of the next member of the message; nil behind the last, which leaves the message.
    mutating func nextName() -> Name? {
        guard let name = nextMember() else { return nil }
        if unsafe HTTPBytes.isExactly(walker.bytes, name, "role") { return .role }
        return unsafe HTTPBytes.isExactly(walker.bytes, name, "content") ? .content : .other
    }

    /// Steps over the value that begins here, and returns where it lies, quotes excluded, if it is a string.
    mutating func string() -> Range<Int>? {
        guard walker.next() == UInt8(ascii: "\"") else {
            skipValue()
            return nil
        }
        return walker.text()
    }

    /// Steps over the content that begins here: a string, or an array of parts that have texts.
    ///
    /// - Parameter body: gets where each text lies, and says whether it wants more.
    mutating func texts(_ body: (Range<Int>) -> Bool) {
        guard walker.next() == UInt8(ascii: "[") else {
            if let text = string() { _ = body(text) }
            return
        }
        _ = enter(UInt8(ascii: "["))
        var wantsMore = true
        while nextElement() {
            guard wantsMore, enter(UInt8(ascii: "{")) else {
                if !wantsMore { skipValue() }
                continue
            }
            while let name = nextMember() {
                guard unsafe wantsMore && HTTPBytes.isExactly(walker.bytes, name, "text") else {
                    skipValue()
                    continue
                }
                if let text = string() { wantsMore = body(text) }
            }
        }
    }

    /// Steps over the content that begins here, and hands out where the `type` of each of its parts lies, quotes excluded.
    mutating func partTypes(_ body: (Range<Int>) -> Void) {
        let bytes = unsafe walker.bytes
        walker.elements { walker in
            walker.members { walker, name in
                guard unsafe HTTPBytes.isExactly(bytes, name, "type"), walker.next() == UInt8(ascii: "\"") else {
                    return walker.skipValue()
                }
                body(walker.text())
            }
        }
    }

    mutating func skipValue() { walker.skipValue() }

    // MARK: Steps

    /// Steps behind the opening bracket; steps over the value and returns false when it begins otherwise.
    private mutating func enter(_ bracket: UInt8) -> Bool {
        guard walker.next() == bracket else {
            skipValue()
            return false
        }
        walker.position &+= 1
        return true
    }

    /// True when an element begins; false behind the closing bracket, which is stepped over.
    private mutating func nextElement() -> Bool {
        let first = walker.next()
        guard first == UInt8(ascii: "]") else { return first != 0 }
        walker.position &+= 1
        return false
    }

    private mutating func nextMember() -> Range<Int>? {
        let first = walker.next()
        if first == UInt8(ascii: "\"") { return walker.text() }
        if first == UInt8(ascii: "}") { walker.position &+= 1 }
        return nil
    }
}

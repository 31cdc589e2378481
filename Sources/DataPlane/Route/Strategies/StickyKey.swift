import Shared

/// What a sticky route keeps requests together by, as a hash for `Rendezvous`.
///
/// - Shape: nil where a request has nothing of the kind; it is kept with the others of its virtual key then, see `of`. Each helper reads
///   the bytes as they were sent, without decoding escapes and without allocating: a client writes the same text the same way each time.
enum StickyKey {
    /// The key by which a route keeps the request; that of the virtual key where the request does not say.
    ///
    /// - Parameter headerName: of `sticky.header`, as bytes in lower case; empty where there is none.
    static func of(
        _ request: ParsedRequest, by source: PolicyDocument.Sticky.Source, headerName: [UInt8], head: HTTPHead,
        headBytes: UnsafeRawBufferPointer, body: UnsafeRawBufferPointer, virtualKeyID: VirtualKeyID
    ) -> UInt64 {
        let key: UInt64? =
            switch source {
            case .header: unsafe header(named: headerName, in: head, headBytes)
            case .endUser: endUser(request.endUser)
            case .conversation: unsafe conversation(of: request, body)
            case .promptPrefix: unsafe promptPrefix(of: request, body)
            }
        return key ?? virtualKey(virtualKeyID)
    }

    static func virtualKey(_ id: VirtualKeyID) -> UInt64 {
        var hash = StableHash()
        hash.add(id.high)
        hash.add(UInt64(id.low))
        return hash.value
    }

    /// Of the value of the first field with this name; nil when there is none or it is empty.
    ///
    /// - Parameter name: in lower case.
    static func header(named name: [UInt8], in head: HTTPHead, _ bytes: UnsafeRawBufferPointer) -> UInt64? {
        guard !name.isEmpty else { return nil }
        for field in head.fields where Int(field.nameCount) == name.count {
            guard unsafe isSame(name, field.nameRange, in: bytes) else { continue }
            guard field.valueCount > 0 else { return nil }
            var hash = StableHash()
            unsafe hash.add(UnsafeRawBufferPointer(rebasing: bytes[field.valueRange]))
            return hash.value
        }
        return nil
    }

    private static func isSame(_ name: [UInt8], _ range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Bool {
        for place in name.indices {
            let byte = unsafe bytes[range.lowerBound + place]
            if (byte &- 65 < 26 ? byte | 0x20 : byte) != name[place] { return false }
        }
        return true
    }

    /// Of the end user's label; nil when it is empty.
    static func endUser(_ label: String) -> UInt64? {
        guard !label.isEmpty else { return nil }
        var hash = StableHash()
        var label = label
        label.withUTF8 { unsafe hash.add(UnsafeRawBufferPointer($0)) }
        return hash.value
    }

    // MARK: Chats

    /// How much of a text of a conversation's beginning counts; its length counts too. What agrees in that lands at the same target, which
    /// is no harm; a first message may be the megabytes of a whole book.
    static let conversationTextBytesMax = 4_096

    /// Of the first messages of a chat, up to the first of the user: each further turn has the same. Nil when there are no messages.
    ///
    /// - Shape: roles and texts. Not the names, the marks for caches and whatever else a client may add to a message from one turn to the next.
    static func conversation(of request: ParsedRequest, _ body: UnsafeRawBufferPointer) -> UInt64? {
        guard var messages = unsafe MessageReader(request, body) else { return nil }
        var hash = StableHash()
        var count = 0
        var hasUser = false
        while !hasUser, messages.nextMessage() {
            count += 1
            while let name = messages.nextName() {
                switch name {
                case .role:
                    guard let role = messages.string() else { continue }
                    unsafe hash.add(UnsafeRawBufferPointer(rebasing: body[role]))
                    hasUser = unsafe HTTPBytes.isExactly(body, role, "user")
                case .content:
                    messages.texts { text in
                        hash.add(UInt64(text.count))
                        unsafe hash.add(UnsafeRawBufferPointer(rebasing: body[text.prefix(conversationTextBytesMax)]))
                        return true
                    }
                case .other: messages.skipValue()
                }
            }
        }
        return count > 0 ? hash.value : nil
    }

    /// How much of a prompt counts. OpenAI itself spreads requests over its machines by about the first 256 tokens, and neither it nor
    /// Anthropic keeps prompts of less than 1,024 tokens, so that nothing is lost where shorter ones change their target as they grow.
    static let promptPrefixBytes = 1_024

    /// Of the first bytes of all texts of a chat, one behind the other; nil when there is none.
    static func promptPrefix(of request: ParsedRequest, _ body: UnsafeRawBufferPointer) -> UInt64? {
        guard var messages = unsafe MessageReader(request, body) else { return nil }
        var hash = StableHash()
        var left = promptPrefixBytes
        while left > 0, messages.nextMessage() {
            while left > 0, let name = messages.nextName() {
                guard name == .content else {
                    messages.skipValue()
                    continue
                }
                messages.texts { text in
                    let text = text.prefix(left)
                    if !text.isEmpty { unsafe hash.add(UnsafeRawBufferPointer(rebasing: body[text])) }
                    left -= text.count
                    return left > 0
                }
            }
        }
        return left < promptPrefixBytes ? hash.value : nil
    }
}

/// Walks over the messages of a body that has been checked to be JSON, no further than it is asked to.
@safe private struct MessageReader {
    private var walker: JSONWalker

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

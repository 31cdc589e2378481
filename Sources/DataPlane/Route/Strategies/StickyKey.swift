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

    /// Of a request by itself.
    @inline(__always)
    static func request(_ id: ObjectID) -> UInt64 { id.high ^ id.low }

    /// Of the value of the first field with this name; nil when there is none or it is empty.
    ///
    /// - Parameter name: in lower case.
    static func header(named name: [UInt8], in head: HTTPHead, _ bytes: UnsafeRawBufferPointer) -> UInt64? {
        guard !name.isEmpty else { return nil }
        for field in head.fields where Int(field.nameCount) == name.count {
            guard unsafe HTTPText.isSame(field.nameRange, of: bytes, asLowerCase: name) else { continue }
            guard field.valueCount > 0 else { return nil }
            var hash = StableHash()
            unsafe hash.add(UnsafeRawBufferPointer(rebasing: bytes[field.valueRange]))
            return hash.value
        }
        return nil
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

import Shared

/// How much a request puts before a model, as far as its bytes show.
///
/// - Shape: upper bounds. `textTokens` counts every byte of the body that may become text.
struct PromptMeasure: Equatable {
    var textTokens: UInt64 = 0
    var imagesHighDetail: UInt32 = 0
    var imagesLowDetail: UInt32 = 0
    var audioTokens: UInt64 = 0
    var messageCount: UInt32 = 0
    /// There is input whose size does not show: a stored file, a kind of content that Weir does not know, a search of the
    /// provider's own.
    var hasUnknownInput = false
}

/// Measures a body that has been checked to be JSON, in one pass and without allocating.
///
/// Why the bound holds. A byte-level tokenizer makes at most one token of each byte of the text it is given. The texts are
/// the strings of `content`: they count the bytes they have once their escapes are decoded. Everything else (roles, names,
/// tools, arguments of calls) is rendered by a template of the provider's, which may write the same JSON with more white
/// space: behind each comma, colon, brace and bracket at most a line break and one run of blanks. So these count two more.
/// What a template puts around each message is shorter than what JSON puts around it: `{"role":"user","content":""}` has 28
/// bytes, the longest common template has 9 tokens (`PromptMeasurer.tokensAroundMessage` covers messages that are shorter).
///
/// Data inside image and audio parts is no text and does not count as such; it is left out only where no reading of the
/// part can take it for text, that is where its `type` says so and nothing is said twice.
@safe struct PromptMeasurer {
    private static let tokensAroundMessage: UInt64 = 8

    private var walker: JSONWalker
    /// Everything before it has been counted.
    private var counted = 0
    private var measure = PromptMeasure()

    /// - Parameter messages: where the array of messages lies; nil when there is none.
    static func measure(_ body: UnsafeRawBufferPointer, messages: JSONField?) -> PromptMeasure {
        var measurer = unsafe PromptMeasurer(body)
        if let messages, messages.kind == .array {
            measurer.walker.position = messages.start
            measurer.elements { $0.message() }
        }
        measurer.count(upTo: body.count)
        measurer.measure.textTokens += UInt64(measurer.measure.messageCount) * tokensAroundMessage
        return measurer.measure
    }

    private init(_ body: UnsafeRawBufferPointer) {
        unsafe walker = JSONWalker(body, from: 0, to: body.count)
    }

    // MARK: Messages

    private mutating func message() {
        measure.messageCount += 1
        members { measurer, key, first in
            guard key == .content else { return measurer.walker.skipValue() }
            switch first {
            case UInt8(ascii: "\""): measurer.text(measurer.string())
            case UInt8(ascii: "["): measurer.elements { $0.part() }
            default: measurer.walker.skipValue()
            }
        }
    }

    /// A string as it lies in the body, quotes excluded, and by how much its text is shorter.
    private struct Text {
        var start: Int
        var end: Int
        var escapeBytes: Int
    }

    /// One element of a `content` array.
    private mutating func part() {
        guard walker.next() == UInt8(ascii: "{") else { return walker.skipValue() }
        var kind: PartKind?
        var kinds = 0
        var content: Text?
        var url: Text?
        var data: Text?
        var media = 0
        var isLow = false
        members { measurer, key, first in
            let isString = first == UInt8(ascii: "\"")
            switch key {
            case .type where isString:
                kind = measurer.partKind(measurer.string())
                kinds += 1
            case .text where isString:
                if content != nil { kinds += 2 }
                content = measurer.string()
            case .imageURL:
                media += 1
                if isString {
                    url = measurer.string()
                } else if first == UInt8(ascii: "{") {
                    var details = 0
                    measurer.members { measurer, key, first in
                        switch key {
                        case .url where first == UInt8(ascii: "\""):
                            if url != nil { media += 1 }
                            url = measurer.string()
                        case .detail where first == UInt8(ascii: "\""):
                            details += 1
                            isLow = measurer.isLow(measurer.string()) && details == 1
                        default: measurer.walker.skipValue()
                        }
                    }
                } else {
                    measurer.walker.skipValue()
                }
            case .inputAudio where first == UInt8(ascii: "{"):
                media += 1
                measurer.members { measurer, key, first in
                    guard key == .data, first == UInt8(ascii: "\"") else { return measurer.walker.skipValue() }
                    if data != nil { media += 1 }
                    data = measurer.string()
                }
            default: measurer.walker.skipValue()
            }
        }
        // A part that says one thing twice is read differently by different parsers: then all of it counts.
        let isPlain = kinds == 1 && media <= 1
        switch kind {
        case .text where kinds == 1:
            if let content { text(content) }
            if media > 0 { measure.hasUnknownInput = true }
        case .image:
            if isLow, isPlain {
                measure.imagesLowDetail += 1
            } else {
                measure.imagesHighDetail += UInt32(max(1, media))
            }
            if isPlain, data == nil, let url, isImageData(url) { leaveOut(url) }
            if url == nil || data != nil { measure.hasUnknownInput = true }
        case .audio:
            if isPlain, url == nil, let data {
                leaveOut(data)
                measure.audioTokens += Self.audioTokens(base64Bytes: data.end - data.start)
            } else {
                measure.hasUnknownInput = true
            }
        default: measure.hasUnknownInput = true
        }
    }

    /// At most one token for 7.5 bytes of sound: 32 tokens a second (Gemini; OpenAI: 10) at the lowest bit rate of MP3, 8
    /// kbit/s, are one for 31 bytes.
    private static func audioTokens(base64Bytes: Int) -> UInt64 { UInt64(base64Bytes / 10 + 64) }

    private mutating func text(_ text: Text) {
        count(upTo: text.start)
        measure.textTokens += UInt64(text.end - text.start - text.escapeBytes)
        counted = text.end
    }

    private mutating func leaveOut(_ text: Text) {
        count(upTo: text.start)
        counted = text.end
    }

    /// Counts what lies between the last text and `place`: see above for why some bytes count three times.
    private mutating func count(upTo place: Int) {
        guard counted < place else { return }
        let structure = unsafe JSONText.structureCount(UnsafeRawBufferPointer(rebasing: walker.bytes[counted..<place]))
        measure.textTokens += UInt64(place - counted) + 2 * UInt64(structure)
        counted = place
    }

    // MARK: Words

    private enum Key { case content, type, text, imageURL, inputAudio, url, detail, data, other }
    private enum PartKind { case text, image, audio, other }

    /// The comparison ignores case, as the JSON of some servers does. A name that is written with capitals or with escapes
    /// makes the input unknown, since it may or may not be read.
    private func key(_ text: Text) -> Key {
        switch text.end - text.start {
        case 3 where isText(text, "url"): .url
        case 4 where isText(text, "type"): .type
        case 4 where isText(text, "text"): .text
        case 4 where isText(text, "data"): .data
        case 6 where isText(text, "detail"): .detail
        case 7 where isText(text, "content"): .content
        case 9 where isText(text, "image_url"): .imageURL
        case 11 where isText(text, "input_audio"): .inputAudio
        default: .other
        }
    }

    private func hasUppercase(_ text: Text) -> Bool {
        for index in text.start..<text.end where unsafe walker.bytes[index] &- 65 < 26 { return true }
        return false
    }

    private func partKind(_ text: Text) -> PartKind {
        if isText(text, "text") || isText(text, "refusal") { return .text }
        if isText(text, "image_url") { return .image }
        if isText(text, "input_audio") { return .audio }
        return .other
    }

    private func isLow(_ text: Text) -> Bool { isText(text, "low") }

    private func isImageData(_ text: Text) -> Bool {
        let prefix: StaticString = "data:image/"
        return text.end - text.start > prefix.utf8CodeUnitCount
            && isText(Text(start: text.start, end: text.start + prefix.utf8CodeUnitCount, escapeBytes: 0), prefix)
    }

    private func isText(_ text: Text, _ word: StaticString) -> Bool {
        unsafe HTTPBytes.equals(walker.bytes, text.start..<text.end, word)
    }

    // MARK: Walking

    /// Every element of the array that begins here. The body consumes exactly one value.
    private mutating func elements(_ body: (inout PromptMeasurer) -> Void) {
        walker.position &+= 1
        while walker.position < walker.end {
            let first = walker.next()
            if first == UInt8(ascii: "]") {
                walker.position &+= 1
                return
            }
            guard first != 0 else { return }
            body(&self)
        }
    }

    /// Every member of the object that begins here, or the one value that is no object.
    private mutating func members(_ body: (inout PromptMeasurer, Key, UInt8) -> Void) {
        guard walker.next() == UInt8(ascii: "{") else { return walker.skipValue() }
        walker.position &+= 1
        while walker.position < walker.end {
            let first = walker.next()
            if first == UInt8(ascii: "}") {
                walker.position &+= 1
                return
            }
            guard first == UInt8(ascii: "\"") else { return }
            let name = string()
            let key = key(name)
            if name.escapeBytes > 0 || (key != .other && hasUppercase(name)) { measure.hasUnknownInput = true }
            body(&self, key, walker.next())
        }
    }

    /// From an opening quote to behind the closing one.
    private mutating func string() -> Text {
        var saved = 0
        let bytes = unsafe walker.bytes
        let range = walker.text { index in unsafe Self.escape(at: index, in: bytes, &saved) }
        return Text(start: range.lowerBound, end: range.upperBound, escapeBytes: saved)
    }

    /// `\n` is one byte of text; `\uXXXX` at most three, one when it is ASCII, two below U+0800. Half of a surrogate pair
    /// counts three: alone it becomes U+FFFD.
    private static func escape(at index: Int, in bytes: UnsafeRawBufferPointer, _ saved: inout Int) -> Int {
        guard index &+ 6 <= bytes.count, unsafe bytes[index &+ 1] == UInt8(ascii: "u") else {
            saved &+= 1
            return index &+ 2
        }
        if unsafe bytes[index &+ 2] == UInt8(ascii: "0"), unsafe bytes[index &+ 3] < UInt8(ascii: "8") {
            let isASCII = unsafe bytes[index &+ 3] == UInt8(ascii: "0") && bytes[index &+ 4] < UInt8(ascii: "8")
            saved &+= isASCII ? 5 : 4
        } else {
            saved &+= 3
        }
        return index &+ 6
    }
}

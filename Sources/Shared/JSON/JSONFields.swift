import Glibc

/// The fields of an object that somebody wants to know of.
///
/// - Shape: at most 16 names of up to 63 bytes. Made once for the life of the process: what it holds is never freed, and so nobody counts
///   references to it, which all loops would share. Matching a field costs a comparison of two words for most that are not wanted.
@safe public struct JSONFieldNames: Sendable {
    public static let countMax = 16

    private struct Name {
        var head: UInt64  // the first eight bytes, the first lowest
        var tail: UInt64  // the last eight bytes of a name that has more
        var offset: Int  // of the whole name in `text`
        var index: Int  // among the names as they were given
    }

    /// Bit n: there is a name of n bytes.
    private let lengths: UInt64
    /// Of `names`, which are ordered by length: where those of n bytes begin.
    nonisolated(unsafe) private let firsts: UnsafeMutablePointer<UInt8>
    // Plain memory, because an array would be checked and counted at every field of every request. Made once, read only.
    nonisolated(unsafe) private let names: UnsafeMutablePointer<Name>
    nonisolated(unsafe) private let text: UnsafeMutablePointer<UInt8>

    public init(_ names: String...) {
        precondition(names.count <= Self.countMax && names.allSatisfy { $0.utf8.count < 64 })
        lengths = names.reduce(0) { $0 | 1 << UInt64($1.utf8.count) }
        unsafe self.names = .allocate(capacity: max(1, names.count))
        unsafe firsts = .allocate(capacity: 65)
        unsafe text = .allocate(capacity: max(1, names.reduce(0) { $0 + $1.utf8.count }))
        var offset = 0
        let ordered = names.enumerated().sorted { $0.element.utf8.count < $1.element.utf8.count }
        for length in 0...64 {
            let shorter = names.count { $0.utf8.count < length }
            unsafe (firsts + length).initialize(to: UInt8(shorter))
        }
        for (place, (index, name)) in ordered.enumerated() {
            var head: UInt64 = 0
            var tail: UInt64 = 0
            for (position, byte) in name.utf8.enumerated() {
                if position < 8 { head |= UInt64(byte) << UInt64(position * 8) }
                tail = tail >> 8 | UInt64(byte) << 56
                unsafe (text + offset + position).initialize(to: byte)
            }
            unsafe (self.names + place).initialize(to: Name(head: head, tail: tail, offset: offset, index: index))
            offset += name.utf8.count
        }
    }

    /// The index of the name that `bytes[range]` is.
    @inline(__always)
    func index(of range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Int? {
        // Most fields that are not wanted have a length that no wanted one has.
        guard range.count < 64, lengths & (1 << UInt64(range.count)) != 0 else { return nil }
        return unsafe indexOfLength(range, in: bytes)
    }

    private func indexOfLength(_ range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Int? {
        var head: UInt64 = 0
        if range.lowerBound &+ 8 <= bytes.count {
            head = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: UInt64.self))
            if range.count < 8 { head &= (1 << UInt64(range.count &* 8)) &- 1 }
        } else {
            for place in 0..<range.count {
                unsafe head |= UInt64(bytes[range.lowerBound &+ place]) << UInt64(place &* 8)
            }
        }
        var name = unsafe names + Int(firsts[range.count])
        let end = unsafe names + Int(firsts[range.count &+ 1])
        while unsafe name < end {
            if unsafe name.pointee.head == head {
                guard range.count > 8 else { return unsafe name.pointee.index }
                if unsafe matches(name, range, in: bytes) { return unsafe name.pointee.index }
            }
            unsafe name += 1
        }
        return nil
    }

    /// Of a name of more than eight bytes, the first eight of which agree.
    private func matches(
        _ name: UnsafeMutablePointer<Name>, _ range: Range<Int>, in bytes: UnsafeRawBufferPointer
    ) -> Bool {
        let tail = unsafe bytes.loadUnaligned(fromByteOffset: range.upperBound &- 8, as: UInt64.self)
        guard unsafe UInt64(littleEndian: tail) == name.pointee.tail else { return false }
        var place = 8
        let offset = unsafe name.pointee.offset
        while place < range.count &- 8, unsafe bytes[range.lowerBound &+ place] == text[offset &+ place] { place &+= 1 }
        return place >= range.count &- 8
    }

    /// Rare enough to allocate. `\u006dodel` is the name `model` too, and who hides it so must not slip through.
    func index(ofEscaped range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let decoded = unsafe JSONString.decode(UnsafeRawBufferPointer(rebasing: bytes[range])) else { return nil }
        return unsafe decoded.withUnsafeBytes { unsafe index(of: 0..<$0.count, in: $0) }
    }
}

/// Where a value lies and what it is.
public struct JSONField: Hashable, Sendable {
    /// Of the value, quotes and brackets included, in bytes of the whole buffer.
    public var start: Int
    public var end: Int
    public var kind: JSONKind
    /// How often the name occurs in its object. `start`, `end` and `kind` are of the last one, which is the one most
    /// parsers take; whoever decides by the value refuses two.
    public var occurrences: Int

    public var range: Range<Int> { start..<end }

    @inlinable
    public init(start: Int, end: Int, kind: JSONKind, occurrences: Int) {
        self.start = start
        self.end = end
        self.kind = kind
        self.occurrences = occurrences
    }
}

/// The wanted fields of one object, found in one pass that checks all of it.
///
/// - Units: offsets fit 32 bits, because no body may be that long; it makes this small enough to be handed on by value.
public struct JSONObjectFields: Sendable {
    /// Directly behind the opening brace: where a member can be inserted.
    public private(set) var contentStart = 0
    public private(set) var isEmpty = true
    @usableFromInline
    var fields: InlineArray<16, Place> = InlineArray(repeating: Place(start: 0, end: 0, kind: .null, occurrences: 0))

    @usableFromInline
    struct Place: Sendable {
        @usableFromInline var start: UInt32
        @usableFromInline var end: UInt32
        @usableFromInline var kind: JSONKind
        /// Stays at its maximum: who asks wants to know of none, one, or more.
        @usableFromInline var occurrences: UInt8

        init(start: UInt32, end: UInt32, kind: JSONKind, occurrences: UInt8) {
            self.start = start
            self.end = end
            self.kind = kind
            self.occurrences = occurrences
        }
    }

    /// The field with the name at `index` of the names that were asked for; nil when the object lacks it.
    ///
    /// Inlined into other modules, because a call would copy all fields to read one.
    @inlinable @inline(__always)
    public subscript(index: Int) -> JSONField? {
        let place = fields.span[index]
        guard place.occurrences > 0 else { return nil }
        return JSONField(
            start: Int(place.start), end: Int(place.end), kind: place.kind, occurrences: Int(place.occurrences))
    }

    /// Scans a whole text that must be an object.
    ///
    /// - Errors: `JSONError` for anything that is not JSON, anywhere in the text, or is not an object.
    public init(scanning bytes: UnsafeRawBufferPointer, for names: JSONFieldNames) throws(JSONError) {
        unsafe try self.init(scanning: bytes, in: 0..<bytes.count, for: names)
    }

    public init(scanning bytes: [UInt8], for names: JSONFieldNames) throws(JSONError) {
        self = try unsafe bytes.withRawBytes { bytes throws(JSONError) in
            try unsafe JSONObjectFields(scanning: bytes, for: names)
        }
    }

    /// Scans a part of a text that must be an object, such as the range of a field.
    public init(
        scanning bytes: UnsafeRawBufferPointer, in range: Range<Int>, for names: JSONFieldNames
    ) throws(JSONError) {
        _ = try unsafe takeObject(in: range, names, bytes)
    }

    /// Scans a whole text that must be an object, one of many that begin alike: what `lead` has of those before is not scanned again.
    public init(
        scanning bytes: UnsafeRawBufferPointer, for names: JSONFieldNames, after lead: inout JSONLead
    ) throws(JSONError) {
        if unsafe lead.begins(bytes) {
            contentStart = lead.contentStart
            var scanner = unsafe JSONScanner(bytes, in: lead.count..<bytes.count)
            _ = try unsafe takeMembers(from: &scanner, behindComma: true, names, bytes)
        } else {
            let end = try unsafe takeObject(in: 0..<bytes.count, names, bytes)
            unsafe lead.learn(bytes, end, contentStart)
        }
    }

    /// - Returns: as `takeMembers`.
    private mutating func takeObject(
        in range: Range<Int>, _ names: JSONFieldNames, _ bytes: UnsafeRawBufferPointer
    ) throws(JSONError) -> Int {
        var scanner = unsafe JSONScanner(bytes, in: range)
        _ = scanner.peek()
        contentStart = scanner.position + 1
        return try unsafe takeMembers(from: &scanner, behindComma: false, names, bytes)
    }

    /// - Returns: where the last member ends of those in front of the first with a wanted name.
    private mutating func takeMembers(
        from scanner: inout JSONScanner, behindComma: Bool, _ names: JSONFieldNames, _ bytes: UnsafeRawBufferPointer
    ) throws(JSONError) -> Int {
        precondition(bytes.count <= Int(UInt32.max))
        var leadEnd = 0
        var hasWanted = false
        try unsafe scanner.members(behindComma: behindComma, named: names, in: bytes) {
            scanner, index throws(JSONError) in
            isEmpty = false
            _ = scanner.peek()
            let start = scanner.position
            let kind = try scanner.skipValue()
            guard let index else {
                if !hasWanted { leadEnd = scanner.position }
                return
            }
            hasWanted = true
            let seen = fields.span[index].occurrences
            fields[index] = Place(
                start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: scanner.position),
                kind: kind, occurrences: seen == .max ? seen : seen + 1)
        }
        try scanner.expectEnd()
        return leadEnd
    }
}

/// What the objects of a stream begin with alike: the members in front of the first with a wanted name, as one of them had them. The events of a
/// chat name their stream, their model and their time before they say anything new.
///
/// - Shape: scanned for the same names each time. Up to 192 bytes; longer ones are not remembered.
public struct JSONLead: Sendable {
    /// With the comma behind the last of them; 0: nothing is known.
    fileprivate private(set) var count = 0
    fileprivate private(set) var contentStart = 0
    private var bytes = InlineArray<192, UInt8>(repeating: 0)

    public init() {}

    @inline(__always)
    fileprivate func begins(_ text: UnsafeRawBufferPointer) -> Bool {
        guard count > 0, text.count > count, let base = text.baseAddress else { return false }
        return unsafe bytes.span.withUnsafeBytes { unsafe memcmp($0.baseAddress.unsafelyUnwrapped, base, count) == 0 }
    }

    /// - Parameter end: where the last of the members ends in `text`.
    fileprivate mutating func learn(_ text: UnsafeRawBufferPointer, _ end: Int, _ contentStart: Int) {
        count = 0
        guard end > 0, end < bytes.count, unsafe text[end] == UInt8(ascii: ",") else { return }
        count = end + 1
        self.contentStart = contentStart
        for index in 0..<count { unsafe bytes[index] = text[index] }
    }
}

// MARK: Scalars

extension JSONField {
    /// The text of a string, in place where it has no escapes; nil when this is no string or cannot be decoded.
    public func withString<Result>(
        in bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        guard kind == .string else { return nil }
        let content = unsafe UnsafeRawBufferPointer(rebasing: bytes[(start + 1)..<(end - 1)])
        if unsafe !content.contains(UInt8(ascii: "\\")) { return unsafe body(content) }
        guard let decoded = unsafe JSONString.decode(content) else { return nil }
        return unsafe decoded.withUnsafeBytes { unsafe body($0) }
    }

    /// The UTF-8 bytes of a string; nil when this is no string or names half of a surrogate pair.
    public func string(in bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        unsafe withString(in: bytes) { unsafe Array($0) }
    }

    public func bool(in bytes: UnsafeRawBufferPointer) -> Bool? {
        unsafe kind == .boolean ? bytes[start] == UInt8(ascii: "t") : nil
    }

    /// A number without fraction and exponent that fits; nil otherwise.
    public func int64(in bytes: UnsafeRawBufferPointer) -> Int64? {
        unsafe kind == .number ? Self.integer(bytes, range) : nil
    }

    /// A number without sign, fraction and exponent that fits; nil otherwise.
    public func uint64(in bytes: UnsafeRawBufferPointer) -> UInt64? {
        unsafe kind == .number ? Self.integer(bytes, range) : nil
    }

    /// - Parameter range: of a number.
    static func integer<Integer: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Integer? {
        let isNegative = unsafe bytes[range.lowerBound] == UInt8(ascii: "-")
        var value: Integer = 0
        if !isNegative, range.count <= 18, Integer.bitWidth >= 64 {
            // So many digits cannot overflow.
            for index in range {
                let digit = unsafe bytes[index] &- 48
                guard digit < 10 else { return nil }
                value = value &* 10 &+ Integer(truncatingIfNeeded: digit)
            }
            return value
        }
        for index in (isNegative ? range.dropFirst() : range) {
            let digit = unsafe bytes[index] &- 48
            guard digit < 10 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowed) =
                isNegative
                ? product.subtractingReportingOverflow(Integer(digit))
                : product.addingReportingOverflow(Integer(digit))
            guard !overflow, !overflowed else { return nil }
            value = sum
        }
        return value
    }
}

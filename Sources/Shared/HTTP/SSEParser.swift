import Glibc

/// Finds the ends of server-sent events in bytes that arrive in any pieces.
///
/// - Shape: an event reaches to the blank line behind it, that line included; lines end in LF or CRLF. The bytes are not
///   changed or copied: the caller forwards them as they are.
/// - Source: WHATWG HTML, "Interpreting an event stream".
public struct SSEFramer: Sendable {
    /// Where the search goes on, relative to the start of the unfinished event.
    private var searched = 0

    public init() {}

    /// The length of the event at the start of `bytes`, nil when its end has not arrived.
    public mutating func eventLength(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        var from = searched
        while from < bytes.count, let hit = unsafe memchr(base + from, 0x0a, bytes.count - from) {
            let lineEnd = unsafe UnsafeRawPointer(hit) - base
            let next = lineEnd + 1
            if next < bytes.count {
                if unsafe bytes[next] == 0x0a { return finish(next + 1) }
                if unsafe bytes[next] == 0x0d {
                    if next + 1 < bytes.count {
                        if unsafe bytes[next + 1] == 0x0a { return finish(next + 2) }
                    } else {
                        searched = lineEnd
                        return nil
                    }
                }
            } else {
                searched = lineEnd
                return nil
            }
            from = next
        }
        searched = bytes.count
        return nil
    }

    /// The same in bytes behind which nothing comes where `atEnd`: a last event may lack its blank line.
    public mutating func eventLength(_ bytes: UnsafeRawBufferPointer, atEnd: Bool) -> Int? {
        unsafe eventLength(bytes) ?? (atEnd && !bytes.isEmpty ? bytes.count : nil)
    }

    private mutating func finish(_ length: Int) -> Int {
        searched = 0
        return length
    }
}

/// The data of one event.
public enum SSEEvent {
    /// Where the value of its first `event` line lies; empty where it has none.
    public static func name(of event: UnsafeRawBufferPointer) -> Range<Int> {
        guard let base = event.baseAddress else { return 0..<0 }
        var start = 0
        while start < event.count {
            let hit = unsafe memchr(base + start, 0x0a, event.count - start)
            let end = unsafe hit.map { unsafe UnsafeRawPointer($0) - base } ?? event.count
            var lineEnd = end
            if lineEnd > start, unsafe event[lineEnd &- 1] == 0x0d { lineEnd &-= 1 }
            if lineEnd - start >= 6, unsafe memcmp(base + start, "event:", 6) == 0 {
                let valueStart = start + 6
                let hasBlank = unsafe valueStart < lineEnd && event[valueStart] == 0x20
                return (hasBlank ? valueStart + 1 : valueStart)..<lineEnd
            }
            start = end + 1
        }
        return 0..<0
    }

    /// Hands the payload of the event's `data` lines to `body`: in place when there is one line, joined when there are more.
    /// Nil when the event has none (a comment, a keep-alive).
    public static func withData<Result>(of event: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result)
        -> Result?
    {
        var first: Range<Int>?
        var joined: [UInt8]?
        guard let base = event.baseAddress else { return nil }
        var start = 0
        while start < event.count {
            let hit = unsafe memchr(base + start, 0x0a, event.count - start)
            let end = unsafe hit.map { unsafe UnsafeRawPointer($0) - base } ?? event.count
            var lineEnd = end
            if lineEnd > start, unsafe event[lineEnd &- 1] == 0x0d { lineEnd &-= 1 }
            if lineEnd - start >= 5, unsafe memcmp(base + start, "data:", 5) == 0 {
                var valueStart = start + 5
                if valueStart < lineEnd, unsafe event[valueStart] == 0x20 { valueStart += 1 }
                let value = valueStart..<lineEnd
                if let known = first {
                    if joined == nil { joined = unsafe Array(event[known]) }
                    joined?.append(0x0a)
                    unsafe joined?.append(contentsOf: event[value])
                } else {
                    first = value
                }
            }
            start = end + 1
        }
        if let joined { return unsafe joined.withUnsafeBytes { unsafe body($0) } }
        guard let first else { return nil }
        return unsafe body(UnsafeRawBufferPointer(rebasing: event[first]))
    }
}

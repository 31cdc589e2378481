import Shared
import Translate

/// Where the messages of a provider's stream begin and end, and what they are called.
struct StreamFraming {
    private enum Kind {
        case events(SSEFramer)
        case messages(EventStreamFramer)
    }

    private var kind: Kind

    /// An event this long without an end is no stream of events. Messages say how long they are, and have a bound of their own.
    private static let eventBytesMax = 8 * 1024 * 1024

    init(of dialect: Dialect) {
        kind = dialect == .bedrock ? .messages(EventStreamFramer()) : .events(SSEFramer())
    }

    /// Hands the first message of `bytes` to `body`, if it has a payload.
    ///
    /// - Parameter atEnd: nothing comes behind `bytes`.
    /// - Returns: the length of its frame; nil: its end has not arrived.
    mutating func next(
        _ bytes: UnsafeRawBufferPointer, atEnd: Bool, _ body: (StreamMessage) -> Void
    ) throws(RelayError) -> Int? {
        switch kind {
        case .events(var framer):
            let length = unsafe framer.eventLength(bytes, atEnd: atEnd)
            kind = .events(framer)
            guard let length else {
                guard bytes.count <= Self.eventBytesMax else { throw .malformed }
                return nil
            }
            unsafe SSEEvent.withMessage(of: UnsafeRawBufferPointer(rebasing: bytes[..<length]), body)
            return length
        case .messages(var framer):
            defer { kind = .messages(framer) }
            do throws(EventStreamError) {
                guard let message = try unsafe framer.next(bytes) else { return nil }
                unsafe body(StreamMessage(name: message.name, data: message.payload))
                return message.byteCount
            } catch { throw .malformed }
        }
    }
}

extension SSEEvent {
    /// Hands name and payload of the event to `body`, if it has a payload.
    fileprivate static func withMessage(of event: UnsafeRawBufferPointer, _ body: (StreamMessage) -> Void) {
        let name = unsafe name(of: event)
        unsafe withData(of: event) { data in
            unsafe body(StreamMessage(name: UnsafeRawBufferPointer(rebasing: event[name]), data: data))
        }
    }
}

import Foundation
import Shared
import XCTest

@testable import Translate

/// What the tests of streams in this folder share.
enum ResponsesStreamChecks {
    static let context: AnswerContext = {
        var context = AnswerContext(id: "0194-f2", model: "public-name", nowUnixSeconds: 1_700_000_000)
        context.echo = OpenAIResponses.echo(of: .object(["instructions": .string("Be brief.")]))
        return context
    }()

    static func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8), allowing: .all) }

    // MARK: Reading

    /// What comes of events, given by their data, and of the end of their connection.
    static func events(_ messages: [String]) throws -> [AnswerEvent] {
        var reader = OpenAIResponses.streamReader()
        var events: [AnswerEvent] = []
        for message in messages { try feed(message, to: &reader, &events) }
        reader.end(into: &events)
        return events
    }

    static func feed(
        _ message: String, named name: String = "", to reader: inout any StreamReader, _ events: inout [AnswerEvent]
    ) throws {
        try unsafe Array(name.utf8).withUnsafeBytes { name in
            try unsafe Array(message.utf8).withUnsafeBytes { data in
                try unsafe reader.read(StreamMessage(name: name, data: data), into: &events)
            }
        }
    }

    /// Without the beginning, the usage and the end, which most streams have alike.
    static func content(_ messages: [String]) throws -> [AnswerEvent] {
        try events(messages).filter { event in
            switch event {
            case .began, .usage, .ended: false
            default: true
            }
        }
    }

    // MARK: Writing

    static func output(_ events: [AnswerEvent], in context: AnswerContext = context) throws -> [UInt8] {
        var writer = OpenAIResponses.streamWriter(in: context)
        var output: [UInt8] = []
        for event in events { try writer.write(event, to: &output) }
        return output
    }

    /// The events that were written, each as its name and its data, held to the rules of the dialect.
    static func frames(
        _ events: [AnswerEvent], in context: AnswerContext = context
    ) throws -> [(name: String, data: JSONValue)] {
        var caller = ResponsesCallerStream()
        return try frames(of: output(events, in: context)).map { name, data in
            try caller.feed(name, data)
            return (name, data)
        }
    }

    static func frames(of output: [UInt8]) throws -> [(name: String, data: JSONValue)] {
        try String(decoding: output, as: UTF8.self).components(separatedBy: "\n\n").dropLast().compactMap { frame in
            if frame == ": ping" { return nil }
            let lines = frame.components(separatedBy: "\n")
            XCTAssertEqual(lines.count, 2, frame)
            XCTAssertTrue(lines[0].hasPrefix("event: ") && lines[1].hasPrefix("data: "), frame)
            return (String(lines[0].dropFirst(7)), try json(String(lines[1].dropFirst(6))))
        }
    }

    /// A stream in short: `added 0 message`, `text.delta 0 Hi`, and the names of all other events with the place of their item.
    static func outline(_ events: [AnswerEvent]) throws -> [String] {
        try frames(events).map { name, data in
            let place = data["output_index"]?.number?.text ?? ""
            let short = name.hasPrefix("response.") ? String(name.dropFirst(9)) : name
            switch short {
            case "output_item.added", "output_item.done":
                let item = data["item"]
                let status = item?["status"]?.string ?? "-"
                return "\(short.dropFirst(12)) \(place) \(item?["type"]?.string ?? "?") \(status)"
            default:
                let text = data["delta"]?.string ?? data["text"]?.string ?? data["arguments"]?.string
                return [short, place, text ?? data["refusal"]?.string ?? ""].filter { !$0.isEmpty }
                    .joined(separator: " ")
            }
        }
    }

    /// The response of the last event.
    static func last(_ events: [AnswerEvent]) throws -> JSONValue {
        try XCTUnwrap(try frames(events).last?.data["response"])
    }
}

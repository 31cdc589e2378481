import Shared
import TestSupport
import Translate
import XCTest

/// The matrix of dialects: each conversation from three callers to four providers and back.
///
/// With `WEIR_GOLDEN=rewrite` the outputs are written anew, and the difference is for the review.
final class DialectGoldenTests: XCTestCase {
    func testEveryCellOfTheMatrixIsAsItWasReviewed() throws {
        var tally = Tally()
        for known in try DialectCase.all() {
            try requests(of: known, &tally)
            try answers(of: known, &tally)
            try streams(of: known, &tally)
        }
        print("dialects: cases=\(tally.cells) failed=\(tally.failures.count)")
        XCTAssert(tally.failures.isEmpty, "\n" + tally.failures.joined(separator: "\n"))
        XCTAssertGreaterThan(tally.cells, 32 * 36)
    }

    func testWhatATargetLacksIsSaidInOtherWordsOrNamed() throws {
        var tally = Tally()
        for (name, lacking) in Self.lacking {
            let known = DialectCase(name: name)
            var cells = Cells()
            for (label, change) in lacking {
                for caller in DialectCase.callers {
                    guard let request = try known.request(of: caller) else { continue }
                    for provider in DialectCase.providers {
                        var traits = DialectCase.traits(of: provider)
                        change(&traits)
                        let cell = try DialectCell.request(request, from: caller, for: traits, of: provider)
                        cells.add("\(label): \(caller.rawValue)>\(provider.rawValue)", cell)
                    }
                }
            }
            try tally.check(cells, against: known.path("lacking.json"))
        }
        XCTAssert(tally.failures.isEmpty, "\n" + tally.failures.joined(separator: "\n"))
    }

    private typealias Change = @Sendable (inout TargetTraits) -> Void

    /// Each generation takes fields that the one before refused, and refuses others.
    private static let newer: Change = { traits in
        switch traits.model {
        case "claude-sonnet-4-5": traits.model = "claude-opus-4-7"
        case "gemini-2.5-flash": traits.model = "gemini-3.1-pro"
        case "anthropic.claude-sonnet-4-5-20250929-v1:0": traits.model = "anthropic.claude-opus-4-7-v1"
        default: break
        }
    }

    /// Cases, and what their targets cannot do.
    private static let lacking: [(String, [(String, Change)])] = [
        ("structured-output", [("no JSON schemas", { $0.capabilities.jsonSchema = false })]),
        (
            "structured-output-with-tools",
            [("no JSON schemas", { $0.capabilities.jsonSchema = false }), ("newer models", newer)]
        ),
        ("json-object", [("no JSON schemas", { $0.capabilities.jsonSchema = false })]),
        ("tools-in-parallel", [("no tools", { $0.capabilities.tools = false })]),
        ("tool-shows-image", [("no images", { $0.capabilities.images = false }), ("newer models", newer)]),
        ("image-by-data", [("no images", { $0.capabilities.images = false })]),
        ("document", [("no documents", { $0.capabilities.documents = false })]),
        ("audio", [("no audio", { $0.capabilities.audio = false })]),
        ("thinking-sent-back", [("no reasoning", { $0.capabilities.reasoning = false }), ("newer models", newer)]),
        ("thinking-by-effort", [("no reasoning", { $0.capabilities.reasoning = false }), ("newer models", newer)]),
        ("thinking-by-budget", [("newer models", newer)]),
        ("thinking-off", [("newer models", newer)]),
        ("thinking-and-more", [("newer models", newer)]),
        ("many-turns", [("no sampling", { $0.capabilities.sampling = false }), ("newer models", newer)]),
        ("system-in-the-middle", [("newer models", newer)]),
        ("prefill-trimmed", [("newer models", newer)]),
        ("tool-answered", [("short identities", { $0.quirks.shortToolCallIDs = true }), ("newer models", newer)]),
        ("several-instructions", [("no system messages", { $0.capabilities.systemMessages = false })]),
        (
            "developer-in-the-middle",
            [
                ("no developer", { $0.quirks.developerRole = false }),
                ("no system messages", { $0.capabilities.systemMessages = false }),
            ]
        ),
        ("cache-marks", [("cache marks", { $0.quirks.cacheControl = true })]),
        (
            "plain-stream",
            [
                ("max_tokens", { $0.quirks.outputBound = .maxTokens }),
                ("no stream options", { $0.quirks.streamOptions = false }),
            ]
        ),
    ]

    // MARK: Cells

    private func requests(of known: DialectCase, _ tally: inout Tally) throws {
        var cells = Cells()
        for caller in DialectCase.callers {
            guard let request = try known.request(of: caller) else { continue }
            for provider in DialectCase.providers {
                let traits = DialectCase.traits(of: provider)
                let cell = try DialectCell.request(request, from: caller, for: traits, of: provider)
                cells.add("\(caller.rawValue)>\(provider.rawValue)", cell)
            }
        }
        try tally.check(cells, against: known.path("requests.json"))
    }

    private func answers(of known: DialectCase, _ tally: inout Tally) throws {
        var cells = Cells()
        for provider in DialectCase.providers {
            let reply = try known.reply(of: provider)
            for caller in DialectCase.callers {
                let cell = try DialectCell.answer(reply, from: provider, for: caller)
                cells.add("\(provider.rawValue)>\(caller.rawValue)", cell)
            }
        }
        try tally.check(cells, against: known.path("answers.json"))
    }

    private func streams(of known: DialectCase, _ tally: inout Tally) throws {
        var cells = Cells()
        for provider in DialectCase.providers {
            let events = try ProviderStream.events(of: known.stream(of: provider), in: provider)
            for caller in DialectCase.callers {
                let stream = try ProviderStream.written(events, for: caller)
                cells.add("\(provider.rawValue)>\(caller.rawValue)", text: String(decoding: stream, as: UTF8.self))
                if try known.reply(of: provider).failure == nil,
                    let problem = try difference(
                        between: stream, and: known, from: provider, for: caller)
                {
                    tally.fail("\(known.path("streams.txt")) \(provider.rawValue)>\(caller.rawValue)", problem)
                }
            }
        }
        try tally.check(cells, against: known.path("streams.txt"))
    }

    /// A stream, put together again, says what the whole answer says; nil where it does.
    private func difference(
        between stream: [UInt8], and known: DialectCase, from provider: Dialect, for caller: Dialect
    ) throws -> String? {
        let reader = caller.callerStream
        let whole = try DialectCell.answer(known.reply(of: provider), from: provider, for: caller)
        let together: JSONValue
        do { together = try reader.whole(stream, in: caller) } catch { return "the stream: \(error)" }
        // A caller gets the stream of a provider that speaks its dialect as it is; and what a bound cut off is no JSON any more, which whole
        // answers hide.
        guard caller != provider, known.name != "call-cut-by-length" else { return nil }
        guard let expected = reader.comparable(whole), let actual = reader.comparable(together), expected != actual
        else {
            return nil
        }
        return "the stream says\n\(PrettyJSON.text(actual))\nand the whole answer\n\(PrettyJSON.text(expected))"
    }
}

/// The cells of one file.
struct Cells {
    private(set) var names: [String] = []
    /// Each as it stands in the file, its name before it.
    private(set) var texts: [String] = []
    private var isJSON = true

    mutating func add(_ name: String, _ value: JSONValue) {
        names.append(name)
        texts.append("  \"\(name)\": " + PrettyJSON.text(value, indent: 2))
    }

    mutating func add(_ name: String, text: String) {
        isJSON = false
        names.append(name)
        texts.append("=== \(name)\n\n\(text)\n")
    }

    var bytes: [UInt8] { Array((isJSON ? "{\n\(texts.joined(separator: ",\n"))\n}\n" : texts.joined()).utf8) }
}

/// Cells that were looked at, and those that are not as they should be.
struct Tally {
    private(set) var cells = 0
    private(set) var failures: [String] = []
    private var failed: Set<String> = []

    mutating func fail(_ cell: String, _ problem: String) {
        guard failed.insert(cell).inserted else { return }
        failures.append("\(cell): \(problem)")
    }

    mutating func check(_ cells: Cells, against file: String) throws {
        self.cells += cells.names.count
        do { try Golden.check(cells.bytes, against: file) } catch {
            let expected = String(decoding: Golden.contents(of: file) ?? [], as: UTF8.self)
            for (name, text) in zip(cells.names, cells.texts)
            where !expected.contains(text) { fail("\(file) \(name)", "is not as it was reviewed") }
            if failures.isEmpty { fail(file, "\(error)") }
        }
    }
}

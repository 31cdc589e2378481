import Shared
import TestSupport
import XCTest

@testable import DataPlane

/// Every vector of `Tests/Golden/prices/vectors.json`, from the provider's words to nanodollars.
final class PriceVectorTests: XCTestCase {
    func testEveryVectorCostsWhatTheFileSays() throws {
        let document = try JSONValue(parsing: Array(Golden.lines(of: "prices/vectors.json").joined().utf8))
        let vectors = try XCTUnwrap(document["vectors"]?.array)
        var wrong = 0
        for vector in vectors {
            let name = try XCTUnwrap(vector["name"]?.string)
            let usage = try XCTUnwrap(Self.usage(of: vector), name)
            let sheet = try Self.sheet(XCTUnwrap(vector["prices"]))
            let cost = sheet.cost(of: usage).nanodollars
            if cost != vector["cost_nanodollars"]?.number?.int64 {
                wrong += 1
                XCTFail(
                    "\(name): costs \(cost), the file says \(vector["cost_nanodollars"]?.number?.text ?? "nothing")")
            }
            let bound = UsageBound(
                unknownInput: UInt64(usage.input), output: UInt64(usage.output), mayBeFast: usage.serviceTier == .fast)
            XCTAssertLessThanOrEqual(sheet.cost(of: usage), sheet.worstCase(bound), "\(name): the worst case covers it")
        }
        XCTAssertGreaterThan(vectors.count, 200)
        print("prices: vectors=\(vectors.count) wrong=\(wrong)")
    }

    private static func usage(of vector: JSONValue) -> TokenUsage? {
        guard let usage = vector["usage"] else { return nil }
        switch vector["dialect"]?.string {
        case "openai":
            // As the relay does: the bytes of `usage`, and `service_tier` from beside it.
            let bytes = usage.bytes
            var read = unsafe bytes.withUnsafeBytes { unsafe UsageReader.read($0, in: 0..<$0.count) }
            read?.serviceTier = vector["service_tier"]?.string.flatMap { ServiceTier(reported: $0) } ?? .standard
            return read
        case "anthropic": return anthropic(usage)
        case "gemini": return gemini(usage)
        default: return nil
        }
    }

    private static func anthropic(_ usage: JSONValue) -> TokenUsage {
        var found = AnthropicUsage()
        found.input = count(usage, "input_tokens")
        found.cacheRead = count(usage, "cache_read_input_tokens")
        found.cacheCreation = count(usage, "cache_creation_input_tokens")
        found.cacheCreation5m = count(usage["cache_creation"], "ephemeral_5m_input_tokens")
        found.cacheCreation1h = count(usage["cache_creation"], "ephemeral_1h_input_tokens")
        found.output = count(usage, "output_tokens")
        found.serviceTier = usage["service_tier"]?.string.flatMap { ServiceTier(reported: $0) } ?? .standard
        found.isFast = usage["speed"]?.string == "fast"
        return found.normalized
    }

    private static func gemini(_ usage: JSONValue) -> TokenUsage {
        func count(_ field: String, _ modality: String) -> UInt64 {
            (usage[field]?.array ?? []).filter { $0["modality"]?.string == modality }
                .reduce(0) { $0 + self.count($1, "tokenCount") }
        }
        var found = GeminiUsage()
        found.prompt = self.count(usage, "promptTokenCount")
        found.toolUsePrompt = self.count(usage, "toolUsePromptTokenCount")
        found.cachedContent = self.count(usage, "cachedContentTokenCount")
        found.candidates = self.count(usage, "candidatesTokenCount")
        found.thoughts = self.count(usage, "thoughtsTokenCount")
        found.promptAudio = count("promptTokensDetails", "AUDIO")
        found.promptImage = count("promptTokensDetails", "IMAGE")
        found.cachedAudio = count("cacheTokensDetails", "AUDIO")
        found.cachedImage = count("cacheTokensDetails", "IMAGE")
        found.candidatesAudio = count("candidatesTokensDetails", "AUDIO")
        found.candidatesImage = count("candidatesTokensDetails", "IMAGE")
        let tier = usage["trafficType"]?.string ?? usage["service_tier"]?.string
        found.serviceTier = tier.flatMap { ServiceTier(reported: $0) } ?? .standard
        return found.normalized
    }

    private static func count(_ value: JSONValue?, _ name: String) -> UInt64 {
        value?[name]?.number?.integer(as: UInt64.self) ?? 0
    }

    private static func sheet(_ prices: JSONValue) throws -> PriceSheet {
        PriceSheet(
            lines: try lines(prices),
            tiers: try (prices["tiers"]?.array ?? []).map { tier in
                PriceTier(
                    serviceTier: try XCTUnwrap(ServiceTier(label: tier["service_tier"]?.string ?? "standard")),
                    aboveInputTokens: UInt32(count(tier, "above_input_tokens")), lines: try lines(tier))
            })
    }

    private static func lines(_ value: JSONValue) throws -> PriceLines {
        func price(_ line: String) -> Int64? { value["\(line)_picodollars_per_token"]?.number?.int64 }
        return PriceLines(
            inputPicodollarsPerToken: try XCTUnwrap(price("input")),
            cachedInputPicodollarsPerToken: price("cached_input"),
            cacheWrite5mPicodollarsPerToken: price("cache_write_5m"),
            cacheWrite1hPicodollarsPerToken: price("cache_write_1h"),
            audioInputPicodollarsPerToken: price("audio_input"),
            imageInputPicodollarsPerToken: price("image_input"),
            outputPicodollarsPerToken: try XCTUnwrap(price("output")), reasoningPicodollarsPerToken: price("reasoning"),
            audioOutputPicodollarsPerToken: price("audio_output"),
            imageOutputPicodollarsPerToken: price("image_output"),
            requestPicodollars: value["request_picodollars"]?.number?.int64)
    }
}

import Foundation
import Shared
import TestSupport
import Translate

/// One conversation of the matrix: what callers send, and what providers reply. `make_inputs.py` beside the files writes them.
struct DialectCase {
    static let callers: [Dialect] = [.openai, .anthropic, .gemini]
    static let providers: [Dialect] = [.openai, .anthropic, .gemini, .bedrock]

    let name: String

    static func all() throws -> [DialectCase] { try Golden.folders(in: "dialects").map(DialectCase.init(name:)) }

    func path(_ file: String) -> String { "dialects/\(name)/\(file)" }

    /// nil where the dialect has no words for it.
    func request(of caller: Dialect) throws -> Request? {
        guard let bytes = Golden.contents(of: path("callers/\(caller.rawValue).json")) else { return nil }
        var call = InboundCall()
        if caller == .gemini {
            let path = Golden.contents(of: path("callers/gemini.path")).map { String(decoding: $0, as: UTF8.self) }
            call = InboundCall(
                model: "gemini-2.5-flash", isStream: path?.contains(":streamGenerateContent") ?? false)
        }
        return Request(body: try JSONValue(parsing: bytes), call: call)
    }

    struct Request {
        var body: JSONValue
        var call: InboundCall

        func conversation(of caller: Dialect) throws(TranslationError) -> Conversation {
            try caller.codec.conversation(from: body, of: call)
        }
    }

    func reply(of provider: Dialect) throws -> Reply {
        let body = try required(Golden.contents(of: path("providers/\(provider.rawValue).json")))
        let status = Golden.contents(of: path("providers/\(provider.rawValue).status")).flatMap {
            Int(String(decoding: $0, as: UTF8.self).filter(\.isNumber))
        }
        return Reply(body: body, failure: status)
    }

    struct Reply {
        var body: [UInt8]
        /// The status of an error.
        var failure: Int?
    }

    func stream(of provider: Dialect) throws -> [UInt8] {
        let ending = provider == .bedrock ? "frames" : "sse"
        return try required(Golden.contents(of: path("providers/\(provider.rawValue).\(ending)")))
    }

    /// What a typical provider of each dialect can do.
    static func traits(of provider: Dialect) -> TargetTraits {
        switch provider {
        case .openai, .responses: TargetTraits(model: "gpt-5-mini")
        case .anthropic: TargetTraits(model: "claude-sonnet-4-5", outputTokensDefault: 8_192)
        case .gemini: TargetTraits(model: "gemini-2.5-flash")
        case .bedrock: TargetTraits(model: "anthropic.claude-sonnet-4-5-20250929-v1:0")
        }
    }

    /// What answers to a caller need that no provider says.
    static func context(of caller: Dialect) -> AnswerContext {
        let models: [Dialect: String] = [
            .openai: "gpt-5-mini", .anthropic: "claude-sonnet-4-5", .gemini: "gemini-2.5-flash",
        ]
        return AnswerContext(
            id: "0198c7f2a4d07d3c9b1f", model: models[caller] ?? "", nowUnixSeconds: 1_760_000_123,
            estimatedInputTokens: 20)
    }
}

/// A file that every case has.
struct MissingFile: Error {}

private func required<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw MissingFile() }
    return value
}

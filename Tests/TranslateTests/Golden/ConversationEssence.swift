import Shared
import Translate

/// What every dialect can say of a conversation: texts, tools, calls and their results. Turns of one role are one, and white space does not
/// count, for dialects may join and trim.
struct ConversationEssence: Hashable {
    var instructions = ""
    var turns: [TurnEssence] = []
    var tools: [ToolEssence] = []

    struct TurnEssence: Hashable {
        var isAssistant: Bool
        var text = ""
        var calls: [CallEssence] = []
        var results: [String] = []
        var media: [String] = []
    }

    struct CallEssence: Hashable {
        var name: String
        var arguments: JSONValue?
    }

    struct ToolEssence: Hashable {
        var name: String
        var summary: String?
        /// The names of its arguments.
        var parameters: [String]
    }

    /// - Parameter names: the callers' names of tools, by those that a target got.
    init(_ conversation: Conversation, names: [String: String] = [:]) {
        for turn in conversation.turns {
            switch turn.role {
            case .system, .developer: instructions += turn.parts.compactMap(\.text).joined().withoutSpace
            case .user, .assistant, .tool:
                let isAssistant = turn.role == .assistant
                if turns.last?.isAssistant != isAssistant { turns.append(TurnEssence(isAssistant: isAssistant)) }
                for part in turn.parts { add(part, names) }
            }
        }
        tools = conversation.tools.compactMap { tool in
            guard case .function(let parameters) = tool.kind else { return nil }
            return ToolEssence(
                name: names[tool.name] ?? tool.name, summary: tool.summary,
                parameters: (parameters?["properties"]?.object?.names ?? []).sorted())
        }
    }

    private mutating func add(_ part: Part, _ names: [String: String]) {
        let last = turns.count - 1
        switch part.content {
        case .text(let text), .refusal(let text): turns[last].text += text.withoutSpace
        case .toolCall(let call):
            let arguments = (try? JSONValue(parsing: Array(call.arguments.utf8)))?.essence
            turns[last].calls.append(CallEssence(name: names[call.name] ?? call.name, arguments: arguments))
        case .toolResult(let result):
            turns[last].results.append(result.parts.compactMap(\.text).joined().withoutSpace)
            turns[last].media += result.parts.compactMap(Self.media)
        default: turns[last].media += [part].compactMap(Self.media)
        }
    }

    private static func media(_ part: Part) -> String? {
        switch part.content {
        case .image(let media): "image \(media.source)"
        case .document(let media): "document \(media.source)"
        case .audio(let media): "audio \(media.source)"
        default: nil
        }
    }
}

extension String {
    fileprivate var withoutSpace: String { filter { !$0.isWhitespace } }
}

import Shared

/// What OpenAI's two dialects have in common when a request is written for them.
protocol OpenAIWriting {
    static var dialect: Dialect { get }
    var conversation: Conversation { get }
    var target: TargetTraits { get }
    var writer: JSONWriter { get set }
    var rendered: RenderedRequest { get set }
}

extension OpenAIWriting {
    /// Who speaks this dialect knows what is peculiar to his kind of server.
    var isOurs: Bool { conversation.origin == Self.dialect }

    /// Those that the target can be told, the others reported.
    mutating func expressibleTools() -> [Tool] {
        guard target.capabilities.tools else {
            if !conversation.tools.isEmpty { rendered.drop("tools") }
            return []
        }
        return conversation.tools.filter { tool in
            guard case .native(let definition) = tool.kind, !isOurs else { return true }
            rendered.drop("tools[].\(definition["type"]?.string ?? tool.name)")
            return false
        }
    }

    /// Writes what says how an answer is drawn. Models that think draw it as they see fit.
    mutating func write(_ name: String, _ number: JSONNumber?, saysNothingAt usual: Double) {
        guard let number else { return }
        if target.capabilities.sampling {
            writer.member(name, number)
        } else if number.double != usual {
            rendered.drop(name)
        }
    }

    /// Those of `parts` that the target can be told, the others reported.
    ///
    /// - Parameter lost: what the target would lose with a part, by its name in OpenAI's chats; empty: nothing worth a word; nil: it can be told.
    mutating func expressible(_ parts: [Part], lost: (Part) -> String?) -> [Part] {
        parts.filter { part in
            drop(part.extras, under: "messages[].content[].")
            if let media = part.media { drop(media.extras, under: "messages[].content[].") }
            guard let lost = lost(part) else { return true }
            if !lost.isEmpty { rendered.drop("messages[].content[].\(lost)") }
            return false
        }
    }

    /// Reports what a target loses of `extras`.
    mutating func drop(_ extras: Extras, under path: String) {
        for name in extras.lost(to: Self.dialect) { rendered.drop(path + name) }
    }
}

extension Extras {
    /// What usage says besides `names`, and its objects of details besides theirs.
    init(
        ofUsage value: JSONValue?, besides names: [String], details: [(name: String, names: [String])],
        in dialect: Dialect
    ) {
        self.init()
        for member in value?.object?.members ?? [] where !names.contains(member.name) {
            guard let known = details.first(where: { $0.name == member.name }) else {
                add(member.name, member.value, of: dialect)
                continue
            }
            var rest = Extras()
            for inner in member.value.object?.members ?? [] where !known.names.contains(inner.name) {
                rest.add(inner.name, inner.value, of: dialect)
            }
            addRest(rest, of: known.name, in: dialect)
        }
    }
}

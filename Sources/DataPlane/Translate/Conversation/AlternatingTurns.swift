import Shared

/// What a dialect whose turns alternate takes of them.
protocol TurnFilter {
    /// Whose extras of turns are kept.
    static var dialect: Dialect { get }
    /// The most characters of the identity of a call.
    static var callIDCountMax: Int { get }

    /// Parts as they may be sent, without those that may not; what is lost or changed by it is reported.
    mutating func taken(_ parts: [Part], of role: Turn.Role, into rendered: inout RenderedRequest) -> [Part]

    /// What may stand among the instructions.
    func isInstruction(_ part: Part) -> Bool

    /// An instruction that stays where it stood, among the messages.
    func staysInPlace(_ turn: Turn) -> Bool
}

/// The turns of a conversation, put in the order and the shape that Anthropic insists on, and Bedrock for all its models.
///
/// - Shape: instructions leave their places for `system`, but for those that stay among the messages. What is left alternates between user
///   and assistant, begins with the user, and has no empty text. Results of tools stand in the user's turn right behind the calls, before
///   anything else that the user says.
/// - Errors: `inexpressible`, where nothing is left to answer.
struct AlternatingTurns<Filter: TurnFilter> {
    struct Message {
        /// `user`, `assistant` or `system`.
        var role: Turn.Role
        var parts: [Part]
        /// How the content stood, where it is a single text.
        var form: Turn.Form
        var extras = Extras()
    }

    private(set) var system: [Part] = []
    private(set) var systemForm = Turn.Form.parts
    var messages: [Message] = []
    private(set) var filter: Filter
    private var ids: AlternatingCallIDs
    /// By the place of the turn that called.
    private var results: [Int: AlternatingCallResults] = [:]
    /// The place of the turn that made a call last, by the identity of the call.
    private var callers: [String: Int] = [:]

    /// A user's turn that stands where somebody has to speak first: as short as can be, and nothing that the model could take for a wish.
    static var opening: String { "." }

    /// - Parameter mayBeEmpty: something is asked even so.
    init(
        _ conversation: Conversation, _ filter: Filter, mayBeEmpty: Bool = false,
        into rendered: inout RenderedRequest
    ) throws(TranslationError) {
        self.filter = filter
        ids = AlternatingCallIDs(conversation.turns, countMax: Filter.callIDCountMax)
        for turn in conversation.turns { add(turn, into: &rendered) }
        placeResults(into: &rendered)
        tidy()
        if !messages.isEmpty || !mayBeEmpty { try beginWithUser() }
    }

    /// The caller began the answer itself. An answer that a provider paused is not begun but gone on with: it has its thoughts, or ends
    /// with the block of a tool that the provider runs.
    var endsWithBegunAnswer: Bool {
        guard let last = messages.last, last.role == .assistant, last.parts.last?.text != nil else { return false }
        if case .thinking = last.parts.first?.content { return false }
        return true
    }

    /// For models that begin their answers themselves: leaves out what the caller began, and reports it.
    mutating func dropBegunAnswer(into rendered: inout RenderedRequest) {
        guard endsWithBegunAnswer, messages.count > 1 else { return }
        messages.removeLast()
        rendered.drop("messages[].prefill")
    }

    /// A call of a tool whose result the last turn brings, with the thought in front of it missing: a model with a budget refuses to think
    /// on from there.
    var lacksThoughtOfLastCalls: Bool {
        guard messages.count >= 2, let last = messages.last, last.role == .user, last.parts.contains(where: \.isResult),
            case let calling = messages[messages.count - 2], calling.role == .assistant
        else { return false }
        guard calling.parts.contains(where: \.isCall), let first = calling.parts.first else { return false }
        if case .thinking = first.content { return false }
        return true
    }

    // MARK: Collecting

    private mutating func add(_ turn: Turn, into rendered: inout RenderedRequest) {
        for name in turn.extras.lost(to: Filter.dialect) { rendered.drop("messages[].\(name)") }
        if turn.name != nil { rendered.drop("messages[].name") }
        let parts = filter.taken(turn.parts, of: turn.role, into: &rendered)
        switch turn.role {
        case .system where filter.staysInPlace(turn):
            messages.append(Message(role: .system, parts: parts, form: turn.form, extras: turn.extras))
        case .system, .developer: addInstructions(parts, turn.form, into: &rendered)
        case .assistant: addAssistant(parts, turn)
        case .user, .tool: addUser(parts, turn, into: &rendered)
        }
    }

    private mutating func addInstructions(_ parts: [Part], _ form: Turn.Form, into rendered: inout RenderedRequest) {
        let instructions = parts.filter { filter.isInstruction($0) }
        if instructions.count < parts.count { rendered.drop("messages[].content") }
        systemForm = system.isEmpty ? form : .parts
        system += instructions
    }

    private mutating func addAssistant(_ parts: [Part], _ turn: Turn) {
        let place = place(for: .assistant, turn)
        for var part in parts {
            if case .toolCall(var call) = part.content {
                call.id = ids.id(of: call)
                callers[call.id] = place
                results[place, default: .init()].expect(call.id)
                part.content = .toolCall(call)
            }
            messages[place].parts.append(part)
        }
    }

    private mutating func addUser(_ parts: [Part], _ turn: Turn, into rendered: inout RenderedRequest) {
        // Even a turn of nothing but results keeps the assistant's turns around it apart.
        let place = place(for: .user, turn)
        for part in parts {
            guard case .toolResult(let result) = part.content else {
                messages[place].parts.append(part)
                continue
            }
            guard let id = ids.id(of: result), let caller = callers[id] else {
                // A result of a call that is not there is refused; what it says is still said.
                rendered.adjust("messages[].tool_call_id")
                messages[place].parts += result.parts
                continue
            }
            results[caller]?.add(result, as: part, to: id)
        }
    }

    /// The turn that a part of `role` goes into: the last one, if that is the same one's.
    private mutating func place(for role: Turn.Role, _ turn: Turn) -> Int {
        if messages.last?.role == role {
            messages[messages.count - 1].form = .parts
            for member in turn.extras.members(for: Filter.dialect) {
                messages[messages.count - 1].extras.add(member.name, member.value, of: Filter.dialect)
            }
        } else {
            let extras = turn.extras.dialect == Filter.dialect ? turn.extras : Extras()
            messages.append(Message(role: role, parts: [], form: turn.form, extras: extras))
        }
        return messages.count - 1
    }

    // MARK: Arranging

    /// Puts the results behind their calls.
    private mutating func placeResults(into rendered: inout RenderedRequest) {
        guard !results.isEmpty else { return }
        var placed: [Message] = []
        placed.reserveCapacity(messages.count + 1)
        for place in messages.indices {
            placed.append(messages[place])
            guard let results = results[place] else { continue }
            if !results.isComplete { rendered.adjust("messages") }
            let next = place + 1
            if next < messages.count, messages[next].role == .user {
                messages[next].parts.insert(contentsOf: results.parts, at: 0)
            } else {
                placed.append(Message(role: .user, parts: results.parts, form: .parts))
            }
        }
        messages = placed
    }

    /// Leaves out turns that say nothing, makes one of what then stands side by side, and trims the end.
    private mutating func tidy() {
        var tidy: [Message] = []
        tidy.reserveCapacity(messages.count)
        for message in messages where !message.parts.isEmpty {
            if let last = tidy.last, last.role == message.role, message.role != .system {
                tidy[tidy.count - 1].parts += message.parts
                tidy[tidy.count - 1].form = .parts
            } else {
                tidy.append(message)
            }
        }
        messages = tidy
        trimEnd()
    }

    /// White space at the end of what the assistant is to go on with is refused.
    private mutating func trimEnd() {
        guard messages.last?.role == .assistant, let part = messages[messages.count - 1].parts.last,
            let text = part.text
        else { return }
        // It is no blank text, so something is left.
        let end = messages[messages.count - 1].parts.count - 1
        messages[messages.count - 1].parts[end].content = .text(text.withoutTrailingSpace)
    }

    private mutating func beginWithUser() throws(TranslationError) {
        switch messages.first?.role {
        case .user: break
        case .some: messages.insert(Message(role: .user, parts: [Part(.text(Self.opening))], form: .text), at: 0)
        case nil:
            // Instructions alone are what the model is asked.
            guard !system.isEmpty else {
                throw .inexpressible(field: "messages", reason: "want at least one message with content")
            }
            messages = [Message(role: .user, parts: system, form: systemForm)]
            system = []
        }
    }

    // MARK: Instructions

    /// For models without instructions of their own: they are said by the user, first.
    mutating func sayInstructionsAsUser() {
        guard !system.isEmpty, let place = messages.firstIndex(where: { $0.role == .user }) else { return }
        // Results of tools have to stay in front of everything else.
        let start = messages[place].parts.firstIndex { !$0.isResult } ?? messages[place].parts.count
        messages[place].parts.insert(contentsOf: system, at: start)
        messages[place].form = .parts
        system = []
    }
}

extension Part {
    var isCall: Bool { if case .toolCall = content { true } else { false } }
    var isResult: Bool { if case .toolResult = content { true } else { false } }
}

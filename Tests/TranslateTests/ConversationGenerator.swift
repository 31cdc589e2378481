import Shared
import Translate

/// Makes conversations at random: the same one for the same seed.
///
/// - Shape: what OpenAI's dialect can say, as far as `features` allow, and as its reader gives it: one plain text is a text and no list, each
///   result is a turn of its own behind its calls, a stream asks for its usage. Who has less to say asks for fewer features.
struct ConversationGenerator {
    /// What a conversation may have. Texts of the user and of the model it always has.
    struct Features: OptionSet, Sendable {
        let rawValue: UInt64

        static let instructions = Features(bit: 0)
        /// The newer name for them, and between turns.
        static let developer = Features(bit: 1)
        static let names = Features(bit: 2)
        /// Several texts in one message.
        static let textLists = Features(bit: 3)
        static let images = Features(bit: 4)
        /// By URL, with `detail`.
        static let linkedImages = Features(bit: 5)
        static let documents = Features(bit: 6)
        static let audio = Features(bit: 7)
        static let tools = Features(bit: 8)
        static let parallelCalls = Features(bit: 9)
        static let toolChoice = Features(bit: 10)
        static let strictTools = Features(bit: 11)
        /// Tools and calls of kinds that only this dialect has.
        static let customTools = Features(bit: 12)
        static let bound = Features(bit: 13)
        static let stops = Features(bit: 14)
        /// `temperature` up to 1, and `top_p`.
        static let sampling = Features(bit: 15)
        static let topK = Features(bit: 16)
        static let penalties = Features(bit: 17)
        static let seed = Features(bit: 18)
        static let choices = Features(bit: 19)
        static let logprobs = Features(bit: 20)
        static let formats = Features(bit: 21)
        static let effort = Features(bit: 22)
        static let labels = Features(bit: 23)
        static let serviceTier = Features(bit: 24)
        static let stream = Features(bit: 25)
        static let cacheMarks = Features(bit: 26)
        static let refusals = Features(bit: 27)
        static let thoughts = Features(bit: 28)
        /// Content that is null, empty or absent beside calls.
        static let contentForms = Features(bit: 29)
        /// Members that the form has no place for.
        static let extras = Features(bit: 30)

        init(rawValue: UInt64) { self.rawValue = rawValue }
        private init(bit: UInt64) { rawValue = 1 << bit }

        /// All that OpenAI's dialect can say.
        static let all = Features(rawValue: (1 << 31) - 1)
        /// What every dialect can say.
        static let common: Features = [
            .instructions, .textLists, .images, .tools, .parallelCalls, .bound, .stops, .sampling, .stream,
        ]
    }

    private let features: Features
    private let origin: Dialect
    private var random: SeededRandom
    private var callCount = 0

    init(seed: UInt64, features: Features = .all, origin: Dialect = .openai) {
        self.features = features
        self.origin = origin
        random = SeededRandom(seed: seed)
    }

    mutating func conversation() -> Conversation {
        var conversation = Conversation()
        conversation.origin = origin
        conversation.model = pick(["m", "gpt-5", "org/model:free"])
        addTools(to: &conversation)
        addTurns(to: &conversation)
        addGeneration(to: &conversation)
        addLabels(to: &conversation)
        return conversation
    }

    // MARK: Choice

    private mutating func chance(_ feature: Features, percent: Int = 30) -> Bool {
        // Drawn in any case, so that a feature less changes nothing else.
        let isDrawn = Int.random(in: 0..<100, using: &random) < percent
        return isDrawn && features.contains(feature)
    }

    private mutating func flip() -> Bool { Bool.random(using: &random) }
    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(0...elements.count - 1)] }

    private mutating func text() -> String {
        let words = [
            "Oslo", "fjord", "\"quoted\"", "zwei\nZeilen", "naïve", "🌧️", "\\", "日本", "</end>", "\u{1}", "a\tb", "{}",
        ]
        return (0..<number(1...4)).map { _ in pick(words) }.joined(separator: " ")
    }

    private mutating func decimal(_ texts: [String]) -> JSONNumber? { json(pick(texts)).number }

    private func json(_ text: String) -> JSONValue { (try? JSONValue(parsing: Array(text.utf8))) ?? .null }

    private mutating func extras() -> Extras {
        var extras = Extras()
        if chance(.extras, percent: 10) { extras.add("x_trace", json(#"{"a":[1,2.50,null],"b":"c"}"#), of: origin) }
        return extras
    }

    private mutating func mark() -> CacheMark? {
        chance(.cacheMarks, percent: 15) ? CacheMark(seconds: pick([nil, 300, 3_600])) : nil
    }

    // MARK: Tools

    private mutating func addTools(to conversation: inout Conversation) {
        guard chance(.tools, percent: 60) else { return }
        for index in 0..<number(1...3) { conversation.tools.append(tool(index)) }
        if chance(.customTools, percent: 15) {
            let definition = #"{"type":"custom","custom":{"name":"shell","format":{"type":"text"}}}"#
            conversation.tools.append(Tool(name: "shell", kind: .native(json(definition))))
        }
        if chance(.toolChoice, percent: 50) {
            conversation.toolChoice = pick([
                .automatic, ToolChoice.none, .required, .function("tool_0"), .among(["tool_0"], isRequired: flip()),
            ])
        }
        if chance(.parallelCalls) { conversation.allowsParallelToolCalls = flip() }
    }

    private mutating func tool(_ index: Int) -> Tool {
        let schemas = [
            #"{"type":"object","properties":{}}"#,
            #"{"type":"object","properties":{"city":{"type":"string","enum":["a","b"]}},"required":["city"]}"#,
            #"{"type":"object","properties":{"at":{"anyOf":[{"type":"number"},{"type":"null"}]}},"additionalProperties":false}"#,
        ]
        var tool = Tool(name: "tool_\(index)", kind: .function(parameters: json(pick(schemas))))
        if flip() { tool.summary = text() }
        if chance(.strictTools) { tool.isStrict = flip() }
        tool.cacheMark = mark()
        tool.extras = extras()
        return tool
    }

    // MARK: Turns

    private mutating func addTurns(to conversation: inout Conversation) {
        if chance(.instructions, percent: 60) {
            conversation.turns.append(said(by: chance(.developer) ? .developer : .system, .textLists))
        }
        for _ in 0..<number(0...3) {
            conversation.turns.append(said(by: .user, .all))
            if chance(.developer, percent: 10) { conversation.turns.append(said(by: .developer, .textLists)) }
            addAnswer(to: &conversation)
        }
        if !isAnswered(conversation) { conversation.turns.append(said(by: .user, .all)) }
    }

    /// The last turn holds results: the model may go on.
    private mutating func isAnswered(_ conversation: Conversation) -> Bool {
        conversation.turns.last?.role == .tool && flip()
    }

    private mutating func said(by role: Turn.Role, _ kinds: Features) -> Turn {
        var turn = Turn(role, [])
        repeat { turn.parts.append(part(kinds)) } while chance(.textLists, percent: 40)
        turn.form = isPlain(turn.parts) ? .text : .parts
        if chance(.names, percent: 10) { turn.name = pick(["Ann", "example_user"]) }
        turn.extras = extras()
        return turn
    }

    private func isPlain(_ parts: [Part]) -> Bool {
        parts.count == 1 && parts[0].text != nil && parts[0].cacheMark == nil && parts[0].extras.isEmpty
    }

    private mutating func part(_ kinds: Features) -> Part {
        var part = Part(.text(text()))
        if kinds == .all, let media = media() { part = Part(media) }
        part.cacheMark = mark()
        part.extras = extras()
        return part
    }

    private mutating func media() -> Part.Content? {
        if chance(.images, percent: 15) {
            return .image(Media(.data("aGk="), type: pick(["image/png", "image/jpeg"])))
        }
        if chance(.linkedImages, percent: 10) {
            var media = Media(.url("https://example.com/a.png?b=c"), detail: pick([nil, "low", "high", "auto"]))
            media.extras = extras()
            return .image(media)
        }
        if chance(.documents, percent: 10) {
            return .document(Media(.data("JVBERi0x"), type: "application/pdf", title: "a.pdf"))
        }
        if chance(.audio, percent: 10) {
            return .audio(Media(.data("aGk="), type: pick(["audio/wav", "audio/mpeg"])))
        }
        return nil
    }

    // MARK: Answers

    private mutating func addAnswer(to conversation: inout Conversation) {
        var turn = Turn(.assistant, [], form: .text)
        if chance(.thoughts, percent: 20) {
            turn.parts.append(Part(.thinking(Thinking(text: text(), origin: origin))))
        }
        let names = conversation.tools.compactMap { if case .function = $0.kind { $0.name } else { nil } }
        var calls: [Part] = []
        if !names.isEmpty, flip() {
            repeat { calls.append(call(pick(names))) } while chance(.parallelCalls, percent: 40)
        }
        if conversation.tools.contains(where: { $0.name == "shell" }), flip() { calls.append(customCall()) }
        addContent(to: &turn, besideCalls: !calls.isEmpty)
        turn.parts += calls
        turn.extras = extras()
        conversation.turns.append(turn)
        for call in calls { conversation.turns.append(result(of: call)) }
    }

    private mutating func addContent(to turn: inout Turn, besideCalls: Bool) {
        if besideCalls, flip() {
            turn.form = chance(.contentForms, percent: 70) ? pick([.text, .absent]) : .null
        } else if chance(.refusals, percent: 10) {
            turn.form = .null
            turn.parts.append(Part(.refusal(text())))
        } else {
            turn.parts.append(Part(.text(text())))
            guard chance(.textLists, percent: 15) else { return }
            turn.form = .parts
            turn.parts.append(chance(.refusals) ? Part(.refusal(text())) : Part(.text(text())))
        }
    }

    private mutating func nextID() -> String {
        callCount += 1
        return pick(["call_\(callCount)", "toolu_01A\(callCount)", "a-b_\(callCount)"])
    }

    private mutating func call(_ name: String) -> Part {
        let arguments = pick([#"{}"#, #"{"city":"Oslo"}"#, #"{ "at" : 1.50, "b":"\"" }"#])
        var part = Part(.toolCall(ToolCall(id: nextID(), name: name, arguments: arguments)))
        part.extras = extras()
        return part
    }

    private mutating func customCall() -> Part {
        let custom: JSONObject = ["name": .string("shell"), "input": .string(text())]
        return Part(
            .native(
                .object(["id": .string(nextID()), "type": .string("custom"), "custom": .object(custom)]), of: origin))
    }

    private mutating func result(of call: Part) -> Turn {
        var result = ToolResult(callID: "", parts: [Part(.text(text()))], form: .text)
        switch call.content {
        case .toolCall(let call): result.callID = call.id
        case .native(let value, _): result.callID = value["id"]?.string ?? ""
        default: break
        }
        while chance(.textLists, percent: 20) { result.parts.append(Part(.text(text()))) }
        if result.parts.count > 1 { result.form = .parts }
        return Turn(.tool, [Part(.toolResult(result))])
    }

    // MARK: Fields

    private mutating func addGeneration(to conversation: inout Conversation) {
        if chance(.bound, percent: 50) { conversation.outputTokensMax = UInt64(number(1...100_000)) }
        if chance(.stops) { conversation.stops = (0..<number(1...4)).map { "stop \($0)" } }
        if chance(.sampling) { conversation.sampling.temperature = decimal(["0", "0.70", "1", "1.0"]) }
        if chance(.sampling) { conversation.sampling.topP = decimal(["0.1", "0.95", "1"]) }
        if chance(.topK) { conversation.sampling.topK = decimal(["1", "40"]) }
        if chance(.penalties) { conversation.sampling.frequencyPenalty = decimal(["-2", "0.5", "2.0"]) }
        if chance(.penalties) { conversation.sampling.presencePenalty = decimal(["-2", "0.5", "2.0"]) }
        if chance(.penalties) { conversation.sampling.logitBias = json(#"{"50256":-100,"1":0.5}"#).object }
        if chance(.seed) { conversation.sampling.seed = decimal(["0", "-7", "9007199254740993"]) }
        if chance(.choices) { conversation.sampling.choices = UInt64(number(1...3)) }
        if chance(.logprobs) {
            conversation.sampling.logprobs = true
            conversation.sampling.topLogprobs = UInt64(number(0...20))
        }
        if chance(.formats, percent: 40) { conversation.format = pick([.text, .json, .schema(schema())]) }
        if chance(.effort) { conversation.reasoning = Reasoning(pick([.off, .effort(.low), .effort(.xhigh)])) }
    }

    private mutating func schema() -> OutputSchema {
        OutputSchema(
            name: "answer", summary: flip() ? text() : nil,
            schema: json(#"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#),
            isStrict: pick([nil, true, false]))
    }

    private mutating func addLabels(to conversation: inout Conversation) {
        if chance(.stream) {
            conversation.isStream = true
            conversation.includesUsage = true
        }
        if chance(.labels) { conversation.endUser = "user-1" }
        if chance(.labels) { conversation.metadata = json(#"{"job":"nightly","n":"1"}"#).object }
        if chance(.serviceTier) { conversation.serviceTier = pick(["auto", "default", "flex", "priority"]) }
        conversation.extras = extras()
        if chance(.extras) { conversation.extras.add("store", .boolean(flip()), of: origin) }
    }
}

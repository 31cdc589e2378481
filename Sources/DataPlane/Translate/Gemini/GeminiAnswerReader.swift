import Shared

/// Reads a whole `GenerateContentResponse`.
///
/// - Shape: lenient. What the form has no place for (citations, grounding, safety ratings, the feedback on the prompt) is in the extras of the
///   answer and of its choices.
enum GeminiAnswerReader {
    /// - Errors: `malformed` where it is none.
    static func answer(from body: JSONValue) throws(TranslationError) -> Answer {
        guard let object = body.object else { throw .malformed("an answer that is no object") }
        if object["error"]?.object != nil { throw .malformed("an error in the place of an answer") }
        var answer = Answer()
        answer.id = object["responseId"]?.string ?? ""
        answer.model = object["modelVersion"]?.string ?? ""
        answer.createdUnixSeconds = created(object)
        answer.usage = GeminiUsageMetadata.usage(object["usageMetadata"])
        answer.usageExtras = GeminiUsageMetadata.extras(object["usageMetadata"])
        answer.extras = extras(object)
        var parts = GeminiPartReader(answer: GeminiCallIDs.fingerprint(fingerprinted(answer.id, body)))
        for (index, candidate) in (object["candidates"]?.array ?? []).enumerated() {
            if let candidate = candidate.object { answer.choices.append(choice(candidate, index, &parts)) }
        }
        if answer.choices.isEmpty {
            let finish: FinishReason? = isBlocked(object) ? .contentFilter : nil
            answer.choices = [Choice(form: .absent, finish: finish)]
        }
        return answer
    }

    private static func choice(_ candidate: JSONObject, _ index: Int, _ reader: inout GeminiPartReader) -> Choice {
        var choice = Choice(index: place(candidate) ?? index)
        let values = candidate["content"]?["parts"]?.array
        for value in values ?? [] { reader.appendLenient(value, to: &choice.parts) }
        if candidate["content"]?.object == nil { choice.form = .absent }
        let hasCalls = choice.parts.contains { if case .toolCall = $0.content { true } else { false } }
        let word = candidate["finishReason"]?.string
        choice.finish = word.flatMap { GeminiFinish.reason($0, hasCalls: hasCalls) }
        choice.logprobs = candidate["logprobsResult"].flatMap(GeminiLogprobs.form)
        for member in candidate.members {
            switch member.name {
            case "content", "index": break
            // The finer word, where the form has one for several.
            case "finishReason" where choice.finish.map(GeminiFinish.word) == word: break
            default: choice.extras.add(member.name, member.value, of: .gemini)
            }
        }
        return choice
    }

    // MARK: What streams have too

    static func extras(_ object: JSONObject) -> Extras {
        var extras = Extras()
        for member in object.members {
            switch member.name {
            case "candidates", "usageMetadata", "modelVersion", "responseId": break
            default: extras.add(member.name, member.value, of: .gemini)
            }
        }
        return extras
    }

    static func created(_ object: JSONObject) -> Int64? {
        guard let milliseconds = object["createTime"]?.string.flatMap({ RFC3339.parse($0) }) else { return nil }
        return milliseconds / 1_000
    }

    /// The prompt was refused: there are no candidates then.
    static func isBlocked(_ object: JSONObject) -> Bool {
        guard let reason = object["promptFeedback"]?["blockReason"]?.string else { return false }
        return reason != "BLOCK_REASON_UNSPECIFIED"
    }

    static func place(_ candidate: JSONObject) -> Int? {
        candidate["index"].flatMap(GeminiNames.whole).flatMap { Int(exactly: $0) }.flatMap { $0 >= 0 ? $0 : nil }
    }

    /// What tells an answer from every other of its conversation: its identity, else the whole of it, with the counts of its tokens.
    private static func fingerprinted(_ id: String, _ body: JSONValue) -> [UInt8] {
        id.isEmpty ? body.bytes : Array(id.utf8)
    }
}

/// Why a model stopped, in Gemini's words and in the form's.
///
/// - Source: Google, `Candidate.finishReason`.
enum GeminiFinish {
    /// - Parameter hasCalls: Gemini says `STOP` although it called functions.
    /// - Returns: nil where the word says nothing.
    static func reason(_ word: String, hasCalls: Bool) -> FinishReason? {
        switch word {
        case "", "FINISH_REASON_UNSPECIFIED": nil
        case "STOP": hasCalls ? .toolCalls : .stop
        case "MAX_TOKENS": .length
        case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE", "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "MODEL_ARMOR":
            .contentFilter
        default: .other(word)
        }
    }

    static func word(_ reason: FinishReason) -> String {
        switch reason {
        // What it has done already is all that this dialect can say of a pause.
        case .stop, .stopSequence, .toolCalls, .pause: "STOP"
        case .length: "MAX_TOKENS"
        case .contentFilter, .refusal: "SAFETY"
        case .other(let word): isWord(word) ? word : "OTHER"
        }
    }

    /// Whether it is a word of this dialect, rather than of another provider.
    private static func isWord(_ word: String) -> Bool {
        !word.isEmpty && word.utf8.allSatisfy { $0 &- 65 < 26 || $0 == UInt8(ascii: "_") }
    }
}

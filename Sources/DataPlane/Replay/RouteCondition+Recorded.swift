import Shared

/// What can be said of a condition when all that is known of a request is its record.
enum RecordedAnswer: Equatable {
    case holds
    case doesNotHold
    case unknown(UnrecordedFact)

    init(_ holds: Bool) { self = holds ? .holds : .doesNotHold }
}

/// What conditions can ask of a recorded request.
struct RecordedFacts {
    let request: RecordedRequest
    let caller: Caller
}

extension RouteCondition {
    /// As `holds`, for a request of which only the record is left. What is not in it is unknown, never guessed.
    func answer(_ facts: RecordedFacts) -> RecordedAnswer {
        let request = facts.request
        switch self {
        case .estimatedInputTokens(let range): return range == 0...UInt64.max ? .holds : .unknown(.inputTokens)
        case .has, .lacks: return .unknown(.features)
        case .isStream(let wanted): return RecordedAnswer(request.isStream == wanted)
        case .header: return .unknown(.header)
        case .metadata: return .unknown(.metadata)
        case .tag(let match): return RecordedAnswer(facts.caller.hasTag(match))
        case .keys(let ids): return RecordedAnswer(ids.contains(facts.caller.key.keyID))
        case .teams(let ids): return RecordedAnswer(ids.contains(facts.caller.key.teamID))
        case .endUsers(let labels): return RecordedAnswer(labels.contains(request.endUser))
        case .languages: return .unknown(.language)
        case .lastUserMessage: return .unknown(.lastUserMessage)
        case .time(let hours):
            return RecordedAnswer(hours.contains(unixSeconds: request.startedUnixMilliseconds / 1000))
        case .canary(let canary): return Self.answer(canary, facts)
        case .any(let alternatives): return Self.any(of: alternatives, facts)
        case .none(let alternatives):
            switch Self.any(of: alternatives, facts) {
            case .holds: return .doesNotHold
            case .doesNotHold: return .holds
            case .unknown(let fact): return .unknown(fact)
            }
        }
    }

    private static func answer(_ canary: CompiledCanary, _ facts: RecordedFacts) -> RecordedAnswer {
        if let always = canary.answerForAll { return RecordedAnswer(always) }
        let virtualKey = StickyKey.virtualKey(facts.caller.key.keyID)
        switch canary.by {
        case .key: return RecordedAnswer(canary.takes(virtualKey))
        case .endUser:
            return RecordedAnswer(canary.takes(StickyKey.endUser(facts.request.endUser) ?? virtualKey))
        case .request: return RecordedAnswer(canary.takes(StickyKey.request(facts.request.requestID)))
        case .header: return .unknown(.header)
        case .conversation: return .unknown(.conversation)
        }
    }

    /// One that holds decides, whatever is not known of the others.
    private static func any(of alternatives: [[RouteCondition]], _ facts: RecordedFacts) -> RecordedAnswer {
        var unknown: RecordedAnswer?
        for alternative in alternatives {
            switch alternative.answer(facts) {
            case .holds: return .holds
            case .doesNotHold: continue
            case .unknown(let fact): unknown = unknown ?? .unknown(fact)
            }
        }
        return unknown ?? .doesNotHold
    }
}

extension [RouteCondition] {
    /// As `allHold`: one that does not hold decides, whatever is not known of the others.
    func answer(_ facts: RecordedFacts) -> RecordedAnswer {
        var unknown: RecordedAnswer?
        for condition in self {
            switch condition.answer(facts) {
            case .holds: continue
            case .doesNotHold: return .doesNotHold
            case .unknown(let fact): unknown = unknown ?? .unknown(fact)
            }
        }
        return unknown ?? .holds
    }
}

import Shared

/// What is left of the rate limits that a provider sets its credential, as far as its answers say.
///
/// - Shape: four limits: requests, tokens, and input and output tokens where a provider counts them apart. An answer's headers say how they
///   stand; until the next answer each attempt that begins takes its part off; at its reset a limit is whole again. The newest answer is
///   believed even where it says more than was counted here: other loops, other replicas and the provider's steady refill are in it.
/// - Shape: of a limit nothing is known of, all is left. Where a limit itself is not said, the most that was ever left stands in for it.
/// - Source: OpenAI, "Rate limits" (`x-ratelimit-limit-requests`, `-remaining-`, `-reset-`, with durations); the same names at Azure (reset
///   in seconds), Groq and others; without `-requests` at OpenRouter. Anthropic, "Rate limits" (`anthropic-ratelimit-requests-limit`,
///   with dates).
struct RateHeadroom {
    private enum Limit: Int {
        case requests, tokens, inputTokens, outputTokens
    }

    private enum Aspect {
        case limit, remaining, reset
    }

    private struct Window {
        /// 0: not known.
        var limit: UInt64 = 0
        var remaining: UInt64 = 0
        var resetsAt = MonotonicTime(nanoseconds: 0)
        /// There was an answer that said how much is left.
        var isKnown = false

        /// Makes the limit whole when its reset has passed.
        mutating func refill(at now: MonotonicTime) {
            guard isKnown, now >= resetsAt else { return }
            remaining = limit
            // Until an answer says when the next one is.
            resetsAt = now.advanced(byNanoseconds: RateHeadroom.periodNanoseconds)
        }

        mutating func take(_ amount: UInt64, at now: MonotonicTime) {
            refill(at: now)
            remaining -= min(amount, remaining)
        }

        func share(at now: MonotonicTime) -> Int {
            guard isKnown, limit > 0, now < resetsAt else { return RateHeadroom.fullShare }
            guard remaining > 0 else { return 0 }
            // Only what is exhausted is nothing, however little the rest is.
            return max(1, Int(min(remaining, limit) * UInt64(RateHeadroom.fullShare) / limit))
        }
    }

    /// All of a limit.
    static let fullShare = 65_536

    /// When a limit is whole again of which no answer says so: all of these providers count by the minute.
    private static let periodNanoseconds: UInt64 = 60_000_000_000
    /// Above any limit there is, and such that its product with `fullShare` fits.
    private static let countMax: UInt64 = 1 << 46

    private var windows: InlineArray<4, Window> = InlineArray(repeating: Window())
    /// After a refusal: nothing is left until then.
    private var refusedUntil = MonotonicTime(nanoseconds: 0)

    /// The smallest share of a limit that is left, 0...`fullShare`.
    func remainingShare(at now: MonotonicTime) -> Int {
        guard now >= refusedUntil else { return 0 }
        var least = Self.fullShare
        for index in windows.indices { least = min(least, windows[index].share(at: now)) }
        return least
    }

    /// When something is left of every limit: `now` where it is so already.
    func roomBegins(from now: MonotonicTime) -> MonotonicTime {
        var moment = max(now, refusedUntil)
        for index in windows.indices where windows[index].share(at: now) == 0 {
            moment = max(moment, windows[index].resetsAt)
        }
        return moment
    }

    /// An attempt goes out: it counts as one request and as the tokens that it is estimated to use.
    mutating func begin(_ estimate: UsageEstimate, at now: MonotonicTime) {
        let input = UInt64(estimate.usage.input)
        let output = UInt64(estimate.usage.output)
        windows[Limit.requests.rawValue].take(1, at: now)
        windows[Limit.tokens.rawValue].take(input + output, at: now)
        windows[Limit.inputTokens.rawValue].take(input, at: now)
        windows[Limit.outputTokens.rawValue].take(output, at: now)
    }

    /// The provider refused an attempt because of a limit (429), and is to be left alone for so long.
    mutating func refused(forMilliseconds wait: Int64, at now: MonotonicTime) {
        let until = now.advanced(byNanoseconds: UInt64(max(0, min(wait, WaitHint.millisecondsMax))) * 1_000_000)
        refusedUntil = max(refusedUntil, until)
    }

    // MARK: Headers

    /// Takes in a field of an answer's head, if it is one of a rate limit.
    ///
    /// - Parameters:
    ///   - name: of the field, in `bytes`; in either case.
    ///   - unixMilliseconds: the same moment as `now`, for resets that are given as dates.
    /// - Returns: whether it is one and could be read. Others change nothing.
    @discardableResult
    mutating func observe(
        _ bytes: UnsafeRawBufferPointer, name: Range<Int>, value: Range<Int>, at now: MonotonicTime,
        unixMilliseconds: Int64
    ) -> Bool {
        guard let (limit, aspect) = unsafe Self.meaning(of: name, in: bytes) else { return false }
        let index = limit.rawValue
        if aspect == .reset {
            guard
                let wait = unsafe WaitHint.milliseconds(
                    UnsafeRawBufferPointer(rebasing: bytes[value]), nowUnixMilliseconds: unixMilliseconds)
            else { return false }
            windows[index].resetsAt = now.advanced(byNanoseconds: UInt64(wait) * 1_000_000)
            return true
        }
        guard let count = unsafe HTTPBytes.decimal(bytes, value).map({ min($0, Self.countMax) }) else { return false }
        if aspect == .limit {
            windows[index].limit = count
            return true
        }
        windows[index].isKnown = true
        windows[index].remaining = count
        windows[index].limit = max(windows[index].limit, count)
        // A reset that lies in the past belongs to an earlier answer. One of this answer, before or behind this field, does not.
        if windows[index].resetsAt < now {
            windows[index].resetsAt = now.advanced(byNanoseconds: Self.periodNanoseconds)
        }
        return true
    }

    private static func meaning(of name: Range<Int>, in bytes: UnsafeRawBufferPointer) -> (Limit, Aspect)? {
        // The shortest is `x-ratelimit-limit`, the longest `anthropic-ratelimit-output-tokens-remaining`.
        guard (17...43).contains(name.count) else { return nil }
        @inline(__always) func isName(_ range: Range<Int>, _ text: StaticString) -> Bool {
            unsafe HTTPBytes.equals(bytes, range, text)
        }
        let start = name.lowerBound
        if isName(start..<(start + 12), "x-ratelimit-") {
            return unsafe openAI(bytes, (start + 12)..<name.upperBound)
        }
        if name.count > 20, isName(start..<(start + 20), "anthropic-ratelimit-") {
            return unsafe anthropic(bytes, (start + 20)..<name.upperBound)
        }
        return nil
    }

    /// `remaining-tokens`: first the aspect, then the limit, which is that of requests where it is not named.
    private static func openAI(_ bytes: UnsafeRawBufferPointer, _ name: Range<Int>) -> (Limit, Aspect)? {
        @inline(__always) func isName(_ range: Range<Int>, _ text: StaticString) -> Bool {
            unsafe HTTPBytes.equals(bytes, range, text)
        }
        var end = name.upperBound
        var limit = Limit.requests
        if name.count > 9, isName((end - 9)..<end, "-requests") {
            end -= 9
        } else if name.count > 7, isName((end - 7)..<end, "-tokens") {
            end -= 7
            limit = .tokens
        }
        return unsafe aspect(bytes, name.lowerBound..<end).map { (limit, $0) }
    }

    /// `input-tokens-remaining`: first the limit, then the aspect.
    private static func anthropic(_ bytes: UnsafeRawBufferPointer, _ name: Range<Int>) -> (Limit, Aspect)? {
        @inline(__always) func begins(_ text: StaticString) -> Bool {
            let count = text.utf8CodeUnitCount
            return unsafe name.count > count
                && HTTPBytes.equals(bytes, name.lowerBound..<(name.lowerBound + count), text)
        }
        let (limit, count): (Limit, Int)
        if begins("requests-") {
            (limit, count) = (.requests, 9)
        } else if begins("tokens-") {
            (limit, count) = (.tokens, 7)
        } else if begins("input-tokens-") {
            (limit, count) = (.inputTokens, 13)
        } else if begins("output-tokens-") {
            (limit, count) = (.outputTokens, 14)
        } else {
            return nil
        }
        return unsafe aspect(bytes, (name.lowerBound + count)..<name.upperBound).map { (limit, $0) }
    }

    private static func aspect(_ bytes: UnsafeRawBufferPointer, _ name: Range<Int>) -> Aspect? {
        if unsafe HTTPBytes.equals(bytes, name, "remaining") { return .remaining }
        if unsafe HTTPBytes.equals(bytes, name, "limit") { return .limit }
        return unsafe HTTPBytes.equals(bytes, name, "reset") ? .reset : nil
    }
}

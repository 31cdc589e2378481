/// What a caller whose provider is silent gets, and what goes in front of it.
///
/// - Shape: pure. The head of a stream goes out once: with its answer, or with the first sign that came before one. From there on no other status
///   can be told, and no answer can come that is no stream.
struct KeepAliveCore {
    enum Action: Equatable {
        /// He has something that he has not taken yet, or has left.
        case nothing
        case sign
        case headAndSign
    }

    private enum Head { case due, wentWithSign, wentWithAnswer }

    private var head = Head.due
    private var sentBytes: UInt64 = 0

    /// The caller got a head before there was an answer.
    var hasPromised: Bool { head == .wentWithSign }

    /// He has heard nothing for as long as he may.
    mutating func silenceIsTooLong(hasUnsent: Bool, isGone: Bool) -> Action {
        if hasUnsent || isGone { return .nothing }
        guard head == .due else { return .sign }
        head = .wentWithSign
        return .headAndSign
    }

    /// A stream is about to reach him. True: it brings its head along.
    mutating func streamBegins() -> Bool {
        guard head == .due else { return false }
        head = .wentWithAnswer
        return true
    }

    /// Whether an answer that is no stream can still be his.
    var takesPlainAnswers: Bool { head == .due }

    /// True: he has got more since the last time, which ends his silence.
    mutating func hasHeard(_ sentBytes: UInt64) -> Bool {
        guard self.sentBytes != sentBytes else { return false }
        self.sentBytes = sentBytes
        return true
    }
}

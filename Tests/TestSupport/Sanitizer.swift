import Foundation

/// The sanitizer that this run and all processes it starts are built with (`make sanitize`), and what it costs them: the one place
/// where a test learns that it must wait longer or measures something else than Weir.
public enum Sanitizer: String, Sendable {
    case thread, address

    /// nil: none, the usual case.
    public static let current = ProcessInfo.processInfo.environment["WEIR_TEST_SANITIZER"].flatMap(Self.init)

    /// How much longer a level may take to be reached before a test gives up. Code under the thread sanitizer runs five to fifteen
    /// times slower, but most of a wait is not code. What a test finds once it has waited is checked as ever; where it checks how long something took,
    /// it allows that much more.
    public static let patience = current == nil ? 1 : 4

    /// How much more resident memory a process may take than without a sanitizer, whose shadow of all memory counts as the process's
    /// own, as does what it keeps for a while after it was freed in order to see who still uses it. Two and a half times were measured,
    /// with either.
    public static let memoryFactor = current == nil ? 1 : 4

    /// What a sanitizer has to be told in the environment, for processes that get a clean one.
    static let environment = ProcessInfo.processInfo.environment.filter {
        ["TSAN_OPTIONS", "ASAN_OPTIONS"].contains($0.key)
    }
}

import Glibc

/// Signatures of one dialect's provider on their way through callers of another: inside identities of calls (`SignedCallID`), and in place of
/// the signatures of their own dialect's provider (`weir:<dialect>:...`, in base64 where the dialect wants that).
public enum CarriedSignatures {
    /// `weir:`, as three dialects have it; in base64 its first two bits more depend on what follows.
    private static let marks: [StaticString] = ["-signed-", "weir:", "d2Vpcjo"]

    /// Whether there may be any in a body: a text that only looks like one costs no more than a translation.
    public static func stand(in body: UnsafeRawBufferPointer) -> Bool {
        marks.contains { unsafe has($0, body) }
    }

    private static func has(_ mark: StaticString, _ body: UnsafeRawBufferPointer) -> Bool {
        guard let base = body.baseAddress else { return false }
        var start = 0
        while body.count - start >= mark.utf8CodeUnitCount,
            let hit = unsafe memchr(base + start, CInt(mark.utf8Start[0]), body.count - start)
        {
            let place = unsafe UnsafeRawPointer(hit) - base
            guard body.count - place >= mark.utf8CodeUnitCount else { return false }
            if unsafe memcmp(hit, mark.utf8Start, mark.utf8CodeUnitCount) == 0 { return true }
            start = place + 1
        }
        return false
    }
}

import Glibc
import Shared

/// Tells callers why they are not let in, without a task, a buffer or a watch for any of them.
///
/// A connection is answered before anything of it is read. To close it at once would send a reset as soon as its request
/// comes, which takes the answer away from a caller that has not read it: so it stays for a moment, to be read out and closed.
///
/// Concurrency: belongs to its loop.
final class RefusedConnections {
    private var lingering: [Lingering] = []

    private struct Lingering {
        var descriptor: Int32
        var until: MonotonicTime
    }

    /// Beyond, the oldest is closed at once: descriptors are what there is too little of.
    private static let lingeringMax = 128
    private static let linger = Duration.seconds(1)
    /// What is read of one caller in one sweep; the kernel takes no more than its window anyway.
    private static let drainedBytesMax = 256 * 1024

    /// Sends `answer` as far as the socket takes it, which is all of it, and owns the descriptor from then on.
    ///
    /// - Parameter lingers: false where the descriptor is needed at once.
    func refuse(_ descriptor: Int32, with answer: [UInt8], now: MonotonicTime, lingers: Bool = true) {
        _ = unsafe answer.withUnsafeBytes {
            unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
        shutdown(descriptor, Int32(SHUT_WR))
        // A request that is there already is read, so that the close is no reset.
        guard !isReadOut(descriptor), lingers else {
            Glibc.close(descriptor)
            return
        }
        if lingering.count == Self.lingeringMax { Glibc.close(lingering.removeFirst().descriptor) }
        lingering.append(Lingering(descriptor: descriptor, until: now.advanced(by: Self.linger)))
    }

    /// Without a word.
    func close(_ descriptor: Int32) { Glibc.close(descriptor) }

    /// Closes those that have read their answer and closed, and those whose time is over.
    func sweep(now: MonotonicTime) {
        lingering.removeAll { kept in
            guard isReadOut(kept.descriptor) || kept.until <= now else { return false }
            Glibc.close(kept.descriptor)
            return true
        }
    }

    var count: Int { lingering.count }

    func closeAll() {
        for kept in lingering { Glibc.close(kept.descriptor) }
        lingering.removeAll()
    }

    /// Throws away what has come; true when the other side is done.
    private func isReadOut(_ descriptor: Int32) -> Bool {
        // With MSG_TRUNC the kernel drops the bytes of a stream without copying them: tcp(7).
        let length = recv(
            descriptor, nil, Self.drainedBytesMax, Int32(MSG_TRUNC) | Int32(MSG_DONTWAIT))
        return length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR)
    }
}

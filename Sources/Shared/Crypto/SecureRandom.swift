import COpenSSL
import Synchronization

/// Random numbers for secrets and identities.
///
/// Drawn from libcrypto in blocks, because each draw costs 0.65 us whatever its size. One for each event loop; it is not for
/// sharing. The static functions serve where speed does not matter.
@safe public final class SecureRandom: RandomNumberGenerator {
    private let block: UnsafeMutableRawBufferPointer
    private var used: Int

    /// - Parameter blockBytes: so much is drawn at once; a multiple of 8.
    public init(blockBytes: Int = 512) {
        unsafe block = .allocate(byteCount: blockBytes, alignment: 8)
        used = blockBytes
    }

    deinit {
        unsafe OPENSSL_cleanse(block.baseAddress, block.count)
        unsafe block.deallocate()
    }

    public func next() -> UInt64 {
        if unsafe used == block.count {
            unsafe Self.fill(block)
            used = 0
        }
        let number = unsafe block.load(fromByteOffset: used, as: UInt64.self)
        // What was handed out is not kept.
        unsafe block.storeBytes(of: 0, toByteOffset: used, as: UInt64.self)
        used += 8
        return number
    }

    /// A new identity, version 7.
    public func objectID(unixMilliseconds: Int64) -> ObjectID {
        ObjectID(unixMilliseconds: UInt64(clamping: unixMilliseconds), random: (high: next(), low: next()))
    }

    public static func bytes(_ count: Int) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: count)
        unsafe out.withUnsafeMutableBytes { unsafe fill($0) }
        return out
    }

    /// A process without random numbers must not go on.
    private static func fill(_ bytes: UnsafeMutableRawBufferPointer) {
        let result = unsafe RAND_bytes(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(bytes.count))
        precondition(result == 1, "no random numbers")
    }
}

extension ObjectID {
    /// A new identity, version 7, of the moment given: greater than all that this process made for the same moment before.
    public static func random(unixMilliseconds: Int64 = WallTime.unixMilliseconds()) -> ObjectID {
        let fresh = SecureRandom().objectID(unixMilliseconds: unixMilliseconds)
        return sequence.withLock { $0.place(fresh) }
    }

    private static let sequence = Mutex(Sequence())

    /// Counts, in the 12 bits below the time, what is made in the same millisecond (RFC 9562, section 6.2).
    ///
    /// Moments need not rise: clocks are set back, and requests that began in different moments make theirs in turns. So
    /// it remembers the last 16 moments. Of more than 2,048 in one moment the rest come last, in no order.
    private struct Sequence {
        private static let momentCount = 16
        /// The upper half of the last of each moment, in the order in which the moments were first seen.
        private var last: [UInt64] = []

        mutating func place(_ fresh: ObjectID) -> ObjectID {
            if let index = last.firstIndex(where: { $0 >> 16 == fresh.high >> 16 }) {
                if last[index] & 0xfff != 0xfff { last[index] += 1 }
                return ObjectID(high: last[index], low: fresh.low)
            }
            // Begins low, so that there is room to count on.
            let first = ObjectID(high: fresh.high & ~0x800, low: fresh.low)
            if last.count == Self.momentCount { last.removeFirst() }
            last.append(first.high)
            return first
        }
    }
}

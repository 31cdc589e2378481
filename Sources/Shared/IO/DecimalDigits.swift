/// The decimal digits of a number, written where they will stay.
enum DecimalDigits {
    /// Of the largest number.
    static let countMax = 20

    @inline(__always)
    static func count(of number: UInt64) -> Int {
        var digits = 1
        var rest = number
        while rest >= 10_000 {
            rest /= 10_000
            digits &+= 4
        }
        return digits &+ (rest >= 10 ? 1 : 0) &+ (rest >= 100 ? 1 : 0) &+ (rest >= 1_000 ? 1 : 0)
    }

    /// - Parameter count: as `count(of:)` has it; there is room for so many bytes.
    @inline(__always)
    static func write(_ number: UInt64, count: Int, to place: UnsafeMutableRawPointer) {
        // From the end, two at a time: divisions by a constant are multiplications, and each waits for the one before.
        var rest = number
        var index = count
        while rest >= 100 {
            index &-= 2
            unsafe place.storeBytes(of: pair(rest % 100), toByteOffset: index, as: UInt16.self)
            rest /= 100
        }
        if rest >= 10 {
            unsafe place.storeBytes(of: pair(rest), as: UInt16.self)
        } else {
            unsafe place.storeBytes(of: 48 &+ UInt8(truncatingIfNeeded: rest), as: UInt8.self)
        }
    }

    /// The two digits of a number below 100, as they lie in memory.
    @inline(__always)
    private static func pair(_ number: UInt64) -> UInt16 {
        let tens = number / 10
        return (0x3030 &+ UInt16(truncatingIfNeeded: tens | (number &- tens &* 10) << 8)).littleEndian
    }
}

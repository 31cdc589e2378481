/// The decimal digits of a number, written where they will stay.
enum DecimalDigits {
    /// Of the largest number.
    static let countMax = 20

    @inline(__always)
    static func count(of number: UInt64) -> Int {
        var digits = 1
        var bound: UInt64 = 10
        while digits < countMax, number >= bound {
            digits &+= 1
            bound &*= 10
        }
        return digits
    }

    /// - Parameter count: as `count(of:)` has it; there is room for so many bytes.
    @inline(__always)
    static func write(_ number: UInt64, count: Int, to place: UnsafeMutableRawPointer) {
        // From the end: divisions by a constant are multiplications.
        var rest = number
        var index = count
        repeat {
            index &-= 1
            unsafe place.storeBytes(of: 48 &+ UInt8(truncatingIfNeeded: rest % 10), toByteOffset: index, as: UInt8.self)
            rest /= 10
        } while index > 0
    }
}

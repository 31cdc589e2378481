/// A CRC of 32 bits by eight tables: a word of eight bytes at a time, without any instruction of the processor's.
///
/// - Shape: reflected, as all CRCs here. `update` works on the register itself: not inverted before or after.
struct SlicedCRC: Sendable {
    /// `tables[k * 256 + b]`: what byte `b` contributes when `k` more bytes follow it in its word.
    private let tables: [UInt32]

    /// - Parameter polynomial: its bits in reverse order.
    init(polynomial: UInt32) {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ polynomial : crc >> 1 }
            tables[byte] = crc
        }
        for slice in 1..<8 {
            for byte in 0..<256 {
                let crc = tables[(slice - 1) * 256 + byte]
                tables[slice * 256 + byte] = crc >> 8 ^ tables[Int(crc & 0xff)]
            }
        }
        self.tables = tables
    }

    func update(_ register: UInt32, with bytes: UnsafeRawBufferPointer) -> UInt32 {
        unsafe tables.withUnsafeBufferPointer { tables in
            var crc = register
            var index = 0
            while index &+ 8 <= bytes.count {
                let word =
                    unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                    ^ UInt64(crc)
                crc = 0
                for slice in 0..<8 {
                    let byte = Int(truncatingIfNeeded: word >> UInt64(slice * 8) & 0xff)
                    unsafe crc ^= tables[(7 &- slice) &* 256 &+ byte]
                }
                index &+= 8
            }
            while index < bytes.count {
                crc = unsafe crc >> 8 ^ tables[Int((crc ^ UInt32(bytes[index])) & 0xff)]
                index &+= 1
            }
            return crc
        }
    }
}

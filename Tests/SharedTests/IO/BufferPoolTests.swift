import XCTest

@testable import Shared

final class BufferPoolTests: XCTestCase {
    func testABlockGoesRound() {
        let pool = BufferPool()
        let first = ByteBuffer(in: pool)
        first.append(Array("one".utf8))
        let block = unsafe first.readable.baseAddress
        XCTAssertEqual(pool.held.current, 16_384)
        first.consume(3)
        first.trim()
        XCTAssertEqual(pool.held.current, 0)
        XCTAssertEqual(first.capacity, 0)
        let second = ByteBuffer(in: pool)
        second.append(Array("two".utf8))
        XCTAssertTrue(unsafe second.readable.baseAddress == block)
        XCTAssertEqual(second.array, Array("two".utf8))
    }

    func testWhatBuffersHoldIsCounted() {
        let pool = BufferPool()
        var buffers: [ByteBuffer] = []
        for size in [1, 20_000, 100_000] {
            let buffer = ByteBuffer(in: pool)
            buffer.append([UInt8](repeating: 7, count: size))
            buffers.append(buffer)
        }
        XCTAssertEqual(pool.held.current, Int64(buffers.reduce(0) { $0 + $1.capacity }))
        buffers.removeAll()
        XCTAssertEqual(pool.held.current, 0)
    }

    func testCompactKeepsTheBytesInJustTheirSize() {
        let pool = BufferPool()
        let buffer = ByteBuffer(in: pool)
        buffer.append([UInt8](repeating: 1, count: 500))
        buffer.append(Array("tail".utf8))
        buffer.consume(500)
        buffer.compact()
        XCTAssertEqual(buffer.array, Array("tail".utf8))
        XCTAssertEqual(buffer.capacity, 4)
        XCTAssertEqual(pool.held.current, 4)
        // It is still a buffer like others.
        buffer.append([UInt8](repeating: 2, count: 40_000))
        XCTAssertEqual(buffer.count, 40_004)
        XCTAssertEqual(buffer.array(0..<4), Array("tail".utf8))
    }

    func testReserveTakesWhatIsAskedForAndKeepsTheBytes() {
        let pool = BufferPool()
        let buffer = ByteBuffer(in: pool)
        buffer.append(Array("abc".utf8))
        buffer.reserve(1_000_000)
        XCTAssertEqual(buffer.capacity, 1_000_000)
        XCTAssertEqual(buffer.array, Array("abc".utf8))
        buffer.reserve(10)
        XCTAssertEqual(buffer.capacity, 1_000_000)
    }

    func testTheMemoryOfAFullBufferIsNotGivenBack() {
        let buffer = ByteBuffer(in: BufferPool())
        buffer.append(Array("abc".utf8))
        buffer.trim()
        XCTAssertEqual(buffer.array, Array("abc".utf8))
    }
}

import Foundation
import Shared
import XCTest

final class DurableFileTests: XCTestCase {
    private var folder = ""

    override func setUp() {
        folder = NSTemporaryDirectory() + "weir-files-\(UUID().uuidString)"
    }

    override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

    func testWritingReplacesTheWholeFile() throws {
        try DurableFile.createDirectory(folder + "/a/b")
        try DurableFile.write(Array("first, and longer".utf8), to: folder + "/a/b/f")
        try DurableFile.write(Array("second".utf8), to: folder + "/a/b/f")
        XCTAssertEqual(try DurableFile.read(folder + "/a/b/f", limit: 100), Array("second".utf8))
        XCTAssertEqual(try DurableFile.list(folder + "/a/b"), ["f"])
        let mode = try FileManager.default.attributesOfItem(atPath: folder + "/a/b/f")[.posixPermissions] as? Int
        XCTAssertEqual(mode, 0o600)
    }

    func testAFileLongerThanItsLimitIsRefused() throws {
        try DurableFile.createDirectory(folder)
        try DurableFile.write([1, 2, 3], to: folder + "/f")
        XCTAssertEqual(try DurableFile.read(folder + "/f", limit: 3), [1, 2, 3])
        XCTAssertThrowsError(try DurableFile.read(folder + "/f", limit: 2)) {
            XCTAssertEqual(($0 as? FileError)?.code, EFBIG)
        }
    }

    func testAMissingFileSaysSo() {
        XCTAssertThrowsError(try DurableFile.read(folder + "/none", limit: 1)) {
            XCTAssertEqual(($0 as? FileError)?.isMissing, true)
        }
        XCTAssertFalse(DurableFile.exists(folder + "/none"))
    }

    func testALockHasOneHolderAtATime() throws {
        try DurableFile.createDirectory(folder)
        var first = try FileLock.acquire(folder + "/lock")
        XCTAssertNotNil(first)
        XCTAssertNil(try FileLock.acquire(folder + "/lock"))
        first = nil
        XCTAssertNotNil(try FileLock.acquire(folder + "/lock"))
    }

    func testWhatIsStoredInAMapIsInTheFile() throws {
        try DurableFile.createDirectory(folder)
        let map = try MappedFile.create(folder + "/m", count: 8_192)
        unsafe map.mutableBytes.storeBytes(of: 0x2a, toByteOffset: 5_000, as: UInt8.self)
        try map.synchronize(5_000..<5_001)
        XCTAssertEqual(try DurableFile.read(folder + "/m", limit: 8_192)[5_000], 0x2a)
        XCTAssertThrowsError(try MappedFile.create(folder + "/m", count: 1)) {
            XCTAssertEqual(($0 as? FileError)?.code, EEXIST)
        }
    }

    func testAFileThatIsErasedIsZerosAndCanBeWrittenAgain() throws {
        try DurableFile.createDirectory(folder)
        let byteCount = 3 * MappedFile.zeroBytesMax / 2
        let old = try MappedFile.create(folder + "/m", count: byteCount)
        unsafe old.mutableBytes.storeBytes(of: 0x2a, toByteOffset: 5_000, as: UInt8.self)
        unsafe old.mutableBytes.storeBytes(of: 0x2a, toByteOffset: byteCount - 1, as: UInt8.self)
        try MappedFile.erase(folder + "/m")
        XCTAssertEqual(try DurableFile.read(folder + "/m", limit: 1 << 20), [UInt8](repeating: 0, count: byteCount))
        let new = try MappedFile.reopen(folder + "/m")
        XCTAssertEqual(new.count, byteCount)
        unsafe new.mutableBytes.storeBytes(of: 0x2b, toByteOffset: 7, as: UInt8.self)
        XCTAssertEqual(try DurableFile.read(folder + "/m", limit: 1 << 20)[7], 0x2b)
        XCTAssertThrowsError(try MappedFile.erase(folder + "/none")) {
            XCTAssertEqual(($0 as? FileError)?.code, ENOENT)
        }
    }
}

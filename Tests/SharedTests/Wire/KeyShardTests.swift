import Foundation
import TestSupport
import XCTest

@testable import Shared

final class KeyShardTests: XCTestCase {
    func testEntriesComeBackSorted() throws {
        let shard = try KeyShard(validating: KeyShard.encode(shard: 0xab, entries: WireSamples.keys), shard: 0xab)
        XCTAssertEqual(shard.count, WireSamples.keys.count)
        XCTAssertEqual(
            (0..<shard.count).map { shard[$0].entry }, WireSamples.keys.sorted { $0.secretSHA256 < $1.secretSHA256 })
    }

    func testAShardIsTheGoldenBytes() throws {
        try Golden.check(
            Array((Hex.encode(KeyShard.encode(shard: 0xab, entries: WireSamples.keys)) + "\n").utf8),
            against: "wire/key-shard.hex")
    }

    func testEachKeyIsFoundAndNoOther() throws {
        var random = SeededRandom(seed: 7)
        for count in [0, 1, 2, 3, 10, 500] {
            let entries = (0..<count).map { _ in WireSamples.key(shard: 3, random: &random) }
            let shard = try KeyShard(validating: KeyShard.encode(shard: 3, entries: entries), shard: 3)
            for entry in entries { XCTAssertEqual(shard.find(entry.secretSHA256)?.entry, entry) }
            for _ in 0..<100 { XCTAssertNil(shard.find(WireSamples.digest(shard: 3, random: &random))) }
            XCTAssertNil(shard.find(SHA256Digest(0x0300_0000_0000_0000, 0, 0, 0)))
            XCTAssertNil(shard.find(SHA256Digest(0x03ff_ffff_ffff_ffff, .max, .max, .max)))
            XCTAssertNil(shard.find(SHA256Digest(0x0400_0000_0000_0000, 0, 0, 0)))
        }
    }

    func testKeysThatCrowdTogetherAreFoundToo() throws {
        var random = SeededRandom(seed: 8)
        var entries = [KeyShard.Entry]()
        for index in 0..<300 {
            var entry = WireSamples.key(shard: 9, random: &random)
            entry.secretSHA256 = SHA256Digest(0x09ff_ffff_ffff_ffff - UInt64(index % 3), 1, 2, UInt64(index))
            entries.append(entry)
        }
        let shard = try KeyShard(validating: KeyShard.encode(shard: 9, entries: entries), shard: 9)
        for entry in entries { XCTAssertEqual(shard.find(entry.secretSHA256)?.entry, entry) }
        XCTAssertNil(shard.find(SHA256Digest(0x0900_0000_0000_0000, 1, 2, 3)))
    }

    func testRoutesAndNetworksAreHeldTo() throws {
        let shard = try KeyShard(validating: KeyShard.encode(shard: 0xab, entries: WireSamples.keys), shard: 0xab)
        let open = try XCTUnwrap(shard.find(WireSamples.keys[0].secretSHA256))
        let held = try XCTUnwrap(shard.find(WireSamples.keys[1].secretSHA256))
        XCTAssertTrue(open.allows(route: ObjectID(high: 1, low: 1)))
        XCTAssertTrue(open.allows(address: try XCTUnwrap(IPAddress("8.8.8.8"))))
        XCTAssertTrue(held.allows(route: ObjectID(high: 7, low: 7)))
        XCTAssertFalse(held.allows(route: ObjectID(high: 1, low: 1)))
        XCTAssertTrue(held.allows(address: try XCTUnwrap(IPAddress("10.1.2.3"))))
        XCTAssertTrue(held.allows(address: try XCTUnwrap(IPAddress("2001:db8::9"))))
        XCTAssertFalse(held.allows(address: try XCTUnwrap(IPAddress("11.0.0.1"))))
    }

    func testAKeyRestrictedToNoRouteMayUseNone() throws {
        var entry = WireSamples.keys[0]
        entry.allowedRoutes = []
        let shard = try KeyShard(validating: KeyShard.encode(shard: 0xab, entries: [entry]), shard: 0xab)
        XCTAssertEqual(shard[0].allows(route: ObjectID(high: 1, low: 1)), false)
        XCTAssertEqual(shard[0].allowedRoutes, [])
    }

    func testEachPriorityComesBackAndOneThatIsTwoIsRefused() throws {
        for priority in KeyPriority.allCases {
            for routes in [nil, [], [ObjectID(high: 1, low: 2)]] as [[ObjectID]?] {
                var entry = WireSamples.keys[0]
                (entry.priority, entry.allowedRoutes) = (priority, routes)
                entry.mayExplain = routes != nil
                let shard = try KeyShard(validating: KeyShard.encode(shard: 0xab, entries: [entry]), shard: 0xab)
                XCTAssertEqual(shard[0].priority, priority)
                XCTAssertEqual(shard[0].mayExplain, routes != nil)
                XCTAssertEqual(shard[0].entry, entry)
            }
        }
        var bytes = KeyShard.encode(shard: 0xab, entries: [WireSamples.keys[0]])
        let flags = KeyShard.headerBytes + 44
        XCTAssertEqual(bytes[flags], 0, "normal has no bits: keys without a priority keep their bytes")
        for bad in [6, 16] as [UInt8] {
            bytes[flags] = bad
            XCTAssertThrowsError(try KeyShard(validating: bytes, shard: 0xab))
        }
    }

    func testAllowancesComeBackOneByOneInTheOrderOfTheirIDs() throws {
        var entry = WireSamples.keys[0]
        entry.allowances = WireSamples.allowances
        let shard = try KeyShard(validating: KeyShard.encode(shard: 0xab, entries: [entry]), shard: 0xab)
        XCTAssertEqual(shard[0].allowanceCount, KeyShard.allowancesMax)
        XCTAssertEqual((0..<shard[0].allowanceCount).map { shard[0].allowance($0) }, WireSamples.allowances)
        let reversed = KeyShard.Entry(
            secretSHA256: entry.secretSHA256, keyID: entry.keyID, organizationID: entry.organizationID,
            teamID: entry.teamID, allowances: WireSamples.allowances.reversed())
        XCTAssertEqual(reversed, entry, "one set of allowances has one encoding")
    }

    func testAllowancesThatContradictThemselvesAreRefused() throws {
        var entry = WireSamples.keys[0]
        entry.allowances = Array(WireSamples.allowances.prefix(2))
        let bytes = KeyShard.encode(shard: 0xab, entries: [entry])
        let first = 64 + 128
        func refused(_ name: String, _ change: (inout [UInt8]) -> Void, as error: WireError = .badField("allowances")) {
            var wrong = bytes
            change(&wrong)
            XCTAssertThrowsError(try KeyShard(validating: wrong, shard: 0xab), name) {
                XCTAssertEqual($0 as? WireError, error, name)
            }
        }
        refused("kind") { $0[first + 16] = 9 }
        refused("mode") { $0[first + 17] = 0 }
        refused("a calendar month of tokens") { $0[first + 16] = 2 }
        refused("no period for money") { $0[first + 18] = 0 }
        refused("sliding for no time") { $0[first + 18] = 5 }
        refused("seconds of a calendar period") { $0[first + 32] = 60 }
        refused("an end user without a subject") { $0[first + 19] = 2 }
        refused("a subject without an end user") { $0[first + 40] = 1 }
        refused("a filter of another kind") { $0[first + 20] = 3 }
        refused("a filter's identity without a filter") { $0[first + 63] = 1 }
        refused("a negative limit") { $0[first + 31] = 0x80 }
        refused("reserved") { $0[first + 21] = 1 }
        refused("out of order", { $0[first + 15] = 3 }, as: .unsorted)
        refused("doubled", { $0[first + 15] = 2 }, as: .unsorted)
        refused("more than a key may have") { $0[64 + 116] = 7 }
        refused("elsewhere") { $0[64 + 112] ^= 64 }
    }

    func testEveryTruncationIsRefused() {
        let bytes = KeyShard.encode(shard: 0xab, entries: WireSamples.keys)
        for count in 0..<bytes.count {
            XCTAssertThrowsError(try KeyShard(validating: Array(bytes[..<count]), shard: 0xab), "at \(count)")
        }
        XCTAssertThrowsError(try KeyShard(validating: bytes + [0], shard: 0xab)) {
            XCTAssertEqual($0 as? WireError, .trailingBytes)
        }
    }

    func testNoFlippedBitInTheStructureGoesUnseenOrCrashes() {
        // The blob's own SHA-256 catches every flip; this asks that none of them can make the reader run out of bounds.
        let bytes = KeyShard.encode(shard: 0xab, entries: WireSamples.keys)
        for index in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[index] ^= 1 << UInt8(bit)
                guard let shard = try? KeyShard(validating: damaged, shard: 0xab) else { continue }
                for position in 0..<shard.count { _ = shard[position].entry }
                XCTAssertGreaterThanOrEqual(index, 64, "a header that differs was accepted")
            }
        }
    }

    func testUnsortedDoubledAndStrangeKeysAreRefused() {
        let bytes = KeyShard.encode(
            shard: 0xab,
            entries: WireSamples.keys.map {
                KeyShard.Entry(secretSHA256: $0.secretSHA256, keyID: $0.keyID, organizationID: .zero, teamID: .zero)
            })
        var swapped = bytes
        swapped.replaceSubrange(64..<96, with: bytes[192..<224])
        swapped.replaceSubrange(192..<224, with: bytes[64..<96])
        var doubled = bytes
        doubled.replaceSubrange(192..<224, with: bytes[64..<96])
        for wrong in [swapped, doubled] {
            XCTAssertThrowsError(try KeyShard(validating: wrong, shard: 0xab)) {
                XCTAssertEqual($0 as? WireError, .unsorted)
            }
        }
        XCTAssertThrowsError(try KeyShard(validating: bytes, shard: 0xac)) {
            XCTAssertEqual($0 as? WireError, .wrongShard)
        }
        var stray = bytes
        stray[64] = 0xac
        XCTAssertThrowsError(try KeyShard(validating: stray, shard: 0xab)) {
            XCTAssertEqual($0 as? WireError, .wrongShard)
        }
        var reserved = bytes
        reserved[64 + 120] = 1
        XCTAssertThrowsError(try KeyShard(validating: reserved, shard: 0xab)) {
            XCTAssertEqual($0 as? WireError, .badField("reserved"))
        }
    }

    func testBlobNamesGoBothWays() {
        XCTAssertEqual(KeyShard.blobName(0), "keys/00")
        XCTAssertEqual(KeyShard.blobName(0xfe), "keys/fe")
        for shard in UInt8.min...UInt8.max {
            XCTAssertEqual(KeyShard.shard(ofBlobNamed: KeyShard.blobName(shard)), shard)
        }
        for name in ["keys/0", "keys/000", "keys/FE", "keys/+1", "policy", "keys/"] {
            XCTAssertNil(KeyShard.shard(ofBlobNamed: name), name)
        }
    }

    func testAMappedFileServesLikeBytes() throws {
        let path = NSTemporaryDirectory() + "weir-shard-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try DurableFile.write(KeyShard.encode(shard: 0xab, entries: WireSamples.keys), to: path)
        let shard = try KeyShard(validating: try MappedFile.open(reading: path), shard: 0xab)
        XCTAssertEqual(shard.find(WireSamples.keys[1].secretSHA256)?.entry, WireSamples.keys[1])
    }
}

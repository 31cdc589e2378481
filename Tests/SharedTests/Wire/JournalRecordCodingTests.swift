import Shared
import TestSupport
import XCTest

/// The records of the journal and the batches they travel in.
final class JournalRecordCodingTests: XCTestCase {
    func testEveryRecordComesBackAsItWent() throws {
        for record in WireSamples.records {
            XCTAssertEqual(try JournalRecord.decode(record.encode()), record)
            XCTAssertEqual(record.encode().count, record.frameBytes)
        }
    }

    func testRecordsAreTheGoldenBytes() throws {
        try Golden.check(
            Array((WireSamples.records.map { Hex.encode($0.encode()) }.joined(separator: "\n") + "\n").utf8),
            against: "wire/journal-records.hex")
    }

    func testRecordsOfTheFirstVersionAreStillRead() throws {
        var intent = WireSamples.intent
        intent.lines = []
        var plain = intent
        plain.endUser = ""
        plain.endpoint = .embeddings
        plain.isStream = false
        var settle = WireSamples.settle
        settle.intent = intent
        settle.charges = []
        settle.usage.imageInput = 0
        settle.usage.imageOutput = 0
        settle.usage.serviceTier = .standard
        let old = try Golden.lines(of: "wire/journal-records-v1.hex").map { try XCTUnwrap(Hex.decode($0)) }
        XCTAssertEqual(
            try old.map { try JournalRecord.decode($0) },
            [.intent(intent), .intent(plain), .settle(settle), .streamEnd])
    }

    func testEveryTruncationIsTruncated() {
        for record in WireSamples.records {
            let bytes = record.encode()
            for count in 0..<bytes.count {
                XCTAssertThrowsError(try JournalRecord.decode(Array(bytes[..<count]))) {
                    XCTAssertEqual($0 as? WireError, .truncated)
                }
            }
        }
    }

    func testEveryFlippedBitIsCaught() {
        for record in WireSamples.records {
            let bytes = record.encode()
            for index in bytes.indices {
                for bit in 0..<8 {
                    var damaged = bytes
                    damaged[index] ^= 1 << UInt8(bit)
                    XCTAssertThrowsError(try JournalRecord.decode(damaged), "byte \(index) bit \(bit)")
                }
            }
        }
    }

    func testEndUserIsCutWhereACharacterBegins() throws {
        var intent = WireSamples.intent
        intent.endUser = String(repeating: "x", count: 127) + "é"
        guard case .intent(let decoded) = try JournalRecord.decode(JournalRecord.intent(intent).encode()) else {
            return XCTFail("another kind")
        }
        XCTAssertEqual(decoded.endUser, String(repeating: "x", count: 127))
    }

    func testContentIsCheckedBehindARightChecksum() {
        // version, endpoint, isStream, endUser length, virtual key ID
        for (offset, value, error) in [
            (0, UInt8(4), WireError.unsupportedVersion(4)), (1, 99, .badField("endpoint")),
            (2, 2, .badField("isStream")),
            (3, 129, .badField("endUser")), (3, 5, .badField("kind")),
            (4, UInt8(ascii: "A"), .badField("virtualKeyID")),
        ] {
            var bytes = JournalRecord.intent(WireSamples.intent).encode()
            bytes[9 + offset] = value
            XCTAssertThrowsError(try JournalRecord.decode(WireSamples.withRightChecksum(bytes))) {
                XCTAssertEqual($0 as? WireError, error)
            }
        }
    }

    func testACorrectionIsReadStrictly() {
        let frame = JournalRecord.correction(WireSamples.correction).encode()
        // version, service tier, the highest byte of the cost, the first and the last of the zeros
        for (offset, value, error) in [
            (0, UInt8(2), WireError.unsupportedVersion(2)), (1, 99, .badField("serviceTier")),
            (65, 0x80, .badField("cost")), (66, 1, .badField("reserved")), (140, 1, .badField("reserved")),
        ] {
            var bytes = frame
            bytes[9 + offset] = value
            XCTAssertThrowsError(try JournalRecord.decode(WireSamples.withRightChecksum(bytes))) {
                XCTAssertEqual($0 as? WireError, error)
            }
        }
        XCTAssertEqual(frame.count, 150, "it fits in no caller's text")
    }

    func testAnUnknownKindIsRefused() {
        var bytes = JournalRecord.streamEnd.encode()
        bytes[8] = 99
        XCTAssertThrowsError(try JournalRecord.decode(WireSamples.withRightChecksum(bytes))) {
            XCTAssertEqual($0 as? WireError, .unknownKind(99))
        }
    }
}

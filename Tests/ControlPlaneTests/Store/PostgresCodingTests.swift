@testable import ControlPlane
import Shared
import XCTest

final class PostgresCodingTests: XCTestCase {
    func testAnArrayHasTheFormOfTheServersReceiveFunctions() throws {
        let parameters = try PostgresParameters([.int64Array([1, -1])], types: [PostgresType.int2Array])
        XCTAssertEqual(
            parameters.bytes,
            [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 21, 0, 0, 0, 2, 0, 0, 0, 1] + [0, 0, 0, 2, 0, 1] + [0, 0, 0, 2, 255, 255]
                + [0])
        XCTAssertEqual(parameters.lengths, [32])
        XCTAssertEqual(parameters.formats, [1])
    }

    func testNullHasNoPlaceAndTextServesEveryType() throws {
        let parameters = try PostgresParameters([.null, .text("10.0.0.0/8")], types: [PostgresType.uuid, 650])
        XCTAssertEqual(parameters.offsets, [nil, 0])
        XCTAssertEqual(parameters.formats, [1, 0])
        XCTAssertEqual(parameters.bytes, Array("10.0.0.0/8".utf8) + [0])
    }

    func testTheNumberOfParametersMustBeRight() {
        XCTAssertThrowsError(try PostgresParameters([.bool(true)], types: []))
        XCTAssertThrowsError(try PostgresParameters([], types: [PostgresType.bool]))
    }

    func testValuesAtTheEdgeOfATypePassAndThoseBeyondAreRefused() throws {
        for (type, edge) in [(PostgresType.int2, Int64(Int16.max)), (PostgresType.int4, Int64(Int32.max))] {
            XCTAssertNoThrow(try PostgresParameters([.int64(edge)], types: [type]))
            XCTAssertThrowsError(try PostgresParameters([.int64(edge + 1)], types: [type]))
            XCTAssertNoThrow(try PostgresParameters([.int64(-edge - 1)], types: [type]))
            XCTAssertThrowsError(try PostgresParameters([.int64(-edge - 2)], types: [type]))
        }
        XCTAssertThrowsError(try PostgresParameters([.int64Array([0, 40_000])], types: [PostgresType.int2Array]))
    }

    func testFieldsOfAWrongLengthAreNoValues() {
        XCTAssertNil(PostgresFieldDecoder.decode([0, 0, 1], type: PostgresType.int4))
        XCTAssertNil(PostgresFieldDecoder.decode([], type: PostgresType.bool))
        XCTAssertNil(PostgresFieldDecoder.decode([1, 2], type: PostgresType.uuid))
        XCTAssertNil(PostgresFieldDecoder.decode([2, 123], type: PostgresType.jsonb))
        XCTAssertNil(PostgresFieldDecoder.decode([0, 0, 0, 1, 0, 0, 0, 0], type: PostgresType.textArray))
        XCTAssertNil(PostgresFieldDecoder.decode([0], type: 1700), "numeric is to be cast in the statement")
    }

    func testEveryPrefixOfAnArrayIsRefusedWithoutATrap() throws {
        let bytes = try PostgresParameters([.textArray(["ab", "", "c"])], types: [PostgresType.textArray]).bytes
            .dropLast()
        XCTAssertEqual(
            PostgresFieldDecoder.decode(Array(bytes), type: PostgresType.textArray), .textArray(["ab", "", "c"]))
        for length in 0..<bytes.count {
            XCTAssertNil(
                PostgresFieldDecoder.decode(Array(bytes.prefix(length)), type: PostgresType.textArray), "\(length)")
        }
    }

    func testErrorsAreSortedBySQLSTATE() {
        func sorted(_ sqlstate: String) -> StoreError { .server(sqlstate: sqlstate, message: "m", constraint: "c") }
        XCTAssertEqual(sorted("23505"), .conflict(constraint: "c"))
        XCTAssertEqual(sorted("23503"), .reference(constraint: "c"))
        XCTAssertEqual(sorted("40001"), .serialization)
        XCTAssertEqual(sorted("40P01"), .serialization)
        XCTAssertEqual(sorted("57014"), .timeout)
        for sqlstate in ["57P01", "57P03", "53300", "08006"] { XCTAssertTrue(sorted(sqlstate).isTransient, sqlstate) }
        XCTAssertEqual(sorted("22021"), .other(sqlstate: "22021", message: "m"))
        XCTAssertFalse(StoreError.commitUnknown.isTransient)
    }
}

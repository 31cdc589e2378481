import Shared
import XCTest

final class PercentEncodingTests: XCTestCase {
    func testWhatIsNotReservedStaysAndAllElseIsEncoded() {
        let unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        XCTAssertEqual(PercentEncoding.encode(unreserved), unreserved)
        XCTAssertEqual(PercentEncoding.encode("a b/c:d%e+f"), "a%20b%2Fc%3Ad%25e%2Bf")
        XCTAssertEqual(PercentEncoding.encode("é☃"), "%C3%A9%E2%98%83")
        XCTAssertEqual(PercentEncoding.encode(""), "")
    }

    func testSlashesStayInAPath() {
        XCTAssertEqual(PercentEncoding.encode("/model/a%3A0/converse", keeping: "/"), "/model/a%253A0/converse")
    }
}

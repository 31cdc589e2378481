import Shared
import XCTest

final class NetworkPrefixTests: XCTestCase {
    func testWhatIsInsideIsInside() throws {
        for (prefix, inside, outside) in [
            (
                "10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.1.1"],
                ["11.0.0.0", "9.255.255.255", "::a00:1"]
            ),
            ("0.0.0.0/0", ["1.2.3.4"], ["::1"]), ("::/0", ["::1", "2001:db8::1"], ["1.2.3.4"]),
            ("192.168.7.9", ["192.168.7.9"], ["192.168.7.8"]), ("2001:db8::/32", ["2001:db8:ffff::1"], ["2001:db9::"]),
            ("2001:db8::/65", ["2001:db8::7fff:ffff:ffff:ffff"], ["2001:db8::8000:0:0:0"]),
            ("2001:db8::1/128", ["2001:db8::1"], ["2001:db8::2"]),
        ] {
            let block = try XCTUnwrap(NetworkPrefix(prefix), prefix)
            for text in inside { XCTAssertTrue(block.contains(try XCTUnwrap(IPAddress(text))), "\(text) in \(prefix)") }
            for text in outside {
                XCTAssertFalse(block.contains(try XCTUnwrap(IPAddress(text))), "\(text) in \(prefix)")
            }
        }
    }

    func testTextGoesBothWays() {
        for text in ["10.0.0.0/8", "0.0.0.0/0", "127.0.0.1/32", "2001:db8::/32", "::1/128"] {
            XCTAssertEqual(NetworkPrefix(text)?.description, text)
        }
        XCTAssertEqual(NetworkPrefix("::ffff:10.0.0.0/104")?.description, "10.0.0.0/8")
    }

    func testSlipsAreRefused() {
        for text in [
            "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "10.0.0/8", "10.0.0.0/08", "10.0.0.0/+8",
            "10.0.0.0/8/8",
            "::/129", "::1/64", "localhost", "010.0.0.0/8", " 10.0.0.0/8", "fe80::1%eth0/128", "::ffff:10.0.0.0/8",
        ] { XCTAssertNil(NetworkPrefix(text), text) }
    }
}

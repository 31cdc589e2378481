import Shared
import XCTest

@testable import ControlPlane
@testable import DataPlane

/// A base URL that the admin API takes and a data plane refuses would refuse the whole snapshot.
final class BaseURLContractTests: XCTestCase {
    func testEveryBaseURLThatIsTakenIsUsable() {
        var taken = 0
        for scheme in ["http://", "https://", "HTTP://", "ftp://", ""] {
            for host in [
                "a", "api.openai.com", "10.0.0.1", "[::1]", "[::1", "a_b-c", "", "u@a", "a b", "ä", "[fe80::1%25eth0]",
                "a]", "[]",
            ] {
                for port in ["", ":1", ":65535", ":0", ":65536", ":", ":+80", ":080", ":8 0", ":99999999999999999999"] {
                    for path in ["", "/", "//", "/v1", "/v1/", "/a%20b", "/a b", "/?x", "/#x", "/a@b", "/\u{7f}"] {
                        let url = scheme + host + port + path
                        guard TextFormat.baseURL.accepts(url) else { continue }
                        taken += 1
                        XCTAssertNotNil(UpstreamAddress(baseURL: url), url)
                    }
                }
            }
        }
        XCTAssertGreaterThan(taken, 50)
    }

    /// libcurl leaves it out of `host`, and what is signed has to be what is sent.
    func testAPortThatIsTheSchemesOwnIsNotInTheHostField() throws {
        for (url, want) in [
            ("https://a:443/v1", "a"), ("http://a:80", "a"), ("https://a:80", "a:80"), ("http://a:443", "a:443"),
            ("https://[::1]:443", "[::1]"), ("https://[::1]:8443", "[::1]:8443"), ("https://[::1]", "[::1]"),
            ("http://10.0.0.1:080", "10.0.0.1"), ("https://a", "a"),
        ] {
            let address = try XCTUnwrap(UpstreamAddress(baseURL: url), url)
            XCTAssertEqual(String(decoding: address.hostHeader, as: UTF8.self), want, url)
        }
    }

    func testTheUsualAddressOfEveryDialectIsTakenAndUsable() throws {
        for dialect in Dialect.allCases {
            let url = try XCTUnwrap(dialect.usualBaseURL(region: "us-east-1"))
            XCTAssertTrue(TextFormat.baseURL.accepts(url), url)
            XCTAssertEqual(UpstreamAddress(baseURL: url)?.isTLS, true, url)
        }
    }
}

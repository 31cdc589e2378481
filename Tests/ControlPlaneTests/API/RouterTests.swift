import XCTest

@testable import ControlPlane

final class RouterTests: XCTestCase {
    private let router = Router(AdminEndpoint.table)

    private func match(_ method: String, _ path: String) -> (operation: String, places: [String: String])? {
        guard case .found(let endpoint, let places) = router.match(method: method, rawPath: path) else { return nil }
        return (endpoint.operationID, places)
    }

    func testPathLeadsToItsEndpointWithTheValuesOfItsPlaces() {
        XCTAssertEqual(match("GET", "/api/v1/teams")?.operation, "listTeams")
        XCTAssertEqual(match("GET", "/api/v1/teams/abc")?.operation, "getTeam")
        XCTAssertEqual(match("GET", "/api/v1/teams/abc")?.places, ["id": "abc"])
        XCTAssertEqual(match("POST", "/api/v1/virtual-keys/abc/revoke")?.operation, "revokeVirtualKey")
        XCTAssertEqual(match("GET", "/api/v1/usage/events")?.operation, "listUsageEvents")
    }

    func testPlacesArePercentDecoded() {
        XCTAssertEqual(match("GET", "/api/v1/teams/a%20b%2Fc")?.places, ["id": "a b/c"])
    }

    func testHeadIsAnsweredByTheGetEndpoint() {
        XCTAssertEqual(match("HEAD", "/api/v1/teams")?.operation, "listTeams")
    }

    func testKnownPathWithAnotherMethodNamesTheMethodsThatWork() {
        guard case .otherMethods(let methods) = router.match(method: "PUT", rawPath: "/api/v1/teams") else {
            return XCTFail("PUT is not taken")
        }
        XCTAssertEqual(Set(methods), ["GET", "HEAD", "POST"])
    }

    func testUnknownAndMalformedPathsAreUnknown() {
        for path in [
            "/", "", "*", "/api/v1", "/api/v1/", "/api/v1/teams/", "/api/v1//teams", "/api/v1/teams/%",
            "/api/v1/teams/%g0",
            "/api/v1/teams/%ff", "/api/v2/teams", "/api/v1/teams/a/b/c",
        ] {
            guard case .unknown = router.match(method: "GET", rawPath: path) else { return XCTFail(path) }
        }
    }

    func testOperationIDsAreUnique() {
        let ids = AdminEndpoint.table.map(\.operationID)
        XCTAssertEqual(ids.count, Set(ids).count)
    }
}

import Shared
import XCTest

@testable import ControlPlane

final class OpenAPIDocumentTests: XCTestCase {
    private let document = OpenAPIDocument.write(AdminEndpoint.table, apiVersion: "1.2.3")

    func testEveryEndpointIsDescribedAndNothingElse() {
        var described: Set<String> = []
        for path in document["paths"]?.fieldList ?? [] {
            for operation in path.value.fieldList { described.insert("\(operation.name.uppercased()) \(path.name)") }
        }
        XCTAssertEqual(described, Set(AdminEndpoint.table.map { "\($0.method.rawValue) \($0.path.text)" }))
    }

    func testEveryReferenceLeadsToASchema() {
        var references: Set<String> = []
        func collect(_ value: JSONValue) {
            if let target = value["$ref"]?.string { references.insert(target) }
            for field in value.fieldList { collect(field.value) }
            for element in value.array ?? [] { collect(element) }
        }
        collect(document)
        let names = Set(document["components"]?["schemas"]?.fieldList.map { "#/components/schemas/\($0.name)" } ?? [])
        XCTAssertFalse(references.isEmpty)
        XCTAssertEqual(references, names, "no dangling reference, and no schema that nobody refers to")
    }

    func testRulesOfRoutingAreDescribedWithTheirDefaultsAndBounds() throws {
        let schemas = try XCTUnwrap(document["components"]?["schemas"])
        let route = try XCTUnwrap(schemas["RouteCreate"]?["properties"])
        XCTAssertEqual(route["retries_max"]?["default"]?.integer, 2)
        XCTAssertEqual(route["retries_max"]?["maximum"]?.integer, 5)
        XCTAssertEqual(route["sticky"]?["anyOf"]?.array?.first?["$ref"]?.string, "#/components/schemas/Sticky")
        XCTAssertEqual(route["strategy"]?["enum"]?.array?.count, 7)
        let causes = try XCTUnwrap(schemas["Target"]?["properties"]?["on"]?["anyOf"]?.array?.first)
        XCTAssertEqual(causes["uniqueItems"], .boolean(true))
        XCTAssertEqual(causes["minItems"]?.integer, 1)
        XCTAssertEqual(causes["items"]?["enum"]?.array?.count, 5)
        let breaker = try XCTUnwrap(schemas["Breaker"]?["properties"])
        XCTAssertEqual(
            breaker.fieldList.map { $0.value["default"]?.integer }, [5, 50, 20, 10, 1, 10], "\(breaker)")
        let concurrency = try XCTUnwrap(schemas["Concurrency"]?["properties"])
        XCTAssertEqual(concurrency.fieldList.map { $0.value["default"]?.integer }, [1, 200, 100, 5_000])
        let probe = try XCTUnwrap(schemas["Probe"]?["properties"])
        XCTAssertNil(probe["path"]?["default"], "it is that of the dialect")
        XCTAssertEqual(probe.fieldList.compactMap { $0.value["default"]?.integer }, [5, 2_000, 3])
        let key = try XCTUnwrap(schemas["VirtualKeyCreate"]?["properties"]?["priority"])
        XCTAssertEqual(key["default"]?.string, "normal")
        XCTAssertEqual(key["enum"]?.array?.count, 3)
        let header = schemas["Sticky"]?["properties"]?["header"]?["anyOf"]?.array?.first
        XCTAssertEqual(header?["maxLength"]?.integer, 64)
    }

    func testDialectsAreDescribedWithTheirDefaultsAndBounds() throws {
        let schemas = try XCTUnwrap(document["components"]?["schemas"])
        let provider = try XCTUnwrap(schemas["ProviderCreate"])
        XCTAssertEqual(provider["required"]?.array, [.string("name")], "an address follows from the dialect")
        XCTAssertEqual(
            provider["properties"]?["dialect"]?["enum"]?.array, Dialect.allCases.map { .string($0.rawValue) })
        let quirks = try XCTUnwrap(schemas["Quirks"]?["properties"])
        XCTAssertEqual(quirks["output_bound"]?["default"]?.string, "max_completion_tokens")
        XCTAssertEqual(quirks["output_bound"]?["enum"]?.array?.count, 2)
        XCTAssertEqual(quirks.fieldList.compactMap { $0.value["default"]?.boolean }, [true, false, true, false, false])
        for (name, length) in [("credential_field", 64), ("query", 256), ("region", 32)] as [(String, Int64)] {
            let text = provider["properties"]?[name]?["anyOf"]?.array?.first ?? provider["properties"]?[name]
            XCTAssertEqual(text?["maxLength"]?.integer, length, "\(provider)")
        }
        for (name, count) in [("credential_kind", 1), ("path_version", 3)] {
            let property = try XCTUnwrap(provider["properties"]?[name])
            XCTAssertEqual(property["default"], .null, name)
            // With null.
            XCTAssertEqual(
                (property["enum"] ?? property["anyOf"]?.array?.first?["enum"])?.array?.filter { $0 != .null }.count,
                count, name)
        }
        let features = try XCTUnwrap(schemas["ModelCreate"]?["properties"]?["unsupported_features"])
        XCTAssertEqual(features["minItems"]?.integer, 0)
        XCTAssertEqual(features["uniqueItems"], .boolean(true))
        XCTAssertEqual(features["default"], .array([]))
        let route = try XCTUnwrap(schemas["RouteCreate"]?["properties"]?["unsupported_parameters"])
        XCTAssertEqual(route["default"], .null)
    }

    func testEveryOperationSaysWhatItAnswersWhenItRefuses() throws {
        for endpoint in AdminEndpoint.table {
            let operation = try XCTUnwrap(
                document["paths"]?[endpoint.path.text]?[endpoint.method.rawValue.lowercased()])
            let statuses = Set(operation["responses"]?.fieldList.map(\.name) ?? [])
            XCTAssertTrue(statuses.contains("\(endpoint.success.status)"), endpoint.operationID)
            XCTAssertTrue(statuses.contains("500"), endpoint.operationID)
            if endpoint.access != .open {
                XCTAssertTrue(statuses.isSuperset(of: ["401", "503"]), endpoint.operationID)
            }
            if endpoint.access == .admin { XCTAssertTrue(statuses.contains("403"), endpoint.operationID) }
            if endpoint.needsRevision { XCTAssertTrue(statuses.isSuperset(of: ["412", "428"]), endpoint.operationID) }
            XCTAssertFalse(endpoint.summary.isEmpty)
        }
    }

    func testWhatChangesThingsNeedsTheAdminRole() {
        for endpoint in AdminEndpoint.table where endpoint.method != .get && !endpoint.isRehearsal {
            XCTAssertEqual(endpoint.access, .admin, endpoint.operationID)
        }
        XCTAssertEqual(AdminEndpoint.table.filter(\.isRehearsal).map(\.operationID), ["planChanges"])
        XCTAssertEqual(AdminEndpoint.table.filter { $0.access == .open }.map(\.operationID), ["getOpenAPI"])
    }

    func testProblemKindsHaveTheirOwnTypesAndTheDocumentListsThem() throws {
        let types = try XCTUnwrap(
            document["components"]?["schemas"]?["Problem"]?["properties"]?["type"]?["enum"]?.array)
        XCTAssertEqual(
            Set(types.compactMap(\.string)), Set(Problem.Kind.allCases.map { Problem.typePrefix + $0.rawValue }))
    }
}

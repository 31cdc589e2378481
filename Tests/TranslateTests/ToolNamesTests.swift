import XCTest

@testable import Translate

final class ToolNamesTests: XCTestCase {
    func testWhatFitsStaysAndTheRestIsChangedOnce() {
        let all = ["get_weather", "get.weather", "get/weather", "", String(repeating: "n", count: 70)]
        var names = ToolNames(countMax: 64, of: all)
        XCTAssertEqual(names.name(for: "get_weather"), "get_weather")
        XCTAssertEqual(names.name(for: "get.weather"), "get_weather_2")
        XCTAssertEqual(names.name(for: "get/weather"), "get_weather_3")
        XCTAssertEqual(names.name(for: "get.weather"), "get_weather_2")
        XCTAssertEqual(names.name(for: ""), "_")
        XCTAssertEqual(names.name(for: all[4]), String(repeating: "n", count: 64))
        XCTAssertEqual(names.changed["get_weather_3"], "get/weather")
        XCTAssertEqual(names.changed.count, 4)
    }

    func testACutNameKeepsItsLengthWithANumber() {
        let long = String(repeating: "é", count: 64)
        var names = ToolNames(countMax: 8, of: ["________"])
        XCTAssertEqual(names.name(for: long), "______" + "_2")
    }

    func testGeminiTakesMoreCharactersAndNoDigitFirst() {
        let all = ["get.weather", "ns:get-weather", "2fast", "-x", "_ok", "a b"]
        var names = ToolNames(countMax: 64, of: all, alphabet: .gemini)
        XCTAssertEqual(
            all.map { names.name(for: $0) }, ["get.weather", "ns:get-weather", "_2fast", "_-x", "_ok", "a_b"])
        XCTAssertEqual(names.changed, ["_2fast": "2fast", "_-x": "-x", "a_b": "a b"])
        let digits = String(repeating: "9", count: 64)
        XCTAssertEqual(names.name(for: digits), "_" + String(repeating: "9", count: 63))
    }
}

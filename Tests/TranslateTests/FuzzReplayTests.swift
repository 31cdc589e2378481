import Foundation
import FuzzTargets
import XCTest

/// What fuzzing has found worth keeping, again in every run. `make fuzz` looks for more.
final class FuzzReplayTests: XCTestCase {
    func testTheCorpusBreaksNoRule() throws {
        let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fuzz/corpus")
        var inputs = 0
        for target in FuzzTarget.allCases {
            let folder = corpus.appendingPathComponent(target.rawValue)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            XCTAssertFalse(names.isEmpty, target.rawValue)
            for name in names.sorted() {
                let bytes = Array(try Data(contentsOf: folder.appendingPathComponent(name)))
                // Traps where a rule is broken; the name of the input is the last line then.
                print("fuzz: \(target.rawValue)/\(name)")
                unsafe bytes.withUnsafeBytes { unsafe target.run($0) }
                inputs += 1
            }
        }
        print("fuzz: replayed=\(inputs)")
    }
}

@testable import ControlPlane
import Foundation
import Shared
import XCTest

final class KeyFileTests: XCTestCase {
    private var folder = URL(fileURLWithPath: "/")

    override func setUpWithError() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("weir-keys-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    override func tearDownWithError() throws { try FileManager.default.removeItem(at: folder) }

    private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    private func mode(_ path: String) throws -> Int {
        try XCTUnwrap(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    func testANewKeyIsReadableByItsOwnerAloneAndIsKept() throws {
        let first = try KeyFile.readOrCreate(path("key"), setting: "signingKeyFile")
        let second = try KeyFile.readOrCreate(path("key"), setting: "signingKeyFile")
        XCTAssertTrue(first.isNew)
        XCTAssertFalse(second.isNew)
        XCTAssertEqual(first.key, second.key)
        XCTAssertEqual(first.key.count, 32)
        XCTAssertEqual(try mode(path("key")), 0o600)
    }

    func testAKeyThatOthersCanReadIsRefused() throws {
        _ = try KeyFile.readOrCreate(path("key"), setting: "signingKeyFile")
        for (mode, isGood) in [
            (0o400, true), (0o440, true), (0o640, true), (0o644, false), (0o660, false), (0o604, false),
        ] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path("key"))
            let failure = Result { try KeyFile.read(path("key"), setting: "signingKeyFile") }
            if isGood {
                XCTAssertNoThrow(try failure.get())
            } else {
                XCTAssertThrowsError(try failure.get()) { XCTAssertTrue("\($0)".contains("chmod 0600"), "\($0)") }
            }
        }
    }

    func testWhatIsNotAKeyIsSaidWithItsSetting() throws {
        for text in ["", "short", Base64.encode([UInt8](repeating: 1, count: 31)), String(repeating: "!", count: 44)] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path("bad")))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path("bad"))
            XCTAssertThrowsError(try KeyFile.read(path("bad"), setting: "encryptionKeyFile")) {
                XCTAssertTrue("\($0)".contains("encryptionKeyFile"), "\($0)")
            }
        }
        XCTAssertThrowsError(try KeyFile.read(path("missing"), setting: "encryptionKeyFile")) {
            XCTAssertTrue("\($0)".contains("weir-control init"), "\($0)")
        }
    }
}

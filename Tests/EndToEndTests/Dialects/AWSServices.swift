import Foundation
import Shared
import TestSupport

/// moto with its authentication on, and a Bedrock that recomputes every signature with botocore: `python/aws_services.py`.
struct AWSServices: Decodable {
    struct Credential: Codable {
        var accessKeyID: String
        var secretAccessKey: String
        var sessionToken: String?

        private enum CodingKeys: String, CodingKey {
            case accessKeyID = "accessKeyId"
            case secretAccessKey, sessionToken
        }

        /// As providers take it: JSON without blanks.
        var value: String {
            get throws {
                let encoder = JSONEncoder()
                encoder.keyEncodingStrategy = .convertToSnakeCase
                return String(decoding: try encoder.encode(self), as: UTF8.self)
            }
        }

        func signer(_ region: String, _ service: String) -> SigV4 {
            SigV4(
                credentials: .init(
                    accessKeyID: accessKeyID, secretAccessKey: Secret(secretAccessKey),
                    sessionToken: sessionToken.map { Secret($0) }), region: region, service: service)
        }
    }

    /// What came of one request at Bedrock.
    struct Verdict: Decodable {
        var method: String
        var target: String
        var key: String
        var region: String
        var service: String
        var signed: [String]
        var hasToken: Bool
        var bodyBytes: Int
        /// It is the signature that botocore computes.
        var botocore: Bool
        /// moto's status: 500 behind a signature that it takes, as it has no Converse. nil: it was not asked, as there was no body.
        var moto: Int?
    }

    var motoPort: UInt16
    var bedrockPort: UInt16
    var region: String
    var user: Credential
    /// Of a role that the user has assumed.
    var session: Credential

    /// Starts them in front of the fleet's stub provider.
    static func start(in fleet: TestFleet, stubKey: String) throws {
        let process = try ChildProcess(
            name: "aws", executable: PythonTools.python.get(),
            arguments: [
                "\(PythonTools.folder)/aws_services.py", file(fleet), "--stub=\(fleet.stub.port)",
                "--stub-key=\(stubKey)",
            ], log: "\(fleet.folder)/aws.log")
        fleet.keep(process)
        try waitUntil("\(process.name) listens", timeout: .seconds(60), detail: { process.tail() }) {
            guard process.isRunning else { throw TestFailure("\(process.name) ended: \(process.tail())") }
            return FileManager.default.fileExists(atPath: file(fleet))
        }
    }

    init(of fleet: TestFleet) throws {
        self = try Self.decode(try Data(contentsOf: URL(fileURLWithPath: Self.file(fleet))))
    }

    private static func file(_ fleet: TestFleet) -> String { "\(fleet.folder)/aws.json" }

    func verdicts() throws -> [Verdict] {
        let answer = try HTTPCaller(port: bedrockPort).send("GET", "/verdicts")
        return try Self.decode(Data(answer.text.utf8))
    }

    private static func decode<Value: Decodable>(_ data: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Value.self, from: data)
    }
}

import Shared

/// What a data plane says of requests that had asked to be explained.
enum ExplanationIntake {
    /// The explanations of a request's body, each as it will be kept.
    static func explanations(in body: [UInt8]) throws(FleetProblem) -> [(requestID: ObjectID, json: String)] {
        let tree: JSONValue
        do { tree = try JSONValue(parsing: body) } catch { throw .badRequest("not JSON: \(error)") }
        guard let elements = tree["explanations"]?.array, elements.count <= ExplanationBatch.countMax else {
            throw .badRequest("explanations: want an array of at most \(ExplanationBatch.countMax)")
        }
        var found: [(requestID: ObjectID, json: String)] = []
        for (index, element) in elements.enumerated() {
            guard element.object != nil, let id = element["request_id"]?.string.flatMap({ ObjectID($0) }) else {
                throw .badRequest("explanations[\(index)].request_id: want a UUID")
            }
            let bytes = element.bytes
            guard bytes.count <= ExplanationBatch.bytesMax else {
                throw .badRequest("explanations[\(index)]: at most \(ExplanationBatch.bytesMax) bytes")
            }
            found.append((requestID: id, json: String(decoding: bytes, as: UTF8.self)))
        }
        return found
    }
}

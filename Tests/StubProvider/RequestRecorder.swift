import Shared

/// Keeps the last requests byte for byte, so that a test can see what really arrived.
struct RequestRecorder {
    private let requestsMax: Int
    private var requests: [HTTPRequest] = []
    private var next = 0
    private var bytes = 0
    /// A few bodies of the largest size that Weir lets through.
    private static let bytesMax = 256 << 20

    init(requestsMax: Int) { self.requestsMax = requestsMax }

    mutating func record(_ request: HTTPRequest) {
        guard requestsMax > 0, request.method == "POST" else { return }
        bytes += request.body.count
        if requests.count < requestsMax {
            requests.append(request)
        } else {
            bytes -= requests[next].body.count
            requests[next] = request
            next = (next + 1) % requestsMax
        }
        if bytes > Self.bytesMax {
            requests = [request]
            next = 0
            bytes = request.body.count
        }
    }

    /// Every attempt that came with this ID, oldest first.
    func json(requestID: String) -> [UInt8]? {
        let ordered = requests[next...] + requests[..<next]
        let found = ordered.filter { $0.headers.first("x-request-id") == requestID }
        guard !found.isEmpty else { return nil }
        var out = Array("{\"requests\":[".utf8)
        for (index, request) in found.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            out.append(
                text: "{\"head\":\"\(Base64.encode(request.headBytes))\",\"body\":\"\(Base64.encode(request.body))\"}")
        }
        out.append(text: "]}")
        return out
    }
}

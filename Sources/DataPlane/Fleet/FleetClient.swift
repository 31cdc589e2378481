import Shared

/// Calls the fleet API of the control planes, one after the other until one answers.
///
/// Concurrency: belongs to the control loop.
final class FleetClient {
    struct Unavailable: Error, CustomStringConvertible {
        var description: String
        var status: Int?
    }

    private let curl: CurlClient
    private let urls: [String]
    private let token: String
    private var preferred = 0
    private(set) var lastContact: MonotonicTime?
    private let loop: EventLoop

    init(_ configuration: FleetConfiguration, on loop: EventLoop) {
        self.loop = loop
        curl = CurlClient(
            on: loop, caBundlePath: configuration.caBundlePath.isEmpty ? nil : configuration.caBundlePath)
        urls = configuration.controlPlaneURLs.map { url in
            var url = url
            while url.hasSuffix("/") { url.removeLast() }
            return url
        }
        token = configuration.nodeToken.reveal()
    }

    /// - Errors: `Unavailable` when no control plane could be reached, or the last of them answered with 5xx.
    func send(
        _ method: String, _ path: String, contentType: String? = nil, body: ByteBuffer? = nil, timeout: Duration,
        bodyBytesMax: Int
    ) async throws(Unavailable) -> CurlResponse {
        var last = Unavailable(description: "no control plane is configured")
        let first = preferred
        for turn in urls.indices {
            let index = (first + turn) % urls.count
            let url = urls[index]
            var headers: HTTPHeaders = [("authorization", "Bearer \(token)")]
            if let contentType { headers.add("content-type", contentType) }
            do {
                let response = try await curl.send(
                    method: method, url: url + path, headers: headers, body: body, timeout: timeout,
                    connectTimeout: .seconds(2), bodyBytesMax: bodyBytesMax)
                if response.status < 500 {
                    lastContact = loop.refreshedNow()
                    return response
                }
                last = Unavailable(
                    description: "\(url) answered with \(response.status)", status: response.status)
            } catch { last = Unavailable(description: "\(url): \(error)") }
            // Other calls may have moved on from it meanwhile.
            if preferred == index { preferred = (index + 1) % urls.count }
        }
        throw last
    }

    /// Ends every call that is under way.
    func abortAll() { curl.abortAll() }
}

/// Waiting times after failures: doubled each time, bounded, and spread so that a fleet does not come back as one.
struct Backoff {
    private var attempt = 0
    private let first: Duration
    private let most: Duration

    init(first: Duration = .milliseconds(100), most: Duration = .seconds(5)) {
        self.first = first
        self.most = most
    }

    mutating func reset() { attempt = 0 }

    /// Between half of the current step and all of it.
    mutating func next(using random: inout some RandomNumberGenerator) -> Duration {
        let step = min(first * (1 << min(attempt, 20)), most)
        attempt += 1
        let half = step.wholeNanoseconds / 2
        return .nanoseconds(half + Int64.random(in: 0...max(0, half), using: &random))
    }
}

import Foundation
public import Shared

/// An `HTTPServer` on a loop of its own.
///
/// Concurrency: `server` is touched on its loop only; `port` is written before `init` returns.
public final class LoopServer: @unchecked Sendable {
    public typealias Handler = @Sendable (HTTPRequest, HTTPResponder, EventLoop) async -> Void

    public let loop: EventLoop
    private var server: HTTPServer?
    public private(set) var port: UInt16 = 0

    public init(_ handler: @escaping Handler) throws {
        loop = try EventLoop(name: "server")
        loop.start()
        let isListening = DispatchSemaphore(value: 0)
        loop.post { [self] in
            let server = HTTPServer(on: loop, options: .init(port: 0)) { [loop] in
                await handler($0, $1, loop)
            }
            do { try server.listen() } catch { fatalError("listen: \(error)") }
            self.server = server
            port = server.port
            isListening.signal()
        }
        isListening.wait()
    }

    public func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

    public func stop() {
        let isDrained = DispatchSemaphore(value: 0)
        loop.spawn { [self] _ in
            await server?.drain(timeout: .zero)
            server = nil
            isDrained.signal()
        }
        isDrained.wait()
        loop.stop()
        loop.join()
    }
}

/// The sockets that this process has open. Not all descriptors: each event loop of a test keeps two of its own.
public func openSockets() -> Int {
    let directory = "/proc/self/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.count { name in
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(directory)/\(name)"))?.hasPrefix("socket:")
            == true
    }
}

extension HTTPResponder {
    /// For a server that has nothing to say: until the caller closes the connection.
    public func waitUntilPeerIsGone(on loop: EventLoop) async {
        while !peerIsGone { await loop.sleep(for: .milliseconds(2)) }
    }
}

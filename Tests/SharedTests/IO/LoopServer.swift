import Foundation
import Shared
import TestSupport

/// An `HTTPServer` on a loop of its own.
///
/// Concurrency: `server` is touched on its loop only; `port` is written before `init` returns.
final class LoopServer: @unchecked Sendable {
    typealias Handler = @Sendable (HTTPRequest, HTTPResponder, EventLoop) async -> Void

    let loop: EventLoop
    private var server: HTTPServer?
    private(set) var port: UInt16 = 0

    init(_ handler: @escaping Handler) throws {
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

    func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

    func stop() {
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
func openSockets() -> Int {
    let directory = "/proc/self/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.count { name in
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(directory)/\(name)"))?.hasPrefix("socket:")
            == true
    }
}

extension HTTPResponder {
    /// For a server that has nothing to say: until the caller closes the connection.
    func waitUntilPeerIsGone(on loop: EventLoop) async {
        while !peerIsGone { await loop.sleep(for: .milliseconds(2)) }
    }
}

import Foundation
import Glibc
import Synchronization

/// Stands between a client and a server, passes every byte on, and keeps what the client sent.
///
/// - Shape: an end is passed on as an end, a reset as a reset.
///
/// Concurrency: `legs` is guarded by its mutex, each leg's bytes by their own; the rest is constant.
public final class WireTap: @unchecked Sendable {
    /// One connection of the client.
    public final class Leg: @unchecked Sendable {
        private struct State {
            var bytes: [UInt8] = []
            var isOver = false
        }

        private let state = Mutex(State())

        /// What the client has sent on it so far.
        public var bytes: [UInt8] { state.withLock { $0.bytes } }
        /// Nothing more will come.
        public var isOver: Bool { state.withLock { $0.isOver } }

        fileprivate func keep(_ bytes: [UInt8]) { state.withLock { $0.bytes += bytes } }
        fileprivate func end() { state.withLock { $0.isOver = true } }
    }

    public let port: UInt16
    private let target: UInt16
    private let descriptor: Int32
    private let kept = Mutex<[Leg]>([])

    public var legs: [Leg] { kept.withLock { $0 } }

    public init(to target: UInt16) throws {
        self.target = target
        (descriptor, port) = try RawListener.listen()
        Thread { [self] in
            while true {
                let accepted = accept(descriptor, nil, nil)
                guard accepted >= 0 else { return }
                pass(accepted)
            }
        }.start()
    }

    /// No new connections from here on; those there are live on until their clients close them.
    public func close() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        Glibc.close(descriptor)
    }

    private func pass(_ accepted: Int32) {
        let near = RawConnection(adopting: accepted, timeout: .seconds(600))
        guard let far = try? RawConnection(port: target, timeout: .seconds(600)) else { return near.reset() }
        near.sendsAtOnce()
        let leg = Leg()
        kept.withLock { $0.append(leg) }
        let pair = Pair(near: near, far: far)
        Thread {
            Self.pump(pair.near, pair.far) { leg.keep($0) }
            leg.end()
        }.start()
        Thread { Self.pump(pair.far, pair.near) { _ in } }.start()
    }

    /// Both ends, which close when the last of the two threads lets go of them.
    ///
    /// Concurrency: one thread reads and one writes each; the kernel keeps the two apart.
    private final class Pair: @unchecked Sendable {
        let near: RawConnection
        let far: RawConnection
        init(near: RawConnection, far: RawConnection) {
            self.near = near
            self.far = far
        }
    }

    private static func pump(_ from: RawConnection, _ to: RawConnection, _ see: ([UInt8]) -> Void) {
        while true {
            switch try? from.receive() {
            case .bytes(let bytes):
                see(bytes)
                guard (try? to.send(bytes)) == true else { return from.disconnect() }
            case .end: return to.finishSending()
            case .reset, nil: return to.disconnect()
            }
        }
    }
}

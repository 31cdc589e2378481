import Glibc
import XCTest

/// Two connected sockets of this process, neither of which blocks.
struct SocketPair {
    /// For a `Connection`, which closes it.
    let own: Int32
    let peer: Int32

    /// - Parameter sendBufferBytes: of both; what they have by themselves where it is left out.
    init(sendBufferBytes: Int32? = nil) {
        var ends: [Int32] = [-1, -1]
        XCTAssertEqual(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends), 0)
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            guard var size = sendBufferBytes else { continue }
            XCTAssertEqual(unsafe setsockopt(end, SOL_SOCKET, SO_SNDBUF, &size, 4), 0)
        }
        (own, peer) = (ends[0], ends[1])
    }
}

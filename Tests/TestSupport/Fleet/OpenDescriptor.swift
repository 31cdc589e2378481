import Foundation

/// A descriptor that a process on this machine has open, by what is behind it.
public struct OpenDescriptor: CustomStringConvertible {
    /// What the kernel says of it: a path, `anon_inode:[eventfd]`, `socket:[8983272]`.
    public let description: String
    /// Of a TCP/IPv4 connection; nil for a listening socket and everything else.
    public let peerPort: UInt16?

    /// Every one of a process. One that opens or closes meanwhile may be missing, or lack its port.
    public static func all(of process: Int32) throws -> [OpenDescriptor] {
        let folder = "/proc/\(process)/fd"
        let targets = try FileManager.default.contentsOfDirectory(atPath: folder)
            .compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }
        let ports = try connections()
        return targets.map { target in
            guard target.hasPrefix("socket:["), let connection = ports[target.dropFirst(8).dropLast()] else {
                return OpenDescriptor(description: target, peerPort: nil)
            }
            return OpenDescriptor(
                description: "\(target) from port \(connection.local) to \(connection.peer)",
                peerPort: connection.peer == 0 ? nil : connection.peer)
        }
    }

    /// Ports by inode, from the columns `local_address`, `rem_address` and `inode` of proc_net_tcp(5).
    private static func connections() throws -> [Substring: (local: UInt16, peer: UInt16)] {
        let table = try KernelTable.connections()
        var ports: [Substring: (local: UInt16, peer: UInt16)] = [:]
        for row in table.split(separator: "\n").dropFirst() {
            let words = row.split(separator: " ")
            guard words.count > 9, let local = UInt16(words[1].suffix(4), radix: 16),
                let peer = UInt16(words[2].suffix(4), radix: 16)
            else { continue }
            ports[words[9]] = (local, peer)
        }
        return ports
    }
}

/// A table that the kernel writes while it is read, in pieces that are shorter than asked for.
public enum KernelTable {
    /// proc_net_tcp(5), whole: `String(contentsOfFile:)` ends at the first short piece.
    public static func connections() throws -> String {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/net/tcp"))
        return try String(decoding: file.readToEnd() ?? Data(), as: UTF8.self)
    }
}

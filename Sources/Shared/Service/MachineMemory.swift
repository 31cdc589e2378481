import Glibc

/// How much memory this process may use before somebody ends it.
public enum MachineMemory {
    /// The smallest of the machine's memory and the limits of the control groups that the process is in.
    ///
    /// - Units: bytes.
    /// - Parameter root: where `/proc` and `/sys` are, for tests.
    /// - Source: Documentation/admin-guide/cgroup-v2.rst, `memory.max`; cgroup-v1/memory.rst, `memory.limit_in_bytes`.
    public static func limitBytes(root: String = "") -> Int {
        var smallest = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        for line in lines(root + "/proc/self/cgroup") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let file: String
            let top: String
            if parts[0] == "0", parts[1].isEmpty {
                top = root + "/sys/fs/cgroup"
                file = "/memory.max"
            } else if parts[1].split(separator: ",").contains("memory") {
                top = root + "/sys/fs/cgroup/memory"
                file = "/memory.limit_in_bytes"
            } else {
                continue
            }
            // A limit of any group above holds too. Inside a container the path may be one of the host that is not seen here.
            var path = parts[2].split(separator: "/")
            while true {
                let folder = path.reduce(top) { $0 + "/" + $1 }
                if let text = lines(folder + file).first, let limit = Int(text), limit > 0 {
                    smallest = min(smallest, limit)
                }
                guard path.popLast() != nil else { break }
            }
        }
        return smallest
    }

    private static func lines(_ path: String) -> [Substring] {
        guard let file = unsafe fopen(path, "re") else { return [] }
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 8 * 1024)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, $0.count, file) }
        return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
    }
}

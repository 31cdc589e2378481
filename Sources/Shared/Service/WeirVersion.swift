import Glibc

/// The version of the software, as heartbeats and `--version` tell it.
public enum WeirVersion {
    public static let current = "0.1.0"
}

/// The name of the machine or pod.
public enum HostName {
    public static var current: String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

import Glibc

/// What every process says of itself, under the names that dashboards expect.
public enum ProcessMetrics {
    public static func register(in registry: MetricsRegistry) {
        registry.gauge("process_resident_memory_bytes", help: "Resident memory size in bytes.") {
            Double(residentBytes())
        }
        registry.gauge("process_open_fds", help: "Number of open file descriptors.") { Double(openDescriptors()) }
        registry.gauge("process_max_fds", help: "Maximum number of open file descriptors.") {
            Double(descriptorLimit())
        }
        registry.counter("process_cpu_seconds_total", help: "Total user and system CPU time spent in seconds.") {
            cpuSeconds()
        }
        let started = Double(WallTime.unixMilliseconds()) / 1_000
        registry.gauge(
            "process_start_time_seconds", help: "Start time of the process since the Unix epoch in seconds."
        ) { started }
    }

    /// 0 when /proc cannot be read, as for all of these.
    public static func residentBytes() -> Int {
        guard let file = unsafe fopen("/proc/self/statm", "re") else { return 0 }
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard unsafe fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    public static func openDescriptors() -> Int {
        guard let directory = unsafe opendir("/proc/self/fd") else { return 0 }
        defer { unsafe closedir(directory) }
        var count = 0
        while unsafe readdir(directory) != nil { count += 1 }
        // `.`, `..` and the directory's own.
        return max(0, count - 3)
    }

    public static func descriptorLimit() -> UInt64 {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        return UInt64(limit.rlim_cur)
    }

    public static func cpuSeconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

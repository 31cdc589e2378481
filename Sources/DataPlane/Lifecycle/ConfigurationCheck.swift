import Glibc
public import Shared

/// What a start would find besides the settings themselves: files, folders, addresses, room. Changes nothing and opens no port.
///
/// - Shape: problems are what a start would fail on, or what would make the process useless; notes are what somebody should know.
public struct ConfigurationCheck {
    public private(set) var problems: [ConfigurationProblem] = []
    public private(set) var notes: [String] = []
    private let settings: DataPlaneConfiguration

    public init(_ settings: DataPlaneConfiguration) {
        self.settings = settings
        checkFolder()
        checkRoom()
        checkFiles()
        checkAddresses()
        checkDescriptors()
    }

    private mutating func add(_ path: String, _ text: String) { problems.append(ConfigurationProblem(path, text)) }

    // MARK: The data folder

    private static let folderField = "fleet.dataDirectory"

    private mutating func checkFolder() {
        let folder = settings.fleet.dataDirectory
        guard !folder.isEmpty else { return }
        var status = stat()
        guard unsafe stat(folder, &status) == 0 else {
            guard errno == ENOENT else { return add(Self.folderField, cannot("be used", folder)) }
            let parent = Self.existingParent(of: folder)
            if unsafe access(parent, W_OK | X_OK) != 0 {
                add(Self.folderField, "\(folder) is not there and cannot be made: \(cannot("be written to", parent))")
            }
            return
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { return add(Self.folderField, "\(folder) is no folder") }
        guard unsafe access(folder, R_OK | W_OK | X_OK) == 0 else {
            return add(Self.folderField, cannot("be written to", folder) + "; give it to the user that runs weir-data")
        }
        if let reason = TakeOverDoor.isOpenToOthers(folder) {
            add(Self.folderField, "\(reason); chmod 0700 and chown it to the user that runs weir-data")
        }
        checkIdentity(folder)
        for name in ["journal", "snapshot", "credentials"] {
            let path = folder + "/" + name
            if DurableFile.exists(path), unsafe access(path, R_OK | W_OK | X_OK) != 0 {
                add(Self.folderField, cannot("be written to", path) + "; give it to the user that runs weir-data")
            }
        }
    }

    private mutating func checkIdentity(_ folder: String) {
        do throws(FleetStateError) {
            if try NodeIdentity.isHeld(directory: folder) {
                notes.append(
                    "A process uses \(folder): another one can start with --take-over only, or after it has ended.")
            }
        } catch { add(Self.folderField, "\(error)") }
    }

    private static func existingParent(of path: String) -> String {
        var parent = path
        repeat {
            guard let slash = parent.lastIndex(of: "/") else { return "." }
            parent = slash == parent.startIndex ? "/" : String(parent[..<slash])
        } while !DurableFile.exists(parent)
        return parent
    }

    private func cannot(_ what: String, _ path: String) -> String {
        "\(path) cannot \(what): \(SystemError("access").reason)"
    }

    private mutating func checkRoom() {
        let folder = settings.fleet.dataDirectory
        let place = DurableFile.exists(folder) ? folder : Self.existingParent(of: folder)
        guard let free = try? DurableFile.freeBytes(at: place) else { return }
        // Two segments for each thread and for the control stream, as a start takes them.
        let needed =
            2 * settings.journal.fitting(threads: settings.threadCount).segmentBytes
            * Int64(settings.threadCount + 1)
        let least = settings.journal.freeBytesMin + needed
        if free < least {
            add(
                "journal.freeBytesMin",
                "the disk of \(place) has \(free >> 20) MiB free, want \(least >> 20): \(settings.journal.freeBytesMin >> 20) to leave free and \(needed >> 20) for the journal's first segments"
            )
        } else if free < settings.journal.freeBytesMin + settings.journal.bytesMax {
            notes.append(
                "The disk of \(place) has \(free >> 20) MiB free, so the journal cannot grow to journal.bytesMax (\(settings.journal.bytesMax >> 20) MiB)."
            )
        }
    }

    // MARK: Files

    private mutating func checkFiles() {
        problems += TLSKeeper.problems(settings)
        let bundle = settings.fleet.caBundlePath
        if !bundle.isEmpty {
            do throws(TLSSetupError) { _ = try TLSClientContext(authoritiesFile: bundle) } catch {
                add("fleet.caBundlePath", "\(error)")
            }
        }
        guard settings.accessLog != "none", settings.accessLog != "stdout", !settings.accessLog.isEmpty else { return }
        let log = settings.accessLog
        var status = stat()
        if unsafe stat(log, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR {
                add("accessLog", "\(log) is a folder, want a file")
            } else if unsafe access(log, W_OK) != 0 {
                add("accessLog", cannot("be written to", log))
            }
        } else {
            let folder = log.contains("/") ? String(log[..<log.lastIndex(of: "/")!]) : "."
            if unsafe access(folder.isEmpty ? "/" : folder, W_OK | X_OK) != 0 {
                add("accessLog", cannot("be written to", folder))
            }
        }
    }

    // MARK: Addresses

    private mutating func checkAddresses() {
        for (field, host) in [("listenHost", settings.listenHost), ("opsHost", settings.opsHost)] {
            guard let address = SocketAddress(numeric: host, port: 0), !address.isOfThisMachine else { continue }
            add(field, "\(host) is no address of this machine; want one of its own, 0.0.0.0 or ::")
        }
        for url in settings.fleet.controlPlaneURLs
        where (url.hasPrefix("http://") || url.hasPrefix("https://")) && UpstreamAddress(baseURL: url) == nil {
            add("fleet.controlPlaneURLs", "\"\(url)\" cannot be understood, want http://host:port or https://host:port")
        }
        let ports =
            [("listenPort", settings.servesPlainHTTP ? settings.listenPort : 0), ("opsPort", settings.opsPort)]
            + (settings.tls.isOn ? [("tls.listenPort", settings.tls.listenPort)] : [])
        let first = Self.firstPortForAll
        for (field, port) in ports where port > 0 && port < first && !Self.mayTakeLowPorts {
            add(
                field,
                "\(port) is below \(first), which this user may not open; take a higher one, or give the process CAP_NET_BIND_SERVICE"
            )
        }
    }

    /// - Source: `ip(7)`, `ip_unprivileged_port_start`.
    private static var firstPortForAll: Int {
        let text = (try? SmallFile.read("/proc/sys/net/ipv4/ip_unprivileged_port_start")) ?? []
        return Int(String(decoding: text.prefix { $0 != 10 }, as: UTF8.self)) ?? 1_024
    }

    /// - Source: `capabilities(7)`: `CAP_NET_BIND_SERVICE` is number 10.
    private static var mayTakeLowPorts: Bool {
        let text = String(decoding: (try? SmallFile.read("/proc/self/status")) ?? [], as: UTF8.self)
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("CapEff:") }),
            let mask = line.split(separator: "\t").last.flatMap({ UInt64($0, radix: 16) })
        else { return geteuid() == 0 }
        return mask & 1 << 10 != 0
    }

    private mutating func checkDescriptors() {
        let wanted = DescriptorLimit.needed(connections: settings.connectionsMax)
        guard let limit = DescriptorLimit.hard, limit < wanted else { return }
        notes.append(
            "connectionsMax is \(settings.connectionsMax), which takes up to \(wanted) descriptors; the process may open \(limit) (ulimit -Hn, LimitNOFILE)."
        )
    }
}

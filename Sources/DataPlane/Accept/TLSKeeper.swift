import Glibc
import Shared

/// Certificates and authorities in use, kept in step with their files.
///
/// Files are looked at once a second and on SIGHUP. A look is one `stat` for each: it follows the links by which Kubernetes
/// exchanges the files of a secret, where inotify would watch the wrong folder. What cannot be used changes nothing, except
/// that log, metrics and readiness say so until it can.
///
/// Concurrency: belongs to the control loop.
final class TLSKeeper {
    /// Nil: there is no TLS listener.
    private(set) var listener: TLSServerContext?
    private(set) var trust: TLSClientContext

    private let settings: DataPlaneConfiguration
    private let tickets = TLSTicketKeys()
    private let log = Logger("tls")
    private var listenerFiles: WatchedFiles
    private var trustFiles: WatchedFiles
    private var listenerTrouble: String?
    private var trustTrouble: String?
    private var timer: LoopTimer?
    private var nextRotation: MonotonicTime
    private let reloads: CounterCell
    private let failures: CounterCell
    private let isStale: GaugeCell
    private let expiry: GaugeCell

    /// How soon a new certificate is in use.
    private static let interval = Duration.seconds(1)
    /// Renewal is overdue: the usual automatons renew 30 days ahead.
    private static let warningSeconds: Int64 = 14 * 24 * 60 * 60

    init(_ settings: DataPlaneConfiguration, registry: MetricsRegistry, now: MonotonicTime) throws(StartupProblem) {
        self.settings = settings
        nextRotation = now.advanced(by: .seconds(Int64(TLSTicketKeys.rotationSeconds)))
        reloads = registry.counter(
            "weir_tls_reloads_total", help: "Times that certificates or authorities were taken from changed files.")
        failures = registry.counter(
            "weir_tls_reload_failures_total", help: "Changed certificates or authorities that could not be used.")
        isStale = registry.gauge(
            "weir_tls_stale", help: "1 while files of certificates or authorities cannot be used and older ones serve.")
        expiry = registry.gauge(
            "weir_tls_certificate_expiry_unix_seconds",
            help: "When the first of the listener's certificates ends; 0 without a TLS listener.")
        // Before the files are read: a change in between is seen at the first look.
        var paths = settings.tls.isOn ? settings.tls.certificateFiles + settings.tls.keyFiles : []
        if settings.tls.isOn, !settings.tls.clientCAFile.isEmpty { paths.append(settings.tls.clientCAFile) }
        listenerFiles = WatchedFiles(paths)
        trustFiles = WatchedFiles(settings.upstreamCAFile.isEmpty ? [] : [settings.upstreamCAFile])
        (listener, trust) = try Self.load(settings, tickets)
        noteExpiry()
    }

    private static func load(
        _ settings: DataPlaneConfiguration, _ tickets: TLSTicketKeys
    ) throws(StartupProblem) -> (TLSServerContext?, TLSClientContext) {
        let listener: TLSServerContext?
        do { listener = try load(settings.tls, tickets) } catch {
            throw StartupProblem(text(error, isListener: true))
        }
        do { return (listener, try TLSClientContext(authoritiesFile: settings.upstreamCAFile)) } catch {
            throw StartupProblem(text(error, isListener: false))
        }
    }

    private static func load(
        _ settings: TLSConfiguration, _ tickets: TLSTicketKeys
    ) throws(TLSSetupError) -> TLSServerContext? {
        guard settings.isOn else { return nil }
        return try TLSServerContext(
            settings.pairs, clientCertificates: settings.clientCertificates, authoritiesFile: settings.clientCAFile,
            tickets: tickets)
    }

    /// Everything that is wrong with the files, where a start would tell the first.
    static func problems(_ settings: DataPlaneConfiguration) -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        for (index, pair) in settings.tls.pairs.enumerated() {
            do throws(TLSSetupError) {
                _ = try TLSServerContext(
                    [pair], clientCertificates: .off, authoritiesFile: "", tickets: TLSTicketKeys())
            } catch {
                let field = if case .key = error.subject { "keyFiles" } else { "certificateFiles" }
                problems.append(ConfigurationProblem("tls.\(field)[\(index)]", "\(error)"))
            }
        }
        let authorities = [
            ("tls.clientCAFile", settings.tls.isOn ? settings.tls.clientCAFile : ""),
            ("upstreamCAFile", settings.upstreamCAFile),
        ]
        for (field, path) in authorities where !path.isEmpty {
            do throws(TLSSetupError) { _ = try TLSClientContext(authoritiesFile: path) } catch {
                problems.append(ConfigurationProblem(field, "\(error)"))
            }
        }
        return problems
    }

    private static func text(_ error: TLSSetupError, isListener: Bool) -> String {
        switch error.subject {
        case .certificate(let index): "tls.certificateFiles[\(index)]: \(error)"
        case .key(let index): "tls.keyFiles[\(index)]: \(error)"
        case .authorities: "\(isListener ? "tls.clientCAFile" : "upstreamCAFile"): \(error)"
        case .library: "TLS: \(error)"
        }
    }

    /// For the readiness detail; nil when all is well.
    var trouble: String? {
        let all = [listenerTrouble, trustTrouble].compactMap { $0 }
        return all.isEmpty ? nil : all.joined(separator: "; ")
    }

    // MARK: Keeping up

    /// - Parameter publish: gets what is new: the listener's context, the trust, or both.
    func start(on loop: EventLoop, publish: @escaping (TLSServerContext?, TLSClientContext?) -> Void) {
        let timer = LoopTimer(on: loop) { [unowned self] in
            look(publish: publish)
            rotateTickets(now: loop.now)
            self.timer?.arm(after: Self.interval)
        }
        timer.arm(after: Self.interval)
        self.timer = timer
    }

    func stop() { timer?.cancel() }

    /// - Parameter isForced: also when no file has changed.
    func look(isForced: Bool = false, publish: (TLSServerContext?, TLSClientContext?) -> Void) {
        var newListener: TLSServerContext?
        var newTrust: TLSClientContext?
        if listenerFiles.haveChanged() || isForced {
            do throws(TLSSetupError) {
                newListener = try Self.load(settings.tls, tickets)
                if let newListener {
                    listener = newListener
                    listenerTrouble = nil
                    noteExpiry()
                    note("the listener's certificates were loaded anew")
                }
            } catch { listenerTrouble = note(error, isListener: true) }
        }
        if trustFiles.haveChanged() || isForced {
            do throws(TLSSetupError) {
                let made = try TLSClientContext(authoritiesFile: settings.upstreamCAFile)
                newTrust = made
                trust = made
                trustTrouble = nil
                note("the authorities of providers were loaded anew")
            } catch { trustTrouble = note(error, isListener: false) }
        }
        isStale.set(trouble == nil ? 0 : 1)
        if newListener != nil || newTrust != nil { publish(newListener, newTrust) }
    }

    private func note(_ message: StaticString) {
        reloads.add()
        log.info(message, [:])
    }

    private func note(_ error: TLSSetupError, isListener: Bool) -> String {
        let text = Self.text(error, isListener: isListener)
        failures.add()
        log.error("certificates cannot be used, the earlier ones stay", ["problem": .text(text)])
        return text
    }

    private func noteExpiry() {
        guard let listener else { return }
        expiry.set(listener.expiresUnixSeconds)
        let left = listener.expiresUnixSeconds - WallTime.unixMilliseconds() / 1000
        if left < Self.warningSeconds {
            log.warning(
                left < 0 ? "a certificate of the listener has expired" : "a certificate of the listener expires soon",
                ["expires": .text(RFC3339.text(unixMilliseconds: listener.expiresUnixSeconds * 1000))])
        }
    }

    private func rotateTickets(now: MonotonicTime) {
        guard now >= nextRotation else { return }
        nextRotation = now.advanced(by: .seconds(Int64(TLSTicketKeys.rotationSeconds)))
        tickets.rotate()
    }
}

/// Files of which it is only known whether they are still the same.
struct WatchedFiles {
    private let paths: [String]
    private var stamps: [Stamp?]

    /// What a file that was replaced or rewritten does not keep.
    private struct Stamp: Equatable {
        var device: UInt
        var inode: UInt
        var byteCount: Int
        var seconds: Int
        var nanoseconds: Int
    }

    init(_ paths: [String]) {
        self.paths = paths
        stamps = paths.map(Self.stamp)
    }

    private static func stamp(_ path: String) -> Stamp? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Stamp(
            device: UInt(status.st_dev), inode: UInt(status.st_ino), byteCount: Int(status.st_size),
            seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }

    /// True once for each change.
    mutating func haveChanged() -> Bool {
        let now = paths.map(Self.stamp)
        guard now != stamps else { return false }
        stamps = now
        return true
    }
}

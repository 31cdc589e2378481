import Shared

/// Whether this replica can serve a request now, and if not, why not: everything that is in the way, not only the first thing.
struct Readiness {
    private(set) var hindrances: [String] = []

    var isReady: Bool { hindrances.isEmpty }
    /// The first of them; what a person reads.
    var status: String { hindrances.first ?? "ready" }

    mutating func add(_ hindrance: String, if isInTheWay: Bool) { if isInTheWay { hindrances.append(hindrance) } }
    mutating func add(_ hindrances: [String]) { self.hindrances += hindrances }

    /// - Parameters: what a person should know of journal and certificates, even while requests are served.
    func body(_ status: FleetStatus, journalTrouble: String?, tlsTrouble: String?) -> [UInt8] {
        let fleet = status.current
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("status", self.status)
        writer.name("reasons")
        writer.beginArray()
        for hindrance in hindrances { writer.string(hindrance) }
        writer.endArray()
        writer.member("snapshot_version", fleet.snapshotVersion)
        writer.member("snapshot_expired", status.snapshotIsExpired)
        writer.name("rejection")
        if let rejection = fleet.rejection {
            writer.string("\(rejection.reason): \(rejection.detail)")
        } else {
            writer.null()
        }
        for (name, trouble) in [("journal", journalTrouble), ("tls", tlsTrouble)] {
            writer.name(name)
            if let trouble { writer.string(trouble) } else { writer.null() }
        }
        writer.endObject()
        return writer.bytes
    }
}

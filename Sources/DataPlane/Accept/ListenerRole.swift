/// What a listening socket is for. The names go from one process to the next when it takes over.
enum ListenerRole: String, CaseIterable, Codable, Sendable {
    case plain, tls

    /// The setting that its port comes from.
    var portField: String {
        switch self {
        case .plain: "listenPort"
        case .tls: "tls.listenPort"
        }
    }
}

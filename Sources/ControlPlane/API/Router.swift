/// Finds the endpoint of a request. The table it is built from is also what the OpenAPI document is made of.
struct Router {
    let endpoints: [AdminEndpoint]

    enum Match {
        case found(AdminEndpoint, places: [String: String])
        case otherMethods([String])
        case unknown
    }

    /// Two endpoints for one method and path are our mistake, found at start.
    init(_ endpoints: [AdminEndpoint]) {
        var seen: Set<String> = []
        for endpoint in endpoints {
            precondition(
                seen.insert("\(endpoint.method) \(endpoint.path.text)").inserted,
                "\(endpoint.path.text) is listed twice")
        }
        self.endpoints = endpoints
    }

    /// Literal segments win over places (`virtual-keys/{id}` never hides a literal), so order in the table means nothing.
    func match(method: String, rawPath: String) -> Match {
        guard let path = PathPattern.split(rawPath: rawPath) else { return .unknown }
        var allowed: [String] = []
        var best: (endpoint: AdminEndpoint, places: [String: String])?
        for endpoint in endpoints {
            guard let places = endpoint.path.match(path) else { continue }
            // A HEAD is answered as its GET; the server leaves the body out.
            if endpoint.method.rawValue == method || (method == "HEAD" && endpoint.method == .get) {
                if best == nil || places.count < best!.places.count { best = (endpoint, places) }
            }
            allowed.append(endpoint.method.rawValue)
            if endpoint.method == .get { allowed.append("HEAD") }
        }
        if let best { return .found(best.endpoint, places: best.places) }
        return allowed.isEmpty ? .unknown : .otherMethods(allowed)
    }
}

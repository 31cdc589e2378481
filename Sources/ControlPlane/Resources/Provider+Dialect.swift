import Shared

/// What a dialect asks of the rest of a provider.
extension Provider {
    /// Takes what is said of the dialect, and fills in the address where there is none. What does not go together is said also where a
    /// field is absent: a change of the dialect alone may have made another one wrong.
    mutating func takeDialect(_ fields: Fields) -> [FieldProblem] {
        fields.take("dialect", into: &dialect)
        fields.take("prefix_continuation", into: &prefixContinuation)
        fields.take("credential_field", into: &credentialField)
        credentialField = credentialField?.lowercased()
        fields.take("query", into: &query)
        fields.take("region", into: &region)
        fields.take("credential_kind", into: &credentialKind)
        fields.take("path_version", into: &pathVersion)
        return Quirks.take("quirks", of: fields, into: &quirks) + takeBaseURL(fields) + dialectProblems
    }

    private mutating func takeBaseURL(_ fields: Fields) -> [FieldProblem] {
        fields.take("base_url", into: &baseURL)
        // Paths are appended to it.
        while baseURL.hasSuffix("/") { baseURL.removeLast() }
        if baseURL.isEmpty {
            // Without a version in front of its paths it is an address of its own.
            guard pathVersion != .inBaseURL, let usual = dialect.usualBaseURL(region: region) else {
                let way = dialect == .bedrock ? "give region, from which it follows, or " : "give "
                return [FieldProblem(path: "base_url", message: "is missing; \(way)\(TextFormat.baseURL.remedy)")]
            }
            baseURL = usual
        }
        return baseURLProblems
    }

    private var baseURLProblems: [FieldProblem] {
        if let beginning = pathBeginnings.first(where: baseURL.hasSuffix) {
            let usual = dialect.usualBaseURL(region: region).map { "; its usual one is \($0)" } ?? ""
            return [
                FieldProblem(
                    path: "base_url",
                    message:
                        "got \(baseURL.quotedForMessage), want it without \(beginning), as paths of the dialect \(dialect.rawValue) begin with \(pathBeginnings[0])\(usual)"
                )
            ]
        }
        if let region, let other = Dialect.bedrockRegion(of: baseURL), other != region {
            return [
                FieldProblem(
                    path: "base_url",
                    message:
                        "got \(baseURL.quotedForMessage), which is not in the region \(region) that requests are signed for; want \(Dialect.bedrockURL(region: region))"
                )
            ]
        }
        return []
    }

    /// Behind the base URL.
    var usualProbePath: String { (pathVersion?.path ?? dialect.pathVersion) + dialect.probePath }

    private var dialectProblems: [FieldProblem] {
        func isOnlyFor(_ wanted: Dialect, _ field: String, isSet: Bool) -> [FieldProblem] {
            guard isSet, dialect != wanted else { return [] }
            return [
                FieldProblem(
                    path: field,
                    message:
                        "is for the dialect \(wanted.rawValue), and this one is \(dialect.rawValue); leave it out or send null"
                )
            ]
        }
        var problems =
            isOnlyFor(.openai, "quirks", isSet: quirks != nil)
            + isOnlyFor(.openai, "prefix_continuation", isSet: prefixContinuation != nil)
            + isOnlyFor(.bedrock, "region", isSet: region != nil)
            + isOnlyFor(.gemini, "credential_kind", isSet: credentialKind != nil)
            + isOnlyFor(.gemini, "path_version", isSet: pathVersion != nil)
        if region != nil, credentialField != nil {
            problems.append(
                FieldProblem(
                    path: "credential_field",
                    message: "does not go with region, where requests are signed; leave one of them out or send null"))
        }
        if credentialKind != nil, credentialField != nil {
            problems.append(
                FieldProblem(
                    path: "credential_field",
                    message:
                        "does not go with credential_kind, whose tokens have their own field; leave one of them out or send null"
                ))
        }
        return problems
    }

    /// What people put at the end of a base URL though the paths of requests begin with it, the whole of it first.
    private var pathBeginnings: [String] {
        switch dialect {
        // Its version is part of the base URL: not all that are compatible have one.
        case .openai, .responses: []
        case .anthropic: ["/v1/messages", "/v1"]
        case .gemini: pathVersion == .inBaseURL ? ["/models"] : ["/v1beta/models", "/v1beta", "/v1/models", "/v1"]
        case .bedrock: ["/model", "/v1"]
        }
    }
}

extension Dialect {
    /// Where the vendor that it is named after answers; nil where that depends on a region, and none is given.
    func usualBaseURL(region: String?) -> String? {
        switch self {
        case .openai, .responses: "https://api.openai.com/v1"
        case .anthropic: "https://api.anthropic.com"
        case .gemini: "https://generativelanguage.googleapis.com"
        case .bedrock: region.map(Self.bedrockURL)
        }
    }

    private static let bedrockAddress = (beginning: "https://bedrock-runtime.", end: ".amazonaws.com")

    fileprivate static func bedrockURL(region: String) -> String {
        bedrockAddress.beginning + region + bedrockAddress.end
    }

    /// The region in the usual address of Bedrock; nil where it is another address, such as one of a private network.
    fileprivate static func bedrockRegion(of baseURL: String) -> String? {
        guard baseURL.hasPrefix(bedrockAddress.beginning), baseURL.hasSuffix(bedrockAddress.end) else { return nil }
        return String(baseURL.dropFirst(bedrockAddress.beginning.count).dropLast(bedrockAddress.end.count))
    }
}

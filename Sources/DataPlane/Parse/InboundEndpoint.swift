import Shared

/// What a caller asks for, by method and path, and in which dialect.
///
/// - Shape: `model` is the range of its name in the head, for dialects that have it in the path.
struct InboundEndpoint: Equatable {
    enum Operation: Equatable {
        case metered(Endpoint)
        /// Which models there are, or one of them.
        case models
        /// Files and batches that a provider keeps.
        case stored(StoredCall)
    }

    var operation: Operation
    var dialect = Dialect.openai
    var model: Range<Int>?
    /// For dialects that have another path for streams.
    var isStream: Bool?
    /// Several requests in one.
    var isBatch = false
    /// A stream is one JSON array: Gemini's, where the caller does not ask for events.
    var streamsAsArray = false

    /// The endpoint of a head; the query is not part of it.
    static func of(_ head: HTTPHead, _ bytes: UnsafeRawBufferPointer) throws(RouteError) -> InboundEndpoint {
        guard head.method != .other else { throw .methodNotImplemented }
        let range = head.pathRange
        // Paths are compared as they stand: neither case nor escapes are anybody else's to interpret.
        let found: (endpoint: InboundEndpoint, methods: EndpointMethods)
        if unsafe HTTPBytes.isExactly(bytes, range, "/v1/chat/completions") {
            found = (InboundEndpoint(operation: .metered(.chatCompletions)), .post)
        } else if unsafe HTTPBytes.isExactly(bytes, range, "/v1/responses") {
            found = (InboundEndpoint(operation: .metered(.chatCompletions), dialect: .responses), .post)
        } else if unsafe HTTPBytes.isExactly(bytes, range, "/v1/embeddings") {
            found = (InboundEndpoint(operation: .metered(.embeddings)), .post)
        } else if unsafe HTTPBytes.isExactly(bytes, range, "/v1/messages") {
            found = (InboundEndpoint(operation: .metered(.chatCompletions), dialect: .anthropic), .post)
        } else if unsafe HTTPBytes.isExactly(bytes, range, "/v1/messages/count_tokens") {
            found = (InboundEndpoint(operation: .metered(.tokenCount), dialect: .anthropic), .post)
        } else if let passed = unsafe passed(range, bytes) {
            found = (InboundEndpoint(operation: .metered(passed)), .post)
        } else if let named = unsafe namedInPath(range, of: head, bytes) {
            found = named
        } else if let stored = unsafe StoredCall.of(range, head, bytes) {
            found = (InboundEndpoint(operation: .stored(stored.call)), stored.methods)
        } else {
            throw .unknownEndpoint
        }
        guard found.methods.include(head.method) else { throw .methodNotAllowed(allow: found.methods) }
        return found.endpoint
    }

    /// Those of OpenAI's endpoints that only pass to providers of the same dialect.
    private static func passed(_ path: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> Endpoint? {
        for (name, endpoint) in passed where unsafe HTTPBytes.isExactly(bytes, path, name) { return endpoint }
        return nil
    }

    private static let passed: [(StaticString, Endpoint)] = [
        ("/v1/completions", .completions), ("/v1/moderations", .moderations), ("/v1/rerank", .rerank),
        // Cohere's clients ask for its second version.
        ("/v2/rerank", .rerank), ("/v1/images/generations", .imageGenerations),
        ("/v1/audio/speech", .speech), ("/v1/audio/transcriptions", .transcriptions),
        ("/v1/audio/translations", .translations), ("/v1/images/edits", .imageEdits),
    ]

    /// What begins like the list of models: the list, one of them, or one of them asked for an answer.
    private static func namedInPath(
        _ path: Range<Int>, of head: HTTPHead, _ bytes: UnsafeRawBufferPointer
    ) -> (endpoint: InboundEndpoint, methods: EndpointMethods)? {
        if let id = unsafe rest(of: path, behind: "/model/", bytes) {
            for (action, isStream) in [("/converse", false), ("/converse-stream", true)] as [(StaticString, Bool)] {
                guard let model = unsafe name(in: id, before: action, bytes) else { continue }
                return (
                    InboundEndpoint(
                        operation: .metered(.chatCompletions), dialect: .bedrock, model: model, isStream: isStream),
                    .post
                )
            }
            return nil
        }
        let dialect = unsafe Dialect(of: head, bytes)
        for list in ["/v1/models", "/v1beta/models"] as [StaticString] {
            if unsafe HTTPBytes.isExactly(bytes, path, list) {
                return (InboundEndpoint(operation: .models, dialect: dialect), .get)
            }
        }
        guard
            let rest = unsafe rest(of: path, behind: "/v1/models/", bytes)
                ?? rest(of: path, behind: "/v1beta/models/", bytes)
        else { return nil }
        for action in GeminiAction.all {
            guard let model = unsafe name(in: rest, before: action.name, bytes) else { continue }
            var endpoint = InboundEndpoint(
                operation: .metered(action.endpoint), dialect: .gemini, model: model, isStream: action.isStream)
            endpoint.isBatch = action.isBatch
            endpoint.streamsAsArray = unsafe action.isStream && !asksForEvents(head, bytes)
            return (endpoint, .post)
        }
        return (InboundEndpoint(operation: .models, dialect: dialect, model: rest), .get)
    }

    /// `alt=sse` is a part of the query.
    private static func asksForEvents(_ head: HTTPHead, _ bytes: UnsafeRawBufferPointer) -> Bool {
        let query = unsafe String(decoding: bytes[head.queryRange.prefix(1_024)], as: UTF8.self)
        return query.split(separator: "&").contains("alt=sse")
    }

    static func rest(
        of path: Range<Int>, behind prefix: StaticString, _ bytes: UnsafeRawBufferPointer
    ) -> Range<Int>? {
        let end = path.lowerBound + prefix.utf8CodeUnitCount
        guard end < path.upperBound, unsafe HTTPBytes.isExactly(bytes, path.lowerBound..<end, prefix) else {
            return nil
        }
        return end..<path.upperBound
    }

    static func name(
        in rest: Range<Int>, before action: StaticString, _ bytes: UnsafeRawBufferPointer
    ) -> Range<Int>? {
        let start = rest.upperBound - action.utf8CodeUnitCount
        guard start > rest.lowerBound, unsafe HTTPBytes.isExactly(bytes, start..<rest.upperBound, action) else {
            return nil
        }
        return rest.lowerBound..<start
    }

    /// What OPTIONS says of the target: of one endpoint, or of all that there are.
    static func allowed(_ head: HTTPHead, _ bytes: UnsafeRawBufferPointer) throws(RouteError) -> StaticString {
        let range = head.pathRange
        if unsafe range.isEmpty || HTTPBytes.isExactly(bytes, range, "*") { return "GET, HEAD, POST, OPTIONS" }
        do {
            _ = try unsafe of(head, bytes)
        } catch .methodNotAllowed(let methods) {
            return methods.allowed
        }
        return EndpointMethods.get.allowed
    }
}

/// What Gemini's callers write behind the name of a model.
private struct GeminiAction {
    let name: StaticString
    let endpoint: Endpoint
    let isStream: Bool
    var isBatch = false

    static let all = [
        GeminiAction(name: ":generateContent", endpoint: .chatCompletions, isStream: false),
        GeminiAction(name: ":streamGenerateContent", endpoint: .chatCompletions, isStream: true),
        GeminiAction(name: ":countTokens", endpoint: .tokenCount, isStream: false),
        GeminiAction(name: ":embedContent", endpoint: .embeddings, isStream: false),
        GeminiAction(name: ":batchEmbedContents", endpoint: .embeddings, isStream: false, isBatch: true),
    ]
}

extension Dialect {
    /// The one that a caller speaks, as far as it shows in the head: what its errors are told in, whatever becomes of the request.
    init(of head: HTTPHead, _ bytes: UnsafeRawBufferPointer) {
        let path = head.pathRange
        func begins(_ prefix: StaticString) -> Bool {
            let end = path.lowerBound + prefix.utf8CodeUnitCount
            return unsafe end <= path.upperBound && HTTPBytes.isExactly(bytes, path.lowerBound..<end, prefix)
        }
        if begins("/v1/messages") {
            self = .anthropic
        } else if begins("/v1beta/") {
            self = .gemini
        } else if begins("/model/") {
            self = .bedrock
        } else if begins("/v1/responses") {
            self = .responses
        } else if begins("/v1/models") {
            // Three dialects have this path. Names of models have colons too.
            let isAsked = GeminiAction.all.contains { action in
                let start = path.upperBound - action.name.utf8CodeUnitCount
                return unsafe start > path.lowerBound
                    && HTTPBytes.isExactly(bytes, start..<path.upperBound, action.name)
            }
            if isAsked || head.first(.xGoogAPIKey) != nil {
                self = .gemini
            } else {
                self = head.first(.anthropicVersion) != nil ? .anthropic : .openai
            }
        } else {
            self = .openai
        }
    }
}

/// The methods that an endpoint takes.
enum EndpointMethods: Equatable {
    case get, post, getAndPost, getAndDelete

    func include(_ method: HTTPMethod) -> Bool {
        switch method {
        // What can be got can be asked for without its body.
        case .get, .head: self != .post
        case .post: self == .post || self == .getAndPost
        case .delete: self == .getAndDelete
        default: false
        }
    }

    /// The value of `Allow`.
    var allowed: StaticString {
        switch self {
        case .get: "GET, HEAD, OPTIONS"
        case .post: "POST, OPTIONS"
        case .getAndPost: "GET, HEAD, POST, OPTIONS"
        case .getAndDelete: "GET, HEAD, DELETE, OPTIONS"
        }
    }
}

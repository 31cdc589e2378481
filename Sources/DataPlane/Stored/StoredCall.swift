import Shared

/// What a caller wants of the files and batches that providers keep.
///
/// - Source: OpenAI API reference, "Files", "Batch".
struct StoredCall: Equatable {
    enum Action: Equatable { case upload, create, list, retrieve, content, delete, cancel }

    /// `files` or `batches`.
    let collection: Endpoint
    let action: Action
    /// Where the object's identity lies in the head, for actions that name one.
    var id: Range<Int>?

    /// The call of a path, and the methods that it takes; nil where there is nothing of the kind.
    static func of(
        _ path: Range<Int>, _ head: HTTPHead, _ bytes: UnsafeRawBufferPointer
    ) -> (call: StoredCall, methods: EndpointMethods)? {
        // Anthropic keeps files in the same place, and they are others.
        if head.first(.anthropicVersion) != nil { return nil }
        let isGet = head.method == .get || head.method == .head
        if unsafe HTTPBytes.isExactly(bytes, path, "/v1/files") {
            return (StoredCall(collection: .files, action: isGet ? .list : .upload), .getAndPost)
        }
        if unsafe HTTPBytes.isExactly(bytes, path, "/v1/batches") {
            return (StoredCall(collection: .batches, action: isGet ? .list : .create), .getAndPost)
        }
        if let rest = unsafe InboundEndpoint.rest(of: path, behind: "/v1/files/", bytes) {
            if let id = unsafe InboundEndpoint.name(in: rest, before: "/content", bytes) {
                return (StoredCall(collection: .files, action: .content, id: id), .get)
            }
            let action: Action = head.method == .delete ? .delete : .retrieve
            return (StoredCall(collection: .files, action: action, id: rest), .getAndDelete)
        }
        guard let rest = unsafe InboundEndpoint.rest(of: path, behind: "/v1/batches/", bytes) else { return nil }
        if let id = unsafe InboundEndpoint.name(in: rest, before: "/cancel", bytes) {
            return (StoredCall(collection: .batches, action: .cancel, id: id), .post)
        }
        return (StoredCall(collection: .batches, action: .retrieve, id: rest), .get)
    }

    /// In which the provider is asked.
    var method: HTTPMethod {
        switch action {
        case .upload, .create, .cancel: .post
        case .list, .retrieve, .content: .get
        case .delete: .delete
        }
    }

    /// The caller's body is for the provider.
    var sendsBody: Bool { action == .upload || action == .create }

    /// Sent twice it does more than sent once, and more than anybody would forgive.
    var isSentOnce: Bool { action == .create }

    /// What is asked for behind the provider's base URL, of the object that it knows by `id`.
    func path(id: String) -> String {
        let base = collection.passedPath ?? ""
        switch action {
        case .upload, .create, .list: return base
        case .retrieve, .delete: return "\(base)/\(id)"
        case .content: return "\(base)/\(id)/content"
        case .cancel: return "\(base)/\(id)/cancel"
        }
    }
}

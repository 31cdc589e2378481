import Shared

/// A page of what belongs to one key, put together from as many of the provider's pages as that takes: those are of the whole account.
///
/// - Shape: pure. Where a provider has several credentials, each of which may be an account of its own, one comes behind the other.
/// - Source: OpenAI API reference, "List files", "List batches".
struct StoredList {
    /// What the caller asks for.
    struct Query: Equatable {
        var limit: Int
        /// As the caller knows it.
        var after: StoredIdentity?
        /// What is passed on, in the order of the call.
        var filters: [(name: String, value: String)] = []

        static func == (a: Query, b: Query) -> Bool {
            a.limit == b.limit && a.after == b.after && a.filters.elementsEqual(b.filters, by: ==)
        }
    }

    private let limit: Int
    /// Of the provider's pages.
    private var pageLimit: Int
    private let filters: String
    /// As the provider knows it.
    private var after: String?
    private(set) var credentialPlace: Int
    /// One more than fits says that there are more.
    private var found: [JSONValue] = []
    private var isCutShort = false
    private var pageCount = 0

    /// So much of an account is looked through for one page of a key's.
    private static let pageCountMax = 100

    /// - Parameter credentialPlace: of the first credential that is asked: that of `after`.
    init(_ query: Query, of collection: Endpoint, credentialPlace: Int) {
        limit = query.limit
        // A page has to be held whole: a batch may have 9 KiB of metadata.
        pageLimit = collection == .batches ? 50 : 1_000
        filters = query.filters.map { "&\($0.name)=\($0.value)" }.joined()
        after = query.after?.id
        self.credentialPlace = credentialPlace
    }

    /// Of the next page of the provider's.
    var query: String { "limit=\(pageLimit)" + (after.map { "&after=\($0)" } ?? "") + filters }

    /// - Parameters:
    ///   - own: what the page has of the key's.
    ///   - hasMore: the provider has more behind it.
    ///   - lastID: of the page, the key's or not.
    /// - Returns: whether the list is complete.
    /// - Errors: `listTooLong`: there may be more, and nobody has looked that far.
    mutating func take(
        _ own: [JSONValue], hasMore more: Bool, lastID: String?, credentialCount: Int
    ) throws(AttemptError) -> Bool {
        found += own.prefix(limit + 1 - found.count)
        pageCount += 1
        guard found.count <= limit else { return true }
        let isLastCredential = credentialPlace + 1 >= credentialCount
        if more {
            guard let lastID, StoredIdentity.isPlain(lastID) else { throw .malformedAnswer }
            after = lastID
        } else {
            guard !isLastCredential else { return true }
            after = nil
            credentialPlace += 1
        }
        guard pageCount < Self.pageCountMax else {
            guard !found.isEmpty else { throw .listTooLong }
            isCutShort = true
            return true
        }
        return false
    }

    /// A page was too large to be held, as others may give their objects long names: it is asked for once more, and shorter.
    ///
    /// - Returns: false: it cannot be any shorter.
    mutating func shorten() -> Bool {
        guard pageLimit > 1 else { return false }
        pageLimit = max(1, pageLimit / 4)
        return true
    }

    var answer: JSONValue {
        let shown = Array(found.prefix(limit))
        return .object([
            "object": .string("list"), "data": .array(shown), "first_id": shown.first?["id"] ?? .null,
            "last_id": shown.last?["id"] ?? .null, "has_more": .boolean(isCutShort || found.count > limit),
        ])
    }
}

extension StoredList.Query {
    /// - Errors: what OpenAI's list does not take is refused: left out, it would seem to have been heeded.
    init(_ text: String, of collection: Endpoint) throws(ParseError) {
        let isOfFiles = collection == .files
        let limitMax = isOfFiles ? 10_000 : 100
        limit = isOfFiles ? limitMax : 20
        for (name, value) in HTTPRequest.parseQuery(text) {
            switch name {
            case "limit":
                guard let number = Int(value), (1...limitMax).contains(number) else {
                    throw .invalidField(name, reason: "it must be a whole number from 1 to \(limitMax)")
                }
                limit = number
            case "after":
                guard let identity = StoredIdentity(value) else {
                    throw .invalidField(name, reason: "it is no identity of \(collection.label)")
                }
                after = identity
            case "order" where isOfFiles:
                guard ["asc", "desc"].contains(value) else {
                    throw .invalidField(name, reason: "'\(value.prefix(40))' is neither asc nor desc")
                }
                filters.append((name, value))
            case "purpose" where isOfFiles:
                guard StoredIdentity.isPlain(value) else { throw .invalidField(name, reason: "it is no purpose") }
                filters.append((name, value))
            default: throw .invalidField(name, reason: "\(collection.label) are not listed by it")
            }
        }
    }
}

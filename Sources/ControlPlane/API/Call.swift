import Shared

/// What an entry point is given: the parts of a request that its endpoint asked for, already checked.
struct Call {
    let work: Work
    private let places: [String: String]
    let queries: [String: String]
    /// The body as its schema accepted it; empty where the endpoint takes none.
    let body: Fields
    /// What `If-Match` allows. Present where the endpoint needs it.
    let revisions: RevisionMatch
    /// `Accept`, for the few endpoints with more than one format.
    let accept: String?
    /// For plans.
    let makeReplay: ReplayMaker

    init(
        work: Work, places: [String: String], queries: [String: String], body: JSONValue, revisions: RevisionMatch?,
        accept: String?, makeReplay: @escaping ReplayMaker
    ) {
        self.makeReplay = makeReplay
        self.work = work
        self.places = places
        self.queries = queries
        self.body = Fields(body)
        self.revisions = revisions ?? .any
        self.accept = accept
    }

    /// The `{id}` of the path.
    var id: String { places["id"] ?? "" }

    func query(_ name: String) -> String? { queries[name] }

    /// The asked-for page and filters of a list whose cursors carry `name`.
    func list(
        _ name: String, isKey: (String) -> Bool = { ObjectID($0) != nil }
    ) throws -> ListRequest {
        var page = PageRequest()
        if let limit = queries["limit"].flatMap({ Int($0) }) { page.limit = limit }
        if let cursor = queries["cursor"] {
            guard let key = PageRequest.key(ofCursor: cursor, list: name), isKey(key) else {
                throw Problem.invalid(
                    "query:cursor", "is not a cursor of this list; pass next_cursor of the page before, unchanged")
            }
            page.after = key
        }
        var filters = queries
        filters["limit"] = nil
        filters["cursor"] = nil
        return ListRequest(page: page, filters: filters)
    }
}

/// What goes back.
struct Answer {
    var status: Int
    var headers: [Problem.Header] = []
    var contentType: String? = JSONValue.mediaType
    var body: [UInt8]

    static func json(_ value: JSONValue, status: Int = 200, revision: Int64? = nil, location: String? = nil) -> Answer {
        var headers: [Problem.Header] = []
        if let revision { headers.append(.init(name: "ETag", value: "\"\(revision)\"")) }
        if let location { headers.append(.init(name: "Location", value: location)) }
        return Answer(status: status, headers: headers, body: value.bytes)
    }

    static func object(_ object: some ManagedObject) -> Answer { .json(object.json, revision: object.revision) }

    static func created(_ noun: Noun, _ id: ObjectID, _ value: JSONValue, revision: Int64? = nil) -> Answer {
        .json(value, status: 201, revision: revision, location: "\(noun.collection)/\(id)")
    }

    static func page<Row>(_ list: String, _ page: Page<Row>, _ json: (Row) -> JSONValue) -> Answer {
        .json(
            .record([
                ("items", .array(page.rows.map(json))),
                ("next_cursor", .optional(page.next) { .string(PageRequest.cursor(list: list, key: $0)) }),
            ]))
    }

    static let gone = Answer(status: 204, contentType: nil, body: [])
}

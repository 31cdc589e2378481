import Shared

/// What an account keeps at the provider, and nobody else sees.
protocol StoredObject {
    var id: String { get }
    /// The key that it came with: two keys are two accounts.
    var account: String { get }
    /// What it takes of the store.
    var size: Int { get }
    var json: JSONValue { get }
}

/// The objects of one kind of all accounts, oldest first.
///
/// - Shape: bounded in number and in bytes. What does not fit is refused: nothing that somebody was told of goes away by itself.
struct ObjectStore<Object: StoredObject> {
    private let countMax: Int
    private let bytesMax: Int
    private var byID: [String: Object] = [:]
    private var order: [String] = []
    private var bytes = 0

    init(countMax: Int, bytesMax: Int) {
        self.countMax = countMax
        self.bytesMax = bytesMax
    }

    /// Nil where the account has none of that name, whoever else has.
    subscript(id: String, of account: String) -> Object? {
        byID[id].flatMap { $0.account == account ? $0 : nil }
    }

    /// - Errors: the provider's 400 where there is no room.
    mutating func add(_ object: Object) throws(ProviderError) {
        guard order.count < countMax, bytes + object.size <= bytesMax else {
            throw .invalid("You have exceeded the storage quota of your organization.", code: "storage_quota_exceeded")
        }
        byID[object.id] = object
        order.append(object.id)
        bytes += object.size
    }

    /// In place of what it was before.
    mutating func replace(_ object: Object) {
        bytes += object.size - (byID[object.id]?.size ?? 0)
        byID[object.id] = object
    }

    mutating func remove(_ object: Object) {
        guard byID.removeValue(forKey: object.id) != nil else { return }
        order.removeAll { $0 == object.id }
        bytes -= object.size
    }

    /// - Errors: the provider's 400 where nothing of the account is called as what the page is to begin behind.
    func page(
        _ query: PageQuery, of account: String, where isWanted: (Object) -> Bool = { _ in true }
    ) throws(ProviderError) -> JSONValue {
        var ids = order.filter { self[$0, of: account] != nil }
        if !query.isAscending { ids.reverse() }
        if let after = query.after {
            guard let place = ids.firstIndex(of: after) else {
                throw .invalid("Invalid 'after': there is no object '\(after)'.", param: "after")
            }
            ids.removeFirst(place + 1)
        }
        let found = ids.compactMap { self[$0, of: account] }.filter(isWanted)
        let page = found.prefix(query.limit)
        return [
            "object": "list", "data": .array(page.map(\.json)), "first_id": .string(orNull: page.first?.id),
            "last_id": .string(orNull: page.last?.id), "has_more": .boolean(found.count > page.count),
        ]
    }
}

/// Which page of a list is wanted.
struct PageQuery {
    var after: String?
    var limit: Int
    var isAscending = false

    /// - Errors: the provider's 400.
    init(_ request: HTTPRequest, limitMax: Int, limitDefault: Int) throws(ProviderError) {
        after = request.queryValue("after")
        limit = limitDefault
        if let text = request.queryValue("limit") {
            let value = Int(text).map { JSONValue.count($0) } ?? .string(text)
            limit = try RequestField<ResponsesWording>(value, at: "limit").integer(from: 1, to: limitMax)
        }
        if let text = request.queryValue("order") {
            isAscending =
                try RequestField<ResponsesWording>(.string(text), at: "order").word(of: ["asc", "desc"]) == "asc"
        }
    }
}

/// The objects of all accounts, and what they are called.
///
/// - Shape: an identity is a prefix, the mark of the process, and a number: another process knows none of them.
struct AccountObjects {
    var files = ObjectStore<StoredFile>(countMax: 20_000, bytesMax: 512 << 20)
    var batches = ObjectStore<StoredBatch>(countMax: 10_000, bytesMax: 64 << 20)
    private let mark: String
    private var count = 0

    init(mark: String) { self.mark = mark }

    mutating func newID(_ prefix: String) -> String {
        count += 1
        let digits = String(count)
        return prefix + mark + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }
}

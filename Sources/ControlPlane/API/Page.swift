import Shared

/// Which part of a list is asked for: at most `limit` rows after the one that the cursor names.
///
/// - Shape: a cursor is base64url of `<list>:<key of the last row>`. It holds a place in the order, not an offset, so that
///   rows that are inserted or deleted meanwhile neither repeat nor hide others. Callers treat it as opaque.
struct PageRequest: Equatable {
    static let limitDefault = 50
    static let limitRange = 1...200

    var limit = limitDefault
    /// The sort key of the last row already seen.
    var after: String?

    static func cursor(list: String, key: String) -> String { Base64URL.encode(Array("\(list):\(key)".utf8)) }

    /// nil: not one of ours, or one of another list.
    static func key(ofCursor cursor: String, list: String) -> String? {
        guard let bytes = Base64URL.decode(cursor), let text = String(validating: bytes, as: UTF8.self),
            text.hasPrefix(list + ":")
        else { return nil }
        return String(text.dropFirst(list.utf8.count + 1))
    }
}

/// Some rows of a list, in order, and where to go on.
struct Page<Row> {
    var rows: [Row]
    /// The sort key of the last row, nil when there is nothing after it.
    var next: String?

    /// From a query that asked for one row more than the limit: the extra row only proves that there is more.
    init(overfetched rows: [Row], limit: Int, key: (Row) -> String) {
        if rows.count > limit {
            self.rows = Array(rows.prefix(limit))
            next = self.rows.last.map(key)
        } else {
            self.rows = rows
            next = nil
        }
    }

    func map<Other>(_ transform: (Row) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(rows: try rows.map(transform), next: next)
    }

    private init(rows: [Row], next: String?) {
        self.rows = rows
        self.next = next
    }
}

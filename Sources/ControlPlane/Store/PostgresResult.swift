import CPostgres

/// The only owner of a libpq result; frees it exactly once.
@safe struct PostgresResult: ~Copyable {
    private let raw: OpaquePointer

    init(takingOwnershipOf raw: OpaquePointer) { unsafe self.raw = unsafe raw }
    deinit { unsafe PQclear(raw) }

    /// The server waits for the rows of a COPY.
    var takesRows: Bool { unsafe PQresultStatus(raw) == PGRES_COPY_IN }

    /// nil: the statement succeeded.
    var error: StoreError? {
        switch unsafe PQresultStatus(raw) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return nil
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE, PGRES_NONFATAL_ERROR:
            let message = unsafe field("M") ?? String(cString: PQresultErrorMessage(raw))
            // Without a SQLSTATE the error is libpq's own: the connection broke.
            guard let sqlstate = field("C") else { return .unavailable(message.oneLine) }
            return .server(sqlstate: sqlstate, message: message, constraint: field("n"))
        default: return .other(sqlstate: "", message: "unexpected kind of result")
        }
    }

    /// The command tag: `INSERT 0 5`, `COMMIT`, ...
    var command: String { unsafe String(cString: PQcmdStatus(raw)) }

    var affectedRows: Int { unsafe Int(String(cString: PQcmdTuples(raw))) ?? 0 }

    /// The types of a described statement's parameters.
    var parameterTypes: [UInt32] { unsafe (0..<PQnparams(raw)).map { unsafe PQparamtype(raw, $0) } }

    func rows() throws(StoreError) -> [PostgresRow] {
        let count = unsafe PQntuples(raw)
        if count == 0 { return [] }
        let width = unsafe PQnfields(raw)
        let columns = PostgresColumns(
            names: (0..<width).map { unsafe String(cString: PQfname(raw, $0)) },
            types: (0..<width).map { unsafe PQftype(raw, $0) })
        var rows: [PostgresRow] = []
        rows.reserveCapacity(Int(count))
        for row in 0..<count {
            var values: [PostgresValue] = []
            values.reserveCapacity(Int(width))
            for column in 0..<width {
                values.append(try value(row: row, column: column, type: columns.types[Int(column)]))
            }
            rows.append(PostgresRow(columns: columns, values: values))
        }
        return rows
    }

    private func value(row: Int32, column: Int32, type: UInt32) throws(StoreError) -> PostgresValue {
        if unsafe PQgetisnull(raw, row, column) == 1 { return .null }
        let length = unsafe Int(PQgetlength(raw, row, column))
        var bytes: [UInt8] = []
        if length > 0, let start = unsafe PQgetvalue(raw, row, column) {
            bytes = unsafe Array(UnsafeRawBufferPointer(start: start, count: length))
        }
        if let value = PostgresFieldDecoder.decode(bytes, type: type) { return value }
        throw .mismatch(
            unsafe "column \(String(cString: PQfname(raw, column))) has type \(type): cast it in the statement")
    }

    private func field(_ code: Unicode.Scalar) -> String? {
        guard let text = unsafe PQresultErrorField(raw, Int32(code.value)) else { return nil }
        return unsafe String(cString: text)
    }
}

extension String {
    /// libpq's messages come with line breaks and hints; a log field and an error detail are one line.
    var oneLine: String {
        String(decoding: utf8.map { $0 == 10 || $0 == 13 || $0 == 9 ? 32 : $0 }, as: UTF8.self)
            .split(separator: " ").joined(separator: " ")
    }
}

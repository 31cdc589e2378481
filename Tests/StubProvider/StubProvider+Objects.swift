import Shared

/// The files and batches of accounts.
extension StubProvider {
    /// What befalls other requests befalls these too; only models have no say, for there is none.
    func object(_ call: ObjectCall, _ request: HTTPRequest, _ responder: HTTPResponder) async throws {
        let dialect = OpenAIDialect.self
        let fault = try fault(of: request, dialect)
        if try await isOver(fault, dialect, responder) { return }
        if fault.kind != .none, try await !thinks(fault, responder) { return responder.abort(reset: false) }
        try call.check(request.query)
        let answer = try answer(call, request, account: dialect.key(of: request) ?? "", fault)
        let headers = self.headers(dialect, contentType: answer.contentType) + answer.fields
        if fault.breaksPlainAnswers {
            return try await sendPartly(answer.body, headers: headers, fault, responder)
        }
        await responder.respond(status: 200, headers: headers, body: answer.body)
    }

    private func answer(
        _ call: ObjectCall, _ request: HTTPRequest, account: String, _ fault: Fault
    ) throws(ProviderError) -> ObjectAnswer {
        switch call {
        case .createFile:
            let file = try keep(try FileUpload(try FormBody(request)), of: account)
            return ObjectAnswer(file.json)
        case .listFiles:
            let query = try PageQuery(request, limitMax: 10_000, limitDefault: 10_000)
            let purpose = request.queryValue("purpose")
            return ObjectAnswer(
                try objects.files.page(query, of: account) { purpose == nil || $0.purpose == purpose })
        case .file(let id): return ObjectAnswer(try file(id, of: account).json)
        case .fileContent(let id): return ObjectAnswer(contentOf: try file(id, of: account))
        case .deleteFile(let id):
            let file = try file(id, of: account)
            objects.files.remove(file)
            return ObjectAnswer(file.deletion)
        case .createBatch: return ObjectAnswer(try orderBatch(request, of: account, fault).json)
        case .listBatches:
            let query = try PageQuery(request, limitMax: 100, limitDefault: 20)
            return ObjectAnswer(try objects.batches.page(query, of: account))
        case .batch(let id): return ObjectAnswer(try lookAt(try batch(id, of: account), request).json)
        case .cancelBatch(let id):
            var batch = try batch(id, of: account)
            try batch.cancel(at: WallTime.unixSeconds())
            objects.batches.replace(batch)
            return ObjectAnswer(batch.json)
        }
    }

    private func file(_ id: String, of account: String) throws(ProviderError) -> StoredFile {
        guard let file = objects.files[id, of: account] else { throw .unknownFile(id) }
        return file
    }

    private func batch(_ id: String, of account: String) throws(ProviderError) -> StoredBatch {
        guard let batch = objects.batches[id, of: account] else { throw StoredBatch.unknown(id) }
        return batch
    }

    private func keep(_ upload: FileUpload, of account: String) throws(ProviderError) -> StoredFile {
        let now = WallTime.unixSeconds()
        let file = StoredFile(
            id: objects.newID("file-"), account: account, filename: upload.filename, purpose: upload.purpose,
            content: upload.content, createdUnixSeconds: now,
            expiresUnixSeconds: upload.expiresAfterSeconds.map { now + $0 })
        try objects.files.add(file)
        return file
    }
}

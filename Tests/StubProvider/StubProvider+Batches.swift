import Shared

/// How batches are ordered and worked off: each request of one as if it had come by itself.
extension StubProvider {
    func orderBatch(
        _ request: HTTPRequest, of account: String, _ fault: Fault
    ) throws(ProviderError) -> StoredBatch {
        let batch = StoredBatch(
            id: objects.newID("batch_"), account: account, order: try BatchOrder(request.body),
            requestID: request.headers.first("x-request-id") ?? "", hidesUsage: fault.kind == .missingBatchUsage,
            createdUnixSeconds: WallTime.unixSeconds())
        try objects.batches.add(batch)
        return batch
    }

    /// One step further than it was.
    ///
    /// - Errors: the provider's 400 where there is no room for what it made.
    func lookAt(_ found: StoredBatch, _ request: HTTPRequest) throws(ProviderError) -> StoredBatch {
        var batch = found
        let now = WallTime.unixSeconds()
        switch batch.status {
        case .validating:
            let input = input(of: batch)
            if input.problems.isEmpty {
                batch.model = input.model
                batch.total = input.lines.count
                batch.hidesUsage = batch.hidesUsage || input.hidesUsage
                batch.become(.inProgress, at: now)
            } else {
                batch.fail(input.problems, at: now)
            }
        case .inProgress:
            let input = input(of: batch)
            if input.problems.isEmpty {
                try workOff(&batch, input.lines, request)
            } else {
                batch.fail(input.problems, at: now)
            }
        case .cancelling: batch.become(.cancelled, at: now)
        case .failed, .finalizing, .completed, .expired, .cancelled: return batch
        }
        objects.batches.replace(batch)
        return batch
    }

    /// Read anew at each step: the file may have been deleted.
    private func input(of batch: StoredBatch) -> BatchInput {
        guard let file = objects.files[batch.order.inputFileID, of: batch.account], file.purpose == "batch" else {
            return BatchInput(unreadable: batch.order.inputFileID)
        }
        return BatchInput(file.content, endpoint: batch.order.endpoint) { name in
            options.models.isEmpty || options.models.contains(name)
        }
    }

    private func workOff(
        _ batch: inout StoredBatch, _ lines: [BatchInput.Line], _ request: HTTPRequest
    ) throws(ProviderError) {
        var output: [UInt8] = []
        var errors: [UInt8] = []
        for line in lines {
            let result = answer(line, of: batch, request)
            if let usage = result.usage {
                batch.completed += 1
                batch.usage.add(usage)
                output += result.json(of: line).bytes + Array("\n".utf8)
            } else {
                batch.failed += 1
                errors += result.json(of: line).bytes + Array("\n".utf8)
            }
        }
        let now = WallTime.unixSeconds()
        batch.become(.finalizing, at: now)
        batch.outputFileID = try keep(output, "output", of: batch, at: now)
        batch.errorFileID = try keep(errors, "error", of: batch, at: now)
        batch.become(.completed, at: now)
    }

    /// Nil: there is nothing to keep.
    private func keep(
        _ content: [UInt8], _ kind: String, of batch: StoredBatch, at now: Int64
    ) throws(ProviderError) -> String? {
        guard !content.isEmpty else { return nil }
        let file = StoredFile(
            id: objects.newID("file-"), account: batch.account, filename: "\(batch.id)_\(kind).jsonl",
            purpose: "batch_output", content: content, createdUnixSeconds: now,
            expiresUnixSeconds: batch.order.outputExpiresAfterSeconds.map { now + $0 })
        try objects.files.add(file)
        return file.id
    }

    private func answer(_ line: BatchInput.Line, of batch: StoredBatch, _ request: HTTPRequest) -> BatchResult {
        // What would have come had it been sent by itself, by the same account.
        var alone = request
        (alone.method, alone.target, alone.path, alone.query) = ("POST", batch.order.endpoint, batch.order.endpoint, [])
        alone.headers = HTTPHeaders(request.headers.all("authorization").map { ("authorization", $0) })
        alone.body = line.body.bytes
        let call = ProviderCall(of: alone)
        let id = objects.newID("batch_req_")
        do throws(ProviderError) {
            if line.body["stream"] == true {
                throw .invalid("Streaming is not supported in the Batch API.", param: "stream")
            }
            let parsed = try call.dialect.read(call, alone, readingContext(call.dialect))
            let (model, fault) = try choose(parsed.model, call.dialect, alone, isScripted: false)
            switch fault.kind {
            case .status(let status): throw call.dialect.error(status: status, code: fault.code)
            case .closeBeforeHead, .resetBeforeHead, .resetMidHead, .stallBeforeHead:
                return BatchResult(id: id, outcome: .lost)
            default: break
            }
            let answer = newAnswer(parsed, call, model: model, alone, fault)
            let billed = ledger.begin(
                requestID: batch.requestID, endpoint: call.operation.ledgerName ?? call.dialect.endpoint, model: model,
                isStream: false, usage: answer.usage, now: loop.refreshedNow(), batchID: batch.id)
            ledger.finish(billed, usage: answer.usage, delivery: .whole, now: loop.refreshedNow())
            if let kept = call.dialect.kept(of: answer) { responses.keep(kept) }
            return BatchResult(id: id, outcome: .answered(answer, call.dialect.body(of: answer)))
        } catch {
            ledger.requestWasRefused()
            return BatchResult(id: id, outcome: .refused(error, call.dialect.body(of: error, number: answerCount)))
        }
    }
}

/// What became of one request of a batch.
struct BatchResult {
    enum Outcome {
        case answered(ProviderAnswer, [UInt8])
        case refused(ProviderError, [UInt8])
        /// It came to no answer at all.
        case lost
    }

    let id: String
    let outcome: Outcome

    /// Nil where it was not answered.
    var usage: StubUsage? {
        guard case .answered(let answer, _) = outcome else { return nil }
        return answer.usage
    }

    func json(of line: BatchInput.Line) -> JSONValue {
        func object(_ response: JSONValue, _ error: JSONValue) -> JSONValue {
            ["id": .string(id), "custom_id": .string(line.customID), "response": response, "error": error]
        }
        switch outcome {
        case .answered(_, let body): return object(Self.response(200, body, id), .null)
        case .refused(let error, let body): return object(Self.response(error.status, body, id), .null)
        case .lost:
            return object(
                .null, ["code": "request_timeout", "message": "The request came to no answer in time."])
        }
    }

    private static func response(_ status: Int, _ body: [UInt8], _ id: String) -> JSONValue {
        guard let value = try? JSONValue(parsing: body) else { preconditionFailure("an answer that is not JSON") }
        return ["status_code": .count(status), "request_id": .string("req_\(id)"), "body": value]
    }
}

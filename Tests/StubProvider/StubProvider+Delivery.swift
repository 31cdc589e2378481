import Shared

/// An answer on its way to the caller.
struct Delivery {
    let dialect: any ProviderDialect.Type
    let answer: ProviderAnswer
    let fault: Fault
    /// The sequence under which the ledger has it.
    let billed: UInt64
    let responder: HTTPResponder
}

/// How answers go out, and what befalls them on the way.
extension StubProvider {
    // MARK: Before the answer

    /// Faults that come before the provider begins to work, and so before it bills.
    func isOver(
        _ fault: Fault, _ dialect: any ProviderDialect.Type, _ responder: HTTPResponder
    ) async throws -> Bool {
        switch fault.kind {
        case .status(let status):
            ledger.requestWasRefused()
            let error = dialect.error(status: status, code: fault.code)
            var headers = self.headers(dialect) + dialect.fields(of: error)
            if let seconds = fault.retryAfter { headers.append(("retry-after", seconds)) }
            if let milliseconds = fault.retryAfterMilliseconds { headers.append(("retry-after-ms", milliseconds)) }
            await responder.respond(
                status: status, headers: headers, body: dialect.body(of: error, number: answerCount))
            return true
        case .closeBeforeHead, .resetBeforeHead:
            ledger.requestWasRefused()
            responder.abort(reset: fault.kind == .resetBeforeHead)
            return true
        case .resetMidHead:
            ledger.requestWasRefused()
            try await responder.sendRaw(Array("HTTP/1.1 200 OK\r\ncontent-type: applica".utf8))
            await loop.sleep(for: .milliseconds(2))
            responder.abort(reset: true)
            return true
        default: return false
        }
    }

    /// The time before the first token; false when the caller has gone meanwhile.
    func thinks(_ fault: Fault, _ responder: HTTPResponder) async throws -> Bool {
        var wait = options.latency.firstToken(&random)
        if let milliseconds = fault.firstTokenMilliseconds { wait = .milliseconds(milliseconds) }
        if let capacity = options.capacity, inFlight > capacity { wait = wait * inFlight / max(1, capacity) }
        if fault.kind == .stallBeforeHead { wait = fault.milliseconds.map { .milliseconds($0) } ?? .seconds(3600) }
        return await pause(wait, responder)
    }

    /// Sleeps in pieces, so that a caller who leaves is noticed within 5 ms; false when he has.
    private func pause(_ duration: Duration, _ responder: HTTPResponder) async -> Bool {
        var left = duration
        while left > .zero {
            if responder.peerIsGone { return false }
            let step = min(left, .milliseconds(5))
            await loop.sleep(for: step)
            left -= step
        }
        return !responder.peerIsGone
    }

    private func stall(_ fault: Fault, _ responder: HTTPResponder) async -> Bool {
        await pause(fault.milliseconds.map { .milliseconds($0) } ?? .seconds(3600), responder)
    }

    // MARK: Plain answers

    func plain(_ delivery: Delivery) async throws {
        let (fault, responder, usage) = (delivery.fault, delivery.responder, delivery.answer.usage)
        let body = delivery.dialect.body(of: delivery.answer)
        let headers = self.headers(delivery.dialect)
        switch fault.kind {
        case _ where fault.breaksPlainAnswers:
            ledger.finish(delivery.billed, usage: usage, delivery: .partial, now: loop.refreshedNow())
            try await sendPartly(body, headers: headers, fault, responder)
        case .failedResponse:
            let error = delivery.dialect.error(status: 500, code: fault.code)
            let failed = delivery.dialect.failure(error, of: delivery.answer, after: nil)
            ledger.finish(
                delivery.billed, usage: failed == nil ? usage : delivery.answer.billedFor(0), delivery: .whole,
                now: loop.refreshedNow())
            await responder.respond(status: 200, headers: headers, body: failed ?? body)
        default:
            keep(delivery)
            // Billed before the last byte is out, so that whoever has the answer finds it in the ledger.
            ledger.finish(
                delivery.billed, usage: usage, delivery: responder.peerIsGone ? .none : .whole,
                now: loop.refreshedNow())
            await responder.respond(status: 200, headers: headers, body: body)
        }
    }

    /// Less than it promises, or later.
    func sendPartly(
        _ body: [UInt8], headers: [(String, String)], _ fault: Fault, _ responder: HTTPResponder
    ) async throws {
        let promised = fault.kind == .wrongContentLength ? body.count + 100 : body.count
        let sent =
            switch fault.kind {
            case .wrongContentLength: body.count
            case .stallAfterHead: 0
            default: min(fault.after, body.count)
            }
        var head = Array("HTTP/1.1 200 OK\r\n".utf8)
        for (name, value) in headers + [("content-length", "\(promised)")] {
            head.append(text: "\(name): \(value)\r\n")
        }
        head.append(text: "\r\n")
        try await responder.sendRaw(head + body[..<sent])
        if fault.kind == .stallMidStream || fault.kind == .stallAfterHead {
            if await stall(fault, responder) { try await responder.sendRaw(Array(body[sent...])) }
        } else {
            await loop.sleep(for: .milliseconds(2))
        }
        responder.abort(reset: fault.kind == .resetMidStream)
    }

    /// Before the last bytes go out, so that whoever has the answer can go on from it.
    private func keep(_ delivery: Delivery) {
        if let kept = delivery.dialect.kept(of: delivery.answer) { responses.keep(kept) }
    }

    // MARK: Streams

    func stream(_ delivery: Delivery) async throws {
        let (dialect, answer, fault) = (delivery.dialect, delivery.answer, delivery.fault)
        let responder = delivery.responder
        let events = dialect.events(of: answer, usageOnEach: fault.kind == .usageEveryChunk)
        var made = 0
        var isWhole = false
        var isBegun = false
        // Every way out of here settles the bill, for what was made.
        defer {
            if !isWhole {
                ledger.finish(
                    delivery.billed, usage: answer.billedFor(made), delivery: isBegun ? .partial : .none,
                    now: loop.refreshedNow())
            }
        }
        try await responder.startStream(
            status: 200, headers: headers(dialect, contentType: dialect.streamContentType(of: answer.request)))
        if fault.kind == .stallAfterHead, await !stall(fault, responder) { return }

        let between = fault.chunkMilliseconds
        var due: [UInt8] = []
        for (index, event) in events.enumerated() {
            if index == fault.after {
                if !due.isEmpty { try await responder.write(due) }
                due = []
                if try await breaksOff(delivery) { return }
            }
            let wait = between.map { Duration.milliseconds($0) } ?? options.latency.chunk(&random)
            if wait > .zero, index > 0 {
                guard await pause(wait, responder) else { return }
            }
            made = event.completionTokens
            due += event.bytes
            // What is due together goes out together; what is paced goes out as it comes.
            if wait > .zero || due.count >= 65_536 {
                try await responder.write(due)
                due = []
            }
            isBegun = true
            if responder.peerIsGone { return }
        }
        keep(delivery)
        due += dialect.ending(of: answer, isMarked: fault.kind != .missingDone)
        // Settled before the last bytes go out, so that whoever has seen the end finds it in the ledger.
        isWhole = true
        ledger.finish(delivery.billed, usage: answer.usage, delivery: .whole, now: loop.refreshedNow())
        try await responder.write(due)
        try await responder.end()
    }

    /// Faults in the middle of a stream; true when the stream is over.
    private func breaksOff(_ delivery: Delivery) async throws -> Bool {
        let (dialect, fault, responder) = (delivery.dialect, delivery.fault, delivery.responder)
        switch fault.kind {
        case .stallMidStream:
            return await !stall(fault, responder)
        case .cutMidStream, .resetMidStream:
            // A reset may overtake what was sent before it; the pause lets that arrive.
            await loop.sleep(for: .milliseconds(2))
            responder.abort(reset: fault.kind == .resetMidStream)
            return true
        case .malformedChunk, .badChecksum:
            try await responder.write(dialect.brokenEvent(fault.kind == .badChecksum ? .checksum : .content))
            return false
        case .malformedFraming:
            try await responder.sendRaw(Array("xyz\r\ndata: {}\n\n\r\n".utf8))
            await loop.sleep(for: .milliseconds(2))
            responder.abort(reset: false)
            return true
        case .errorMidStream, .failedResponse:
            let error = dialect.error(status: 503, code: fault.code)
            let failed =
                fault.kind == .failedResponse
                ? dialect.failure(error, of: delivery.answer, after: fault.after) : nil
            try await responder.write(failed ?? dialect.event(of: error, in: delivery.answer, after: fault.after))
            try await responder.end()
            return true
        default: return false
        }
    }

    // MARK: Canned answers

    func send(_ pieces: [[UInt8]], _ responder: HTTPResponder) async {
        do {
            for (index, piece) in pieces.enumerated() {
                // The receiver has read the piece before: two sends one after the other may be one read.
                if index > 0 { await loop.sleep(for: .milliseconds(1)) }
                try await responder.sendRaw(piece)
            }
        } catch {
            // The caller has gone; nothing is billed for a canned answer.
        }
    }
}

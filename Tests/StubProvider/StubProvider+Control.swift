import Shared

/// What tests ask of the provider besides answers.
extension StubProvider {
    func control(_ request: HTTPRequest, _ responder: HTTPResponder) async {
        func answer(_ status: Int, _ body: [UInt8]) async {
            await responder.respond(status: status, headers: [("content-type", "application/json")], body: body)
        }
        func complain(_ status: Int, _ message: String) async {
            await answer(
                status,
                OpenAIDialect.body(of: ProviderError(status: status, type: "stub", message: message), number: 0))
        }
        switch (request.method, request.path) {
        case ("GET", "/stub/healthz"): await answer(200, Array("{\"status\":\"ok\"}".utf8))
        case ("GET", "/stub/ledger"):
            await answer(200, ledger.json(since: request.queryValue("since").flatMap(UInt64.init) ?? 0))
        case ("GET", let path) where path.hasPrefix("/stub/requests/"):
            if let found = recorder.json(requestID: String(path.dropFirst("/stub/requests/".count))) {
                await answer(200, found)
            } else {
                await complain(404, "No such request was received, or it has made room for others.")
            }
        case ("POST", "/stub/script"):
            do {
                script = try FaultScript(parsing: request.body, seed: options.seed)
                await answer(200, Array("{}".utf8))
            } catch { await complain(400, error.message) }
        case ("GET", "/stub/keys"): await answer(200, keys.json)
        case ("POST", "/stub/keys"):
            do {
                try keys.befall(parsing: request.body)
                await answer(200, Array("{}".utf8))
            } catch { await complain(400, error.message) }
        case ("GET", "/stub/tokens"): await answer(200, tokens?.json ?? Array("{}".utf8))
        case ("POST", "/stub/tokens"):
            do {
                try tokens?.change(parsing: request.body)
                await answer(200, Array("{}".utf8))
            } catch { await complain(400, error.message) }
        case ("POST", "/stub/canned"):
            do {
                canned.add(try CannedAnswer(parsing: request.body))
                await answer(200, Array("{}".utf8))
            } catch { await complain(400, error.message) }
        case ("DELETE", "/stub/canned"):
            canned = CannedAnswers()
            await answer(200, Array("{}".utf8))
        case ("POST", "/stub/answers"):
            do {
                try said.add(parsing: request.body)
                await answer(200, Array("{}".utf8))
            } catch { await complain(400, error.message) }
        case ("DELETE", "/stub/answers"):
            said = SaidAnswers()
            await answer(200, Array("{}".utf8))
        default: await complain(404, "No such control endpoint.")
        }
    }
}

import Shared

/// Reads requests for files and batches, as far as finding out who keeps what they ask for, and what a batch can come to.
///
/// Concurrency: one for each loop.
final class StoredIntake {
    private let loop: EventLoop
    private let transports: Transports
    private let settings: DataPlaneConfiguration
    /// Inputs of batches that are being read.
    private var inputCount = 0

    /// A short request makes a data plane read and parse a large file, before any allowance is asked, and hold a line of up to `bodyBytesMax` of
    /// it. Who comes when so many are read is told to come again.
    private static let inputCountMax = 8
    /// A line that needs more has to be let in like a body.
    private static let lineBytesFree = 64 * 1024

    init(on loop: EventLoop, transports: Transports, settings: DataPlaneConfiguration) {
        self.loop = loop
        self.transports = transports
        self.settings = settings
    }

    /// Reads the request of a caller who is known, with its body.
    func read(
        _ call: StoredCall, _ client: ClientStream, for caller: Caller, _ context: RequestContext
    ) async throws(GatewayError) -> ParsedRequest {
        guard let policy = context.policy else { throw GatewayError(AuthenticationError.unverifiable) }
        let places = StoredPlaces(policy: policy, caller: caller)
        let stored: StoredRequest
        var upload: BodyUpload?
        if call.action == .upload {
            (stored, upload) = try await readUpload(call, client, places)
        } else {
            do { try await client.readBody() } catch { throw GatewayError(error) }
            switch call.action {
            case .create: stored = try await readBatch(call, client, places, context)
            case .list: stored = try list(call, client, places)
            default: stored = try object(call, client, places)
            }
        }
        do throws(ParseError) {
            let request = ParsedRequest(
                endpoint: call.collection, model: JSONField(start: 0, end: 0, kind: .null, occurrences: 0),
                fields: try PassedFields.none(), bodyBytes: unsafe client.body.count + client.bodyBytesLeft)
            request.stored = stored
            request.upload = upload
            return request
        } catch { throw GatewayError(error) }
    }

    // MARK: Sending a file

    private func readUpload(
        _ call: StoredCall, _ client: ClientStream, _ places: StoredPlaces
    ) async throws(GatewayError) -> (StoredRequest, BodyUpload?) {
        let owner = places.caller.key.keyID
        let (edits, upload) = try await readForm(client, owner)
        let plan = try plan(client, places)
        let stored = StoredRequest(call, of: owner, in: places.policy, plan, nil)
        stored.edits = edits
        return (stored, upload)
    }

    private func readForm(
        _ client: ClientStream, _ owner: VirtualKeyID
    ) async throws(GatewayError) -> (JSONEdits, BodyUpload?) {
        do throws(ParseError) {
            var scanner = try unsafe UploadForm.scanner(of: client.head, client.headBytes)
            let isWhole = try await client.readForm(
                &scanner, limit: settings.fileBytesMax, until: UploadForm.isEnough)
            let edits = try UploadForm.edits(scanner, isWhole: isWhole, of: owner)
            return (edits, isWhole ? nil : BodyUpload(from: client, scanner))
        } catch { throw GatewayError(error) }
    }

    // MARK: One object

    private func object(
        _ call: StoredCall, _ client: ClientStream, _ places: StoredPlaces
    ) throws(GatewayError) -> StoredRequest {
        let text = call.id.map { unsafe String(decoding: client.headBytes[$0], as: UTF8.self) } ?? ""
        let (identity, plan, isProven) = try places.find(text, in: call.collection)
        // An answer about the object says itself whose it is; everything else has to be known before.
        guard isProven || call.action == .retrieve else {
            throw GatewayError(RouteError.unknownObject(call.collection, id: text))
        }
        let stored = StoredRequest(
            call, of: places.caller.key.keyID, in: places.policy, plan, identity.pin, to: identity)
        stored.isUnproven = !isProven
        return stored
    }

    // MARK: Lists

    private func list(
        _ call: StoredCall, _ client: ClientStream, _ places: StoredPlaces
    ) throws(GatewayError) -> StoredRequest {
        let text = unsafe String(decoding: client.headBytes[client.head.queryRange], as: UTF8.self)
        let query: StoredList.Query
        do throws(ParseError) { query = try StoredList.Query(text, of: call.collection) } catch {
            throw GatewayError(error)
        }
        let plan: RoutePlan
        if let after = query.after {
            let (_, found, isProven) = try places.find(after.text, in: call.collection)
            guard isProven else { throw GatewayError(RouteError.unknownObject(call.collection, id: after.text)) }
            plan = found
        } else {
            plan = try self.plan(client, places)
        }
        let credentials = plan.targets[0].credentials.members
        let place = query.after.flatMap { after in credentials.firstIndex { after.pin.names($0) } } ?? 0
        let stored = StoredRequest(
            call, of: places.caller.key.keyID, in: places.policy, plan,
            ProviderPin(plan.targets[0], credentials[place]))
        stored.list = StoredList(query, of: call.collection, credentialPlace: place)
        return stored
    }

    /// By the route that the caller names, or the only provider there is for him.
    private func plan(_ client: ClientStream, _ places: StoredPlaces) throws(GatewayError) -> RoutePlan {
        let field = Array(StoredPlaces.routeField.utf8)
        var name: [UInt8]?
        for line in client.head.fields where line.name == .xWeir {
            guard unsafe HTTPText.isSame(line.nameRange, of: client.headBytes, asLowerCase: field) else { continue }
            name = unsafe Array(client.headBytes[line.valueRange])
        }
        do { return try places.plan(routeNamed: name) } catch { throw GatewayError(error) }
    }

    // MARK: Making a batch

    private func readBatch(
        _ call: StoredCall, _ client: ClientStream, _ places: StoredPlaces, _ context: RequestContext
    ) async throws(GatewayError) -> StoredRequest {
        let batch: BatchRequest
        do { batch = try unsafe BatchRequest(client.body) } catch { throw GatewayError(error) }
        let (file, way, isProven) = try places.find(batch.inputFileID, in: .files)
        guard isProven else { throw GatewayError(RouteError.unknownObject(.files, id: batch.inputFileID)) }
        var input = BatchInput(
            batch.lines, at: file.pin, places, lineBytesMax: settings.bodyBytesMax,
            nowUnixSeconds: context.startedUnixSeconds)
        try await read(file, by: way, client, context, into: &input)
        do throws(ParseError) {
            let (worth, plan) = try input.end()
            let owner = places.caller.key.keyID
            let stored = StoredRequest(call, of: owner, in: places.policy, plan, file.pin)
            stored.batch = worth
            stored.edits = batch.edits(
                inputFileID: file.id, of: owner, request: context.id, model: plan.targets[0].model.id)
            return stored
        } catch { throw GatewayError(error) }
    }

    /// Reads a file from the provider that keeps it, a few lines at a time.
    private func read(
        _ file: StoredIdentity, by way: RoutePlan, _ client: ClientStream, _ context: RequestContext,
        into input: inout BatchInput
    ) async throws(GatewayError) {
        guard inputCount < Self.inputCountMax else { throw GatewayError(ParseError.overloaded) }
        inputCount += 1
        defer { inputCount -= 1 }
        let exchange: any UpstreamExchange
        do throws(AttemptError) { exchange = try await open(file, by: way, client, context) } catch {
            throw Self.refusal(error, client)
        }
        defer {
            client.connection.endWatch()
            exchange.finish()
        }
        let buffer = ByteBuffer(in: loop.buffers)
        var isEnd = false
        while !isEnd {
            do throws(UpstreamReadError) { isEnd = try await exchange.read(into: buffer) == 0 } catch {
                throw Self.refusal(AttemptError(error), client)
            }
            do throws(ParseError) {
                try input.take(buffer, isEnd: isEnd)
                guard buffer.count <= Self.lineBytesFree || client.memory.admits(buffer.count) else {
                    throw .overloaded
                }
            } catch {
                exchange.abort()
                throw GatewayError(error)
            }
            // A file may come as fast as it is read; the loop has others to serve.
            await Task.yield()
        }
    }

    /// Why a file could not be read. A process that stops ends the wait like a caller who leaves.
    private static func refusal(_ error: AttemptError, _ client: ClientStream) -> GatewayError {
        GatewayError(error == .callerGone && client.isCutByStop ? .stopped : error)
    }

    private func open(
        _ file: StoredIdentity, by way: RoutePlan, _ client: ClientStream, _ context: RequestContext
    ) async throws(AttemptError) -> any UpstreamExchange {
        let target = way.targets[0]
        let named = target.credentials.members.first(where: file.pin.names)
        guard let credential = named, credential.isUsable else { throw .credentialUnavailable }
        let now = loop.refreshedNow()
        let content = StoredCall(collection: .files, action: .content)
        let request = unsafe UpstreamRequest(
            target: target, method: content.method, path: target.path(ofStored: content.path(id: file.id)),
            authorization: credential.line, requestID: context.id, head: client.head, headBytes: client.headBytes,
            dialect: .openai, providerDialect: .openai, body: UnsafeRawBufferPointer(start: nil, count: 0),
            edits: JSONEdits(),
            limits: AttemptLimits(target, from: now, by: now.advanced(byNanoseconds: way.totalNanoseconds)))
        let exchange = try await transports.exchange(request, for: client.connection)
        guard exchange.answer.status != 200 else { return exchange }
        client.connection.endWatch()
        exchange.finish()
        if exchange.answer.status == 404 { throw .unknownObject(.files, id: file.text) }
        let outcome = OutcomeClass(status: exchange.answer.status, complaint: .none)
        throw .upstream(
            outcome, status: exchange.answer.status, waitMilliseconds: exchange.answer.waitMilliseconds)
    }
}

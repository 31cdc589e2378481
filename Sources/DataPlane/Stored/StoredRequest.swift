import Shared

/// A request for what a provider keeps: which object, where that is, and what becomes of the provider's answer.
///
/// Concurrency: belongs to the task of its request.
final class StoredRequest {
    let call: StoredCall
    /// The virtual key that asks.
    let owner: VirtualKeyID
    /// Targets of the provider that keeps it, or is to keep it.
    let plan: RoutePlan
    /// Who keeps it; nil: nobody yet. A list goes from one credential of its provider to the next.
    private(set) var pin: ProviderPin?
    /// Whose identity the request names could not be proved, because the credential is another one by now: the object itself has to say it.
    var isUnproven = false
    /// What has to change in the caller's body.
    var edits = JSONEdits()
    /// Of a list that is put together from the provider's pages.
    var list: StoredList?
    /// Of a batch that is to be made.
    var batch: BatchWorth?
    /// Batches that turned out to be over.
    private(set) var corrections: [CorrectionRecord] = []
    private let identity: StoredIdentity?
    private let plainPath: String
    private let policy: CompiledPolicy

    /// - Parameter identity: of the object that it is about.
    init(
        _ call: StoredCall, of owner: VirtualKeyID, in policy: CompiledPolicy, _ plan: RoutePlan, _ pin: ProviderPin?,
        to identity: StoredIdentity? = nil
    ) {
        self.call = call
        self.owner = owner
        self.policy = policy
        self.plan = plan
        self.pin = pin
        self.identity = identity
        plainPath = call.path(id: identity?.id ?? "")
    }

    /// Behind the provider's base URL.
    var path: String { list.map { "\(plainPath)?\($0.query)" } ?? plainPath }

    /// What an object is that its provider does not have: told by the identity that the caller knows.
    var absence: AttemptError? { identity.map { .unknownObject(call.collection, id: $0.text) } }

    // MARK: Answers

    /// Puts what the caller may see in the place of what the provider answered.
    ///
    /// - Parameters:
    ///   - bytes: of the answer, which are replaced.
    ///   - isWhole: they are all of it.
    ///   - fields: the lines of its head that go to the caller.
    /// - Returns: false: it was one page of a list, and `nextCredential` is asked for the next one.
    /// - Errors: `unknownObject`, where the answer shows that the object is somebody else's; `listTooLong`.
    func take(
        _ bytes: ByteBuffer, isWhole: Bool, _ fields: ByteBuffer, from target: CompiledTarget,
        under credential: CompiledCredential
    ) throws(AttemptError) -> Bool {
        if call.action == .content {
            StoredOwner.hide(owner, in: fields)
            return true
        }
        guard isWhole else {
            guard list?.shorten() == true else { throw .answerTooLarge }
            return false
        }
        let json: JSONValue
        do { json = try unsafe JSONValue(parsing: bytes.readable, allowing: .all) } catch {
            throw .malformedAnswer
        }
        let answer = StoredAnswer(owner, target, credential)
        let shown: JSONValue
        if list != nil {
            guard try take(page: json, answer, target) else { return false }
            shown = list?.answer ?? .null
        } else {
            guard let object = json.object else { throw .malformedAnswer }
            if isUnproven, answer.owner(of: object, in: call.collection) != owner {
                throw absence ?? .malformedAnswer
            }
            if call.collection == .batches { note(object, target) }
            shown = .object(answer.shown(object, of: call.collection))
        }
        bytes.removeAll()
        bytes.append(shown.bytes)
        return true
    }

    /// - Returns: whether the list is complete.
    private func take(page: JSONValue, _ answer: StoredAnswer, _ target: CompiledTarget) throws(AttemptError) -> Bool {
        guard var pages = list, let data = page["data"]?.array else { throw .malformedAnswer }
        defer { list = pages }
        let hasMore = page["has_more"]?.boolean ?? false
        var own: [JSONValue] = []
        for object in data.compactMap(\.object) where answer.owner(of: object, in: call.collection) == owner {
            if call.collection == .batches { note(object, target) }
            own.append(.object(answer.shown(object, of: call.collection)))
        }
        let isComplete = try pages.take(
            own, hasMore: hasMore && !data.isEmpty, lastID: data.last?["id"]?.string,
            credentialCount: target.credentials.members.count)
        if !isComplete { pin = ProviderPin(target, target.credentials.members[pages.credentialPlace]) }
        return isComplete
    }

    /// What the next page is asked for with.
    func nextCredential(at target: CompiledTarget) -> CompiledCredential? {
        list.map { target.credentials.members[$0.credentialPlace] }
    }

    /// A batch that is over says what it used.
    private func note(_ batch: JSONObject, _ target: CompiledTarget) {
        guard let origin = StoredOwner.read(metadata: batch["metadata"]), origin.owner == owner,
            let model = policy.targets.first(where: {
                $0.model.id == origin.modelID && $0.provider.id == target.provider.id
            }),
            let correction = BatchBill.correction(of: batch, origin, by: model)
        else { return }
        corrections.append(correction)
    }
}

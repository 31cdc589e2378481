import Shared

/// What the keeper tells the loops of a credential.
struct TokenNews: Sendable {
    let credentialID: ObjectID
    let token: AccessToken?
    let failure: TokenFailure?
}

/// What came of an exchange, as it is counted.
private enum TokenResult: String, CaseIterable { case granted, rejected, unavailable }

/// Exchanges the keys of service accounts for tokens, ahead of need, and hands them to the loops.
///
/// - Shape: one exchange at a time for a credential, whatever the number of loops and requests. Credentials that no route needs are not
///   exchanged.
///
/// Concurrency: belongs to the control loop.
final class TokenKeeper {
    private final class Subject {
        var name: String
        let secret: [UInt8]
        let account: ServiceAccount?
        let key: RSAPrivateKey?
        var refresh: TokenRefresh

        init(_ name: String, _ secret: [UInt8], _ refresh: TokenRefresh) {
            self.name = name
            self.secret = secret
            self.refresh = refresh
            account = ServiceAccount(secret: secret)
            guard let account else {
                key = nil
                return
            }
            do { key = try RSAPrivateKey(pem: account.privateKey) } catch { key = nil }
        }

        func news(_ id: ObjectID) -> TokenNews {
            TokenNews(credentialID: id, token: refresh.token, failure: key == nil ? .rejected : refresh.failure)
        }
    }

    private let loop: EventLoop
    private let curl: CurlClient
    private let registry: MetricsRegistry
    private let tell: ([TokenNews]) -> Void
    private var subjects: [ObjectID: Subject] = [:]
    private var counters: [String: ResultCounters<TokenResult>] = [:]
    private var timer: LoopTimer!
    private var isStopped = false
    private var random = SecureRandom()
    private let log = Logger("tokens")

    private static let connectTimeout = Duration.seconds(5)
    private static let timeout = Duration.seconds(10)
    private static let bodyBytesMax = 64 * 1024

    /// - Parameter caBundlePath: as for requests to providers.
    init(
        on loop: EventLoop, caBundlePath: String?, registry: MetricsRegistry, tell: @escaping ([TokenNews]) -> Void
    ) {
        self.loop = loop
        curl = CurlClient(on: loop, caBundlePath: caBundlePath)
        self.registry = registry
        self.tell = tell
        timer = LoopTimer(on: loop) { [unowned self] in exchangeThoseDue() }
    }

    // MARK: Whose

    /// From here on those of this snapshot. Who was told of an earlier one is told again: a loop may have made room for a credential anew.
    func use(_ snapshot: Snapshot) {
        if isStopped { return }
        let now = loop.refreshedNow()
        let routed = Prober.targets(of: snapshot.policy)
        let names = Dictionary(snapshot.policy.credentials.map { ($0.id, $0.name) }, uniquingKeysWith: { $1 })
        var subjects: [ObjectID: Subject] = [:]
        for provider in snapshot.policy.providers
        where provider.credentialKind == .serviceAccount && routed[provider.id] != nil {
            for id in provider.allCredentialIDs {
                guard subjects[id] == nil, let secret = snapshot.credentials[id] else { continue }
                subjects[id] = subject(id, names[id] ?? "", secret, now)
            }
        }
        self.subjects = subjects
        tell(subjects.map { $1.news($0) })
        exchangeThoseDue()
    }

    private func subject(_ id: ObjectID, _ name: String, _ secret: [UInt8], _ now: MonotonicTime) -> Subject {
        let known = subjects[id]
        if let known, known.secret == secret {
            known.name = name
            return known
        }
        // Another key is exchanged at once; what the earlier one brought serves until then.
        var refresh = known?.refresh ?? TokenRefresh(now)
        refresh.changeKey(now)
        let made = Subject(name, secret, refresh)
        if made.key == nil {
            log.error("a credential is no service account's key that can be used", ["credential": .string(name)])
        }
        return made
    }

    /// What a request of the control loop goes out with; nil: there is none at the moment.
    func token(of id: ObjectID) -> AccessToken? {
        subjects[id]?.refresh.token.flatMap { $0.isGood(loop.now) ? $0 : nil }
    }

    func stop() {
        isStopped = true
        timer.cancel()
        subjects.removeAll()
        curl.abortAll()
    }

    // MARK: Exchanging

    private func exchangeThoseDue() {
        let now = loop.refreshedNow()
        let able = subjects.filter { $1.key != nil && !$1.refresh.isUnderWay }
        for (id, subject) in able where subject.refresh.dueAt <= now { exchange(id, subject, now) }
        let next = able.values.filter { !$0.refresh.isUnderWay }.map(\.refresh.dueAt).min()
        if let next { timer.arm(after: now.duration(to: next)) } else { timer.cancel() }
    }

    private func exchange(_ id: ObjectID, _ subject: Subject, _ now: MonotonicTime) {
        guard let account = subject.account, let key = subject.key else { return }
        subject.refresh.begin()
        let assertion = account.assertion(signedWith: key, nowUnixSeconds: WallTime.unixMilliseconds() / 1_000)
        let exchange = TokenExchange(self, id, subject, curl, url: account.tokenURI, assertion)
        loop.spawn { _ in
            let answer = await exchange.answer(
                within: Self.timeout, connectingWithin: Self.connectTimeout, bodyBytesMax: Self.bodyBytesMax)
            exchange.keeper?.ended(exchange, answer, began: now)
        }
    }

    private func ended(_ exchange: TokenExchange, _ answer: TokenAnswer, began: MonotonicTime) {
        // Another snapshot may have taken the credential away, or put another key in its place.
        guard let subject = subjects[exchange.id], subject === exchange.subject else { return }
        let failedBefore = subject.refresh.failure
        subject.refresh.ended(answer, began: began, loop.refreshedNow(), using: &random)
        note(answer, failedBefore, subject)
        tell([subject.news(exchange.id)])
        exchangeThoseDue()
    }

    private func note(_ answer: TokenAnswer, _ failedBefore: TokenFailure?, _ subject: Subject) {
        switch answer {
        case .granted:
            count(.granted, subject)
            if failedBefore != nil {
                log.info("a service account's key brings tokens again", ["credential": .string(subject.name)])
            }
        case .failed(let failure, let reason):
            switch failure {
            case .rejected:
                count(.rejected, subject)
                log.error(
                    "a service account's key is refused",
                    ["credential": .string(subject.name), "reason": .string(reason)])
            case .unavailable:
                count(.unavailable, subject)
                log.warning(
                    "no token can be had for a service account's key",
                    ["credential": .string(subject.name), "reason": .string(reason)])
            }
        }
    }

    private func count(_ result: TokenResult, _ subject: Subject) {
        counters[
            subject.name,
            default: ResultCounters(
                registry, "weir_token_exchanges_total",
                help: "Exchanges of a service account's key for a token, by what came of them.",
                label: "outcome", of: (name: "credential", value: subject.name))
        ].count(result)
    }

    // MARK: What others found out

    /// From a loop of this process: a credential was set aside, perhaps because its token is refused.
    func heard(_ news: HealthNews) {
        guard case .credential(let id, _) = news, let subject = subjects[id] else { return }
        subject.refresh.refused(loop.refreshedNow())
        exchangeThoseDue()
    }
}

/// One exchange under way.
///
/// Concurrency: used on the control loop only.
private final class TokenExchange: @unchecked Sendable {
    weak let keeper: TokenKeeper?
    let id: ObjectID
    let subject: AnyObject
    private let curl: CurlClient
    private let url: String
    private let body: [UInt8]

    private static let grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer"

    init(
        _ keeper: TokenKeeper, _ id: ObjectID, _ subject: AnyObject, _ curl: CurlClient, url: String,
        _ assertion: String
    ) {
        self.keeper = keeper
        self.id = id
        self.subject = subject
        self.curl = curl
        self.url = url
        body = Array("grant_type=\(PercentEncoding.encode(Self.grantType))&assertion=\(assertion)".utf8)
    }

    func answer(
        within timeout: Duration, connectingWithin connectTimeout: Duration, bodyBytesMax: Int
    ) async -> TokenAnswer {
        do throws(CurlError) {
            let response = try await curl.send(
                method: "POST", url: url, headers: [("content-type", "application/x-www-form-urlencoded")],
                body: body, timeout: timeout, connectTimeout: connectTimeout, bodyBytesMax: bodyBytesMax)
            return TokenAnswer(status: response.status, body: response.body)
        } catch { return TokenAnswer(error) }
    }
}

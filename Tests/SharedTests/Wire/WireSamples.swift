import Shared

/// Values with every field set, and no two alike.
enum WireSamples {
    static let stream = StreamID(nodeID: ObjectID(high: 1, low: 2), incarnation: ObjectID(high: 3, low: 4), thread: 5)

    static let intent = IntentRecord(
        requestID: ObjectID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0001),
        startedUnixMilliseconds: 1_760_000_000_123, organizationID: ObjectID(high: 0x11, low: 0x12),
        teamID: ObjectID(high: 0x21, low: 0x22), virtualKeyID: VirtualKeyID("abc123xyz789")!,
        routeID: ObjectID(high: 0x31, low: 0x32), providerID: ObjectID(high: 0x41, low: 0x42),
        modelID: ObjectID(high: 0x51, low: 0x52), priceID: ObjectID(high: 0x61, low: 0x62),
        reserved: Money(nanodollars: 123_456_789), endpoint: .chatCompletions, isStream: true, endUser: "user-é",
        lines: [
            ReservationLine(
                kind: .money, account: account, window: AccountWindow(startUnixSeconds: 1_760_000_000),
                amount: 123_456_789),
            ReservationLine(
                kind: .requests, account: AccountKey(allowanceID: ObjectID(high: 0x81, low: 0x82)), window: .whole,
                amount: 1),
        ])

    static let account = AccountKey(allowanceID: ObjectID(high: 0x71, low: 0x72), subject: 0x7374_7576_7778_797a)

    static let settle = SettleRecord(
        intent: intent, outcome: .cut, status: 200, attempts: 2,
        usage: TokenUsage(
            input: 1_000, cachedInput: 100, cacheWrite5m: 20, cacheWrite1h: 30, audioInput: 40, imageInput: 50,
            output: 500, reasoning: 60, audioOutput: 70, imageOutput: 80, serviceTier: .priority), usageReported: true,
        cost: Money(nanodollars: 98_765),
        durationMicroseconds: 1_234_567, firstTokenMicroseconds: 234_567, overheadMicroseconds: 89,
        relayedBytes: 5_000_000_000,
        charges: [
            ChargeLine(
                account: account, window: AccountWindow(startUnixSeconds: 1_760_000_000), amount: 98_000, debt: 765)
        ])

    static let correction = CorrectionRecord(
        requestID: intent.requestID,
        usage: TokenUsage(
            input: 2_000, cachedInput: 200, cacheWrite5m: 21, cacheWrite1h: 31, audioInput: 41, imageInput: 51,
            output: 600, reasoning: 61, audioOutput: 71, imageOutput: 81, serviceTier: .batch),
        cost: Money(nanodollars: 54_321))

    static var records: [JournalRecord] {
        var plain = intent
        plain.endUser = ""
        plain.endpoint = .embeddings
        plain.isStream = false
        plain.lines = []
        var shadow = intent
        shadow.shadowOf = ObjectID(high: 0xb1, low: 0xb2)
        var settled = settle
        settled.intent = shadow
        return [
            .intent(intent), .intent(plain), .settle(settle),
            .returned(
                ReturnRecord(account: account, window: AccountWindow(startUnixSeconds: 1_760_000_000), amount: 77)),
            .incarnationClosed(ObjectID(high: 0x91, low: 0x92)), .repeated(intent), .lost, .intent(shadow),
            .settle(settled), .repeated(shadow), .correction(correction), .streamEnd,
        ]
    }

    static let keys: [KeyShard.Entry] = {
        var random = SeededRandom(seed: 1)
        let open = key(shard: 0xab, random: &random)
        var held = key(shard: 0xab, random: &random)
        held.expiresUnixSeconds = 1_900_000_000
        held.allowedRoutes = [ObjectID(high: 6, low: 6), ObjectID(high: 7, low: 7)]
        held.allowedNetworks = [NetworkPrefix("10.0.0.0/8")!, NetworkPrefix("2001:db8::/32")!]
        held.tagsJSON = Array(#"{"env":"prod"}"#.utf8)
        var tagged = key(shard: 0xab, random: &random)
        tagged.tagsJSON = Array("{}".utf8)
        tagged.allowances = allowances
        return [open, held, tagged]
    }()

    /// One for each form that a part of a rule can have; as many as a key can have.
    static let allowances: [AllowanceRule] = [
        AllowanceRule(
            id: ObjectID(high: 0xa1, low: 1), kind: .money, mode: .automatic, period: .month, limit: 25_000_000_000),
        AllowanceRule(
            id: ObjectID(high: 0xa1, low: 2), kind: .money, mode: .soft, period: .total,
            limit: AllowanceKind.money.limitMax,
            endUsers: .each, filter: .model(ObjectID(high: 0xa2, low: 1))),
        AllowanceRule(
            id: ObjectID(high: 0xa1, low: 3), kind: .money, mode: .clamp, period: .sliding(seconds: 604_800), limit: 0),
        AllowanceRule(
            id: ObjectID(high: 0xa1, low: 4), kind: .tokens, mode: .strict, period: .sliding(seconds: 60),
            limit: 100_000, endUsers: .only(subject: 0x0102_0304_0506_0708)),
        AllowanceRule(
            id: ObjectID(high: 0xa1, low: 5), kind: .requests, period: .sliding(seconds: 86_400), limit: 5_000,
            filter: .route(ObjectID(high: 0xa3, low: 1))),
        AllowanceRule(id: ObjectID(high: 0xa1, low: 6), kind: .slots, mode: .strict, period: .none, limit: 8),
    ]

    static func digest(shard: UInt8, random: inout SeededRandom) -> SHA256Digest {
        SHA256Digest(random.next() >> 8 | UInt64(shard) << 56, random.next(), random.next(), random.next())
    }

    static func key(shard: UInt8, random: inout SeededRandom) -> KeyShard.Entry {
        KeyShard.Entry(
            secretSHA256: digest(shard: shard, random: &random),
            keyID: VirtualKeyID(bytes: (0..<12).map { _ in UInt8(ascii: "a") + UInt8(random.next() % 26) })!,
            organizationID: ObjectID(high: random.next(), low: random.next()),
            teamID: ObjectID(high: random.next(), low: random.next()))
    }

    /// A frame whose body was changed, with the checksum that goes with it.
    static func withRightChecksum(_ frame: [UInt8]) -> [UInt8] {
        let checksum = CRC32C.checksum(Array(frame[8...]))
        return frame[..<4] + (0..<4).map { UInt8(truncatingIfNeeded: checksum >> UInt32($0 * 8)) } + frame[8...]
    }
}

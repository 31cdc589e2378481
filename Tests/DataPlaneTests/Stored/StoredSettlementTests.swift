import Shared
import XCTest

@testable import DataPlane

final class StoredSettlementTests: XCTestCase {
    private func worth(_ fixture: StoredFixture) throws -> BatchWorth {
        var input = BatchInput(
            BatchEndpoint.all[0], at: fixture.pin(), fixture.places, lineBytesMax: 10_000,
            nowUnixSeconds: StoredFixture.startUnixSeconds)
        let line =
            #"{"custom_id":"1","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt","messages":[],"max_tokens":7}}"#
        try input.take(ByteBuffer(Array(line.utf8)), isEnd: true)
        return try input.end().worth
    }

    /// What a request for files or batches costs that ended so, of an answer that says it used something.
    private func settled(
        _ collection: Endpoint, _ action: StoredCall.Action, _ kind: RequestOutcome, status: Int,
        batch: BatchWorth? = nil, _ fixture: StoredFixture
    ) throws -> Outcome {
        let stored = try fixture.stored(collection, action)
        stored.batch = batch
        let context = RequestContext(
            id: ObjectID(high: 1, low: 1), startedAt: RoutingFixture.start,
            startedUnixMilliseconds: StoredFixture.startUnixSeconds * 1_000, policy: fixture.policy)
        context.request = try fixture.request(stored)
        let outcome = Outcome(ending: .answer, kind: kind, status: status)
        outcome.target = fixture.target
        outcome.usage = TokenUsage(input: 1_000_000, output: 1_000_000)
        Settlement.settle(outcome, context)
        return outcome
    }

    func testABatchIsChargedItsWorstWhereItMayHaveBeenMade() throws {
        let fixture = try StoredFixture()
        let batch = try worth(fixture)
        XCTAssertGreaterThan(batch.worst.cost, .zero)
        for (kind, status, isCharged) in [
            (.completed, 200, true), (.completed, 201, true), (.cancelled, 499, true), (.cut, 504, true),
            (.cut, 503, true), (.interrupted, 0, true), (.completed, 400, false), (.completed, 404, false),
            (.failed, 502, false), (.failed, 429, false),
        ] as [(RequestOutcome, Int, Bool)] {
            let outcome = try settled(.batches, .create, kind, status: status, batch: batch, fixture)
            XCTAssertEqual(outcome.cost, isCharged ? batch.worst.cost : .zero, "\(kind) \(status)")
            XCTAssertEqual(outcome.tokens, isCharged ? batch.worst.tokens : 0, "\(kind) \(status)")
            XCTAssertEqual(outcome.usage, isCharged ? batch.usage : .zero, "\(kind) \(status)")
            XCTAssertEqual(outcome.usageReported, !isCharged, "\(kind) \(status)")
            XCTAssertEqual(outcome.price?.id, ObjectID(high: 5, low: 1))
        }
    }

    func testNothingElseThatIsKeptCostsAnythingWhateverItsAnswerSays() throws {
        let fixture = try StoredFixture()
        for (collection, action) in [
            (.files, .upload), (.files, .list), (.files, .retrieve), (.files, .content), (.files, .delete),
            (.batches, .list), (.batches, .retrieve), (.batches, .cancel),
        ] as [(Endpoint, StoredCall.Action)] {
            for kind in [RequestOutcome.completed, .cut, .cancelled, .failed] {
                let outcome = try settled(collection, action, kind, status: 200, fixture)
                XCTAssertEqual(outcome.cost, .zero)
                XCTAssertEqual(outcome.tokens, 0)
                XCTAssertEqual(outcome.usage, .zero)
                XCTAssertTrue(outcome.usageReported)
            }
        }
    }

    func testWhatHoldsABatchIsItsWorstAndTheRestHoldsNothing() throws {
        let fixture = try StoredFixture()
        let stored = try fixture.stored(.batches, .create)
        stored.batch = try worth(fixture)
        let now = StoredFixture.startUnixSeconds
        XCTAssertEqual(
            WorstCase(of: try fixture.request(stored), stored.plan, nowUnixSeconds: now), stored.batch?.worst)
        XCTAssertEqual(
            WorstCase(of: try fixture.request(try fixture.stored(.files, .upload)), stored.plan, nowUnixSeconds: now),
            WorstCase())
        XCTAssertNil(
            WorstCase.outputTokensMax(
                within: Money(nanodollars: 1), of: try fixture.request(stored), stored.plan, nowUnixSeconds: now),
            "nobody lowers the bounds in a file")
    }

    /// Whether a batch was made is known where its provider said so, and where it was never asked.
    func testWhichFailuresLeaveDoubt() {
        for error in [
            AttemptError.firstTokenTimedOut, .totalTimedOut, .stalled, .brokenBeforeAnswer, .malformedAnswer,
            .answerTooLarge, .callerGone, .stopped,
        ] {
            XCTAssertTrue(error.leavesDoubt, "\(error)")
            XCTAssertFalse(error.isBeforeWork, "\(error)")
        }
        for error in [
            AttemptError.connectFailed, .certificateRefused, .handshakeFailed, .connectTimedOut,
            .credentialUnavailable, .tokenUnavailable, .connectionsInUse, .concurrencyLimited, .descriptorsExhausted,
            .upstream(.rateLimited, status: 429, waitMilliseconds: nil),
        ] {
            XCTAssertTrue(error.isBeforeWork, "\(error)")
            XCTAssertFalse(error.leavesDoubt, "\(error)")
        }
        for error in [
            AttemptError.upstream(.serverError, status: 500, waitMilliseconds: nil),
            .upstream(.invalid, status: 400, waitMilliseconds: nil), .unknownObject(.files, id: "a"), .listTooLong,
        ] {
            XCTAssertFalse(error.leavesDoubt || error.isBeforeWork, "\(error)")
        }
    }

    func testOnlyTheMakingOfABatchIsSentOnce() {
        for action in [StoredCall.Action.upload, .create, .list, .retrieve, .content, .delete, .cancel] {
            XCTAssertEqual(StoredCall(collection: .batches, action: action).isSentOnce, action == .create)
        }
    }
}

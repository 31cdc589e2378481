import Foundation
public import Shared

/// Runs `body` on an event loop of its own and waits for it; the loop ends with it.
///
/// - Errors: what `body` throws; `OnLoopFailure.timedOut` when it takes longer than `timeout`, in which case the loop is left
///   behind: the process is about to report a failed test.
public func onLoop<Result: Sendable>(
    timeout: Duration = .seconds(30), _ body: @escaping @Sendable (isolated LoopActor) async throws -> Result
) throws -> Result {
    let loop = try EventLoop(name: "test")
    loop.start()
    let result = Swift.Result { try run(on: loop, timeout: timeout, body) }
    if case .failure(OnLoopFailure.timedOut) = result { throw OnLoopFailure.timedOut }
    loop.stop()
    loop.join()
    return try result.get()
}

/// Runs `body` on a loop that is running already, and waits for it.
@discardableResult
public func run<Result: Sendable>(
    on loop: EventLoop, timeout: Duration = .seconds(30),
    _ body: @escaping @Sendable (isolated LoopActor) async throws -> Result
) throws -> Result {
    let box = ResultBox<Result>()
    loop.spawn { actor in
        do { box.finish(.success(try await body(actor))) } catch { box.finish(.failure(error)) }
    }
    guard let result = box.wait(timeout) else { throw OnLoopFailure.timedOut }
    return try result.get()
}

public enum OnLoopFailure: Error { case timedOut }

/// Concurrency: `value` is written before the semaphore is signalled and read after it was waited for.
private final class ResultBox<Value: Sendable>: @unchecked Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private var value: Result<Value, any Error>?

    func finish(_ result: Result<Value, any Error>) {
        value = result
        semaphore.signal()
    }

    func wait(_ timeout: Duration) -> Result<Value, any Error>? {
        let deadline = DispatchTime.now() + .milliseconds(Int(timeout.wholeMilliseconds) * Sanitizer.patience)
        return semaphore.wait(timeout: deadline) == .success ? value : nil
    }
}

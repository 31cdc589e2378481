import Shared

/// The way of a request through the data plane. Each stage is the folder of that name.
///
/// Concurrency: one for each event loop, used by the tasks of that loop only.
final class RequestPipeline {
    private let stages: Stages

    init(_ stages: Stages) { self.stages = stages }

    /// Serves one request, whose head has been read. Each line is a folder beside this file, in order.
    ///
    /// Returns when the caller has its answer; true when the connection can serve another request.
    func serve(_ client: ClientStream) async -> Bool {
        let context = stages.begin()
        let outcome: Outcome
        var admission: Admission?
        way: do throws(GatewayError) {
            if let options = try stages.options(client) {
                outcome = options
                break way
            }
            let caller = try stages.authenticate(client, context)
            try stages.shed(client, for: caller, context)
            guard let request = try await stages.parse(client, for: caller, context) else {
                outcome = try stages.list(client, for: caller, context)
                break way
            }
            let plan = try stages.route(request, client, for: caller, context)
            if let counted = stages.count(request, plan) {
                outcome = counted
                break way
            }
            admission = try await stages.admit(request, plan, for: caller, client, context)
            outcome = await stages.attempt(plan, request, relayingTo: client, context)
        } catch {
            outcome = .refused(error)
        }
        stages.settle(outcome, context)
        stages.record(outcome, admission, client, context)  // the journal has it before the caller has the last byte
        return await stages.finish(outcome, client, context)
    }
}

import Shared

/// One request that is sent once more: a copy of it, in the name of another key.
///
/// Concurrency: on its loop only, which is what makes `@unchecked Sendable` true: its task is handed nothing but this.
final class Shadow: @unchecked Sendable {
    /// Its own: it is a request like others, with another ID.
    let context: RequestContext
    let request: ParsedRequest
    let plan: RoutePlan
    let caller: Caller
    let target: CompiledTarget
    let shadowing: RouteShadowing
    /// Of the process, which gives it up where it ends.
    let leg = AttemptLeg()
    let outcome = Outcome(ending: .callerGone, kind: .failed)
    let head: HTTPHead
    /// Head and body, until the provider has them.
    private let text: ByteBuffer
    let textBytes: Int

    /// Copies what is needed of the request that `client` has just been answered; its body is at most `Shadows.bodyBytesMax`.
    init(_ client: ClientStream, _ request: ParsedRequest, _ context: RequestContext, _ shadowing: RouteShadowing) {
        guard let plan = context.plan, let caller = context.caller else { preconditionFailure("a shadow of nobody's") }
        self.context = context
        self.plan = plan
        self.caller = caller
        self.shadowing = shadowing
        target = plan.targets[0]
        // What its own allowances wanted of it is nothing to those of the shadow. Nobody else reads it any more.
        request.injectedOutputTokensMax = nil
        request.clampedOutputTokensMax = nil
        self.request = request
        context.request = request
        outcome.target = target
        head = HTTPHead(copying: client.head)
        textBytes = unsafe head.byteCount + client.body.count
        text = ByteBuffer(in: client.loop.buffers)
        text.reserve(textBytes)
        unsafe text.append(UnsafeRawBufferPointer(rebasing: client.headBytes[..<head.byteCount]))
        unsafe text.append(client.body)
    }

    var headBytes: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(rebasing: text.readable[..<head.byteCount])
    }
    var body: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(rebasing: text.readable[head.byteCount...]) }

    /// The provider has begun to answer: it is not sent again.
    func dropText() {
        text.removeAll()
        text.trim(completely: true)
    }
}

import Shared
final class CurlTransport: UpstreamTransport { init(on: EventLoop) {}; func exchange(_ r: UpstreamRequest, for: Connection) async throws(AttemptError) -> any UpstreamExchange { throw .connectFailed } }

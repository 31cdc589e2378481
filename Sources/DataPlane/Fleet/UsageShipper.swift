import Shared
enum ShipAnswer { case acknowledged(UInt64), expected(UInt64), unavailable(String) }
final class UsageShipper { init(journal: Journal, on: EventLoop, send: @escaping (_ batch: [UInt8]) async -> ShipAnswer) {}; func start() {}; func drain(deadline: Duration) async -> Bool { true } }

import FuzzTargets
import Glibc

/// What libFuzzer calls: `WEIR_FUZZ_TARGET` says which of the targets. `make fuzz` builds and runs it.
private let target: FuzzTarget = {
    let name = unsafe getenv("WEIR_FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
        fatalError("WEIR_FUZZ_TARGET is one of \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return target
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    unsafe target.run(UnsafeRawBufferPointer(start: start, count: count))
    return 0
}

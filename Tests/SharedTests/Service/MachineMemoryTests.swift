import Foundation
import Shared
import XCTest

final class MachineMemoryTests: XCTestCase {
    private var root = ""

    override func setUpWithError() throws {
        root = FileManager.default.temporaryDirectory.path + "/weir-memory-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    override func tearDown() { try? FileManager.default.removeItem(atPath: root) }

    private func write(_ path: String, _ text: String) throws {
        let folder = (root + path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try text.write(toFile: root + path, atomically: false, encoding: .utf8)
    }

    private var machine: Int { MachineMemory.limitBytes(root: root + "/nothing-here") }

    func testTheMachineCountsWithoutControlGroups() {
        XCTAssertGreaterThan(machine, 64 << 20)
    }

    func testTheSmallestLimitOfTheGroupAndThoseAboveCounts() throws {
        try write("/proc/self/cgroup", "0::/kubepods/pod/container\n")
        try write("/sys/fs/cgroup/kubepods/pod/container/memory.max", "max\n")
        try write("/sys/fs/cgroup/kubepods/pod/memory.max", "33554432\n")
        try write("/sys/fs/cgroup/kubepods/memory.max", "67108864\n")
        XCTAssertEqual(MachineMemory.limitBytes(root: root), 33_554_432)
    }

    func testInsideAContainerThePathMayBeTheHosts() throws {
        try write("/proc/self/cgroup", "0::/docker/0123\n")
        try write("/sys/fs/cgroup/memory.max", "50331648\n")
        XCTAssertEqual(MachineMemory.limitBytes(root: root), 50_331_648)
    }

    func testTheOlderHierarchyIsRead() throws {
        try write("/proc/self/cgroup", "5:cpu,cpuacct:/\n4:memory:/job\n0::/\n")
        try write("/sys/fs/cgroup/memory/job/memory.limit_in_bytes", "41943040\n")
        try write("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n")
        XCTAssertEqual(MachineMemory.limitBytes(root: root), 41_943_040)
    }

    func testNoLimitIsTheMachines() throws {
        try write("/proc/self/cgroup", "0::/\n")
        try write("/sys/fs/cgroup/memory.max", "max\n")
        XCTAssertEqual(MachineMemory.limitBytes(root: root), machine)
    }
}

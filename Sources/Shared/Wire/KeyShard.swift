/// The virtual keys whose secret's hash begins with one byte: the blob `keys/00` to `keys/ff` of a snapshot.
///
/// - Shape: a header of 64 bytes, records of 128 bytes that rise by hash, then a variable area that the records point
///   into, in their order and without gaps, so that one set of keys has one encoding. Integers are little-endian.
///   ```
///   header  "WEIRKEYS" | version u16 | shard u8 | zero u8 | record count u32 | whole length u64 | zeros
///   record  sha256 32 | key ID 12 | flags u32 | expires i64 | team 16 | organization 16
///           | routes: offset u32, count u32 | networks: offset u32, count u32 | tags: offset u32, length u32
///           | allowances: offset u32, count u32 | zeros 8
///   route   identity 16        network   is IPv4 u8 | prefix length u8 | zeros 2 | address 16, high bits first
///   allowance, rising by identity
///           identity 16 | kind u8 | mode u8 | period u8 | end users u8 | filter u8 | zeros 3 | limit i64
///           | sliding seconds u32 | zeros 4 | end user's subject u64 | route or model 16
///   ```
/// - Errors: `WireError`. Everything is checked once, when it is opened; `find` trusts what was checked.
///
/// Concurrency: immutable; the storage may be read from any thread.
public struct KeyShard: Sendable {
    static let magic: [UInt8] = Array("WEIRKEYS".utf8)
    static let version: UInt16 = 2
    static let headerBytes = 64
    static let recordBytes = 128
    static let routeBytes = 16
    static let networkBytes = 20
    static let allowanceBytes = 64
    /// Set when the key is held to the routes it lists; without it all routes are allowed and none is listed.
    static let routesRestricted: UInt32 = 1
    /// The two bits of the key's priority: neither is `normal`, so that keys without one have the bytes that they had before there was any.
    static let highPriority: UInt32 = 2
    static let lowPriority: UInt32 = 4
    private static let priorityBits = highPriority | lowPriority
    /// Set when the key's requests may ask to be explained.
    static let mayExplain: UInt32 = 8

    /// Bounds that keep one key from filling a shard.
    public static let routesMax = 1_000
    public static let networksMax = 100
    public static let tagsBytesMax = 4_096
    public static let allowancesMax = AllowanceScope.virtualKey.countMax

    public let shard: UInt8
    public let count: Int
    private let storage: KeyShardStorage

    /// The name of the blob that holds the keys of a shard.
    public static func blobName(_ shard: UInt8) -> String {
        "keys/" + (shard < 16 ? "0" : "") + String(shard, radix: 16)
    }

    /// The shard that a blob's name stands for.
    public static func shard(ofBlobNamed name: String) -> UInt8? {
        guard name.hasPrefix("keys/"), let shard = UInt8(name.dropFirst(5), radix: 16), blobName(shard) == name else {
            return nil
        }
        return shard
    }

    /// One virtual key with one live secret. A key in rotation has two entries.
    public struct Entry: Hashable, Sendable {
        public var secretSHA256: SHA256Digest
        public var keyID: VirtualKeyID
        public var organizationID: ObjectID
        public var teamID: ObjectID
        /// 0: never.
        public var expiresUnixSeconds: Int64
        /// nil: all.
        public var allowedRoutes: [ObjectID]?
        /// Empty: from anywhere.
        public var allowedNetworks: [NetworkPrefix]
        public var priority: KeyPriority
        /// Its requests may ask to be explained.
        public var mayExplain: Bool
        /// A JSON object, or empty.
        public var tagsJSON: [UInt8]
        /// Those of the key itself, rising by ID.
        public var allowances: [AllowanceRule]

        public init(
            secretSHA256: SHA256Digest, keyID: VirtualKeyID, organizationID: ObjectID, teamID: ObjectID,
            expiresUnixSeconds: Int64 = 0, allowedRoutes: [ObjectID]? = nil, allowedNetworks: [NetworkPrefix] = [],
            priority: KeyPriority = .normal, mayExplain: Bool = false, tagsJSON: [UInt8] = [],
            allowances: [AllowanceRule] = []
        ) {
            self.secretSHA256 = secretSHA256
            self.keyID = keyID
            self.organizationID = organizationID
            self.teamID = teamID
            self.expiresUnixSeconds = expiresUnixSeconds
            self.allowedRoutes = allowedRoutes
            self.allowedNetworks = allowedNetworks
            self.priority = priority
            self.mayExplain = mayExplain
            self.tagsJSON = tagsJSON
            self.allowances = allowances.sorted { $0.id < $1.id }
        }
    }

    // MARK: Encoding

    /// The blob of a shard. The entries may come in any order; their hashes are distinct and begin with `shard`.
    public static func encode(shard: UInt8, entries: [Entry]) -> [UInt8] {
        let entries = entries.sorted { $0.secretSHA256 < $1.secretSHA256 }
        let variableStart = headerBytes + entries.count * recordBytes
        let variableBytes = entries.reduce(0) { sum, entry in
            sum + (entry.allowedRoutes?.count ?? 0) * routeBytes
                + entry.allowedNetworks.count * networkBytes + entry.tagsJSON.count
                + entry.allowances.count * allowanceBytes
        }
        let total = variableStart + variableBytes
        precondition(total <= Int(UInt32.max))
        return unsafe [UInt8](unsafeUninitializedCapacity: total) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            var fixed = unsafe WireWriter(raw)
            var variable = unsafe WireWriter(raw, at: variableStart)
            fixed.put(magic)
            fixed.put(version)
            fixed.put(shard)
            fixed.put(UInt8(0))
            fixed.put(UInt32(entries.count))
            fixed.put(UInt64(total))
            fixed.putZeros(headerBytes - fixed.offset)
            for entry in entries {
                precondition(entry.secretSHA256.firstByte == shard)
                put(entry, into: &fixed, and: &variable)
            }
            count = total
        }
    }

    private static func bits(of priority: KeyPriority) -> UInt32 {
        switch priority {
        case .high: highPriority
        case .normal: 0
        case .low: lowPriority
        }
    }

    private static func put(_ entry: Entry, into fixed: inout WireWriter, and variable: inout WireWriter) {
        precondition((entry.allowedRoutes?.count ?? 0) <= routesMax && entry.allowedNetworks.count <= networksMax)
        precondition(entry.tagsJSON.count <= tagsBytesMax)
        fixed.put(entry.secretSHA256)
        fixed.put(entry.keyID)
        fixed.put(
            (entry.allowedRoutes == nil ? 0 : routesRestricted) | bits(of: entry.priority)
                | (entry.mayExplain ? mayExplain : 0))
        fixed.put(entry.expiresUnixSeconds)
        fixed.put(entry.teamID)
        fixed.put(entry.organizationID)
        fixed.put(UInt32(variable.offset))
        fixed.put(UInt32(entry.allowedRoutes?.count ?? 0))
        for route in entry.allowedRoutes ?? [] { variable.put(route) }
        fixed.put(UInt32(variable.offset))
        fixed.put(UInt32(entry.allowedNetworks.count))
        for network in entry.allowedNetworks {
            variable.put(UInt8(network.address.isIPv4 ? 1 : 0))
            variable.put(UInt8(network.length))
            variable.put(UInt16(0))
            variable.put(ObjectID(high: network.address.high, low: network.address.low))
        }
        fixed.put(UInt32(variable.offset))
        fixed.put(UInt32(entry.tagsJSON.count))
        variable.put(entry.tagsJSON)
        precondition(entry.allowances.count <= allowancesMax)
        fixed.put(UInt32(variable.offset))
        fixed.put(UInt32(entry.allowances.count))
        for allowance in entry.allowances { allowance.put(into: &variable) }
        fixed.putZeros(8)
    }

    // MARK: Opening

    /// Checks all of `bytes` and keeps a copy.
    public init(validating bytes: [UInt8], shard: UInt8) throws(WireError) {
        try self.init(storage: KeyShardStorage(copying: bytes), shard: shard)
    }

    /// Checks all of the file and keeps it mapped. Nobody may change it afterwards.
    public init(validating file: MappedFile, shard: UInt8) throws(WireError) {
        try self.init(storage: KeyShardStorage(mapping: file), shard: shard)
    }

    private init(storage: KeyShardStorage, shard: UInt8) throws(WireError) {
        count = try unsafe Self.validate(storage.bytes, shard: shard)
        self.storage = storage
        self.shard = shard
    }

    /// Returns the number of records.
    private static func validate(_ bytes: UnsafeRawBufferPointer, shard: UInt8) throws(WireError) -> Int {
        var header = unsafe WireReader(bytes)
        guard try header.takeBytes(magic.count) == magic else { throw .badMagic }
        let foundVersion = try header.take(UInt16.self)
        guard foundVersion == version else { throw .unsupportedVersion(UInt32(foundVersion)) }
        guard try header.take(UInt8.self) == shard else { throw .wrongShard }
        try header.takeZeros(1, named: "reserved")
        let count = Int(try header.take(UInt32.self))
        let total = try header.take(UInt64.self)
        try header.takeZeros(headerBytes - header.offset, named: "reserved")
        guard total <= UInt64(UInt32.max) else { throw .badLength }
        if bytes.count < Int(total) { throw .truncated }
        if bytes.count > Int(total) { throw .trailingBytes }
        let variableStart = headerBytes + count * recordBytes
        guard variableStart <= bytes.count else { throw .badLength }

        var variable = unsafe WireReader(bytes, at: variableStart)
        var previous: SHA256Digest?
        for index in 0..<count {
            var record = unsafe WireReader(bytes, at: headerBytes + index * recordBytes)
            let digest = try record.takeDigest()
            guard digest.firstByte == shard else { throw .wrongShard }
            if let previous, !(previous < digest) { throw .unsorted }
            previous = digest
            _ = try record.takeVirtualKeyID()
            let flags = try record.take(UInt32.self)
            guard flags & ~(routesRestricted | priorityBits | mayExplain) == 0, flags & priorityBits != priorityBits
            else {
                throw .badField("flags")
            }
            guard try record.take(Int64.self) >= 0 else { throw .badField("expiresUnixSeconds") }
            _ = try record.takeObjectID()
            _ = try record.takeObjectID()
            try checkRoutes(&record, &variable, restricted: flags & routesRestricted != 0)
            try checkNetworks(&record, &variable)
            try checkTags(&record, &variable)
            try checkAllowances(&record, &variable)
            try record.takeZeros(8, named: "reserved")
        }
        try variable.finish()
        return count
    }

    private static func checkRoutes(
        _ record: inout WireReader, _ variable: inout WireReader, restricted: Bool
    ) throws(WireError) {
        guard Int(try record.take(UInt32.self)) == variable.offset else { throw .badField("routes") }
        let count = Int(try record.take(UInt32.self))
        guard count <= routesMax, restricted || count == 0 else { throw .badField("routes") }
        guard variable.remaining >= count * routeBytes else { throw .badField("routes") }
        for _ in 0..<count { _ = try variable.takeObjectID() }
    }

    private static func checkNetworks(_ record: inout WireReader, _ variable: inout WireReader) throws(WireError) {
        guard Int(try record.take(UInt32.self)) == variable.offset else { throw .badField("networks") }
        let count = Int(try record.take(UInt32.self))
        guard count <= networksMax, variable.remaining >= count * networkBytes else { throw .badField("networks") }
        for _ in 0..<count {
            let isIPv4 = try variable.takeFlag(named: "networks")
            let length = Int(try variable.take(UInt8.self))
            try variable.takeZeros(2, named: "networks")
            let bits = try variable.takeObjectID()
            guard let address = IPAddress(isIPv4: isIPv4, bits: bits),
                NetworkPrefix(address: address, length: length) != nil
            else { throw .badField("networks") }
        }
    }

    private static func checkTags(_ record: inout WireReader, _ variable: inout WireReader) throws(WireError) {
        guard Int(try record.take(UInt32.self)) == variable.offset else { throw .badField("tags") }
        let length = Int(try record.take(UInt32.self))
        guard length <= tagsBytesMax, variable.remaining >= length else { throw .badField("tags") }
        _ = try variable.takeText(length, named: "tags")
    }

    private static func checkAllowances(
        _ record: inout WireReader, _ variable: inout WireReader
    ) throws(WireError) {
        guard Int(try record.take(UInt32.self)) == variable.offset else { throw .badField("allowances") }
        let count = Int(try record.take(UInt32.self))
        guard count <= allowancesMax, variable.remaining >= count * allowanceBytes else {
            throw .badField("allowances")
        }
        var previous: ObjectID?
        for _ in 0..<count {
            let rule = try AllowanceRule(taking: &variable)
            if let previous, !(previous < rule.id) { throw .unsorted }
            previous = rule.id
        }
    }

    // MARK: Looking up

    /// The key whose secret has this hash. No allocation: a `Match` is a view into the shard.
    public func find(_ wanted: SHA256Digest) -> Match? {
        guard wanted.firstByte == shard, count > 0 else { return nil }
        let bytes = unsafe storage.bytes
        // Hashes are spread evenly, so the first guess by proportion is nearly always within a few records; the halving
        // after it keeps the worst case logarithmic, whatever was signed.
        var low = 0
        var high = count
        var probe = Int((wanted.word0 << 8).multipliedFullWidth(by: UInt64(count)).high)
        var step = 4
        if unsafe Self.digest(bytes, probe) < wanted {
            low = probe + 1
            while low + step < high, unsafe Self.digest(bytes, low + step) < wanted {
                low += step + 1
                step *= 2
            }
            high = min(high, low + step + 1)
        } else {
            high = probe + 1
            while high - 1 - step > low, unsafe !(Self.digest(bytes, high - 1 - step) < wanted) {
                high -= step
                step *= 2
            }
            low = max(low, high - 1 - step)
        }
        while low < high {
            probe = low + (high - low) / 2
            if unsafe Self.digest(bytes, probe) < wanted { low = probe + 1 } else { high = probe }
        }
        guard low < count, unsafe Self.digest(bytes, low) == wanted else { return nil }
        return Match(storage: storage, offset: Self.headerBytes + low * Self.recordBytes)
    }

    /// The keys in the order of their hashes.
    public subscript(index: Int) -> Match {
        precondition((0..<count).contains(index))
        return Match(storage: storage, offset: Self.headerBytes + index * Self.recordBytes)
    }

    @inline(__always)
    private static func digest(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> SHA256Digest {
        unsafe SHA256Digest(loading: bytes.baseAddress! + headerBytes + index * recordBytes)
    }

    /// A key that was found: reads from the shard, which it keeps alive.
    public struct Match: Sendable {
        private let storage: KeyShardStorage
        private let offset: Int

        fileprivate init(storage: KeyShardStorage, offset: Int) {
            self.storage = storage
            self.offset = offset
        }

        public var secretSHA256: SHA256Digest {
            unsafe SHA256Digest(loading: storage.bytes.baseAddress! + offset)
        }
        public var keyID: VirtualKeyID {
            VirtualKeyID(high: load(32, UInt64.self).byteSwapped, low: load(40, UInt32.self).byteSwapped)
        }
        public var expiresUnixSeconds: Int64 { load(48, Int64.self) }
        public var teamID: ObjectID { objectID(offset + 56) }
        public var organizationID: ObjectID { objectID(offset + 72) }

        public func isExpired(atUnixSeconds now: Int64) -> Bool {
            expiresUnixSeconds != 0 && expiresUnixSeconds <= now
        }

        /// Whether the key may use this route. Allocates nothing.
        public func allows(route: ObjectID) -> Bool {
            guard load(44, UInt32.self) & KeyShard.routesRestricted != 0 else { return true }
            let start = Int(load(88, UInt32.self))
            for index in 0..<Int(load(92, UInt32.self)) where objectID(start + index * KeyShard.routeBytes) == route {
                return true
            }
            return false
        }

        /// Whether the key may be used from this address. Allocates nothing.
        public func allows(address: IPAddress) -> Bool {
            let count = Int(load(100, UInt32.self))
            guard count > 0 else { return true }
            for index in 0..<count where network(index).contains(address) { return true }
            return false
        }

        public var priority: KeyPriority {
            switch load(44, UInt32.self) & KeyShard.priorityBits {
            case KeyShard.highPriority: .high
            case KeyShard.lowPriority: .low
            default: .normal
            }
        }

        public var mayExplain: Bool { load(44, UInt32.self) & KeyShard.mayExplain != 0 }

        public var hasNetworks: Bool { load(100, UInt32.self) > 0 }

        public var allowedRoutes: [ObjectID]? {
            guard load(44, UInt32.self) & KeyShard.routesRestricted != 0 else { return nil }
            let start = Int(load(88, UInt32.self))
            return (0..<Int(load(92, UInt32.self))).map { objectID(start + $0 * KeyShard.routeBytes) }
        }

        public var allowedNetworks: [NetworkPrefix] { (0..<Int(load(100, UInt32.self))).map { network($0) } }

        public var tagsJSON: [UInt8] {
            let start = Int(load(104, UInt32.self))
            return unsafe Array(
                UnsafeRawBufferPointer(rebasing: storage.bytes[start..<start + Int(load(108, UInt32.self))]))
        }

        /// How many allowances hang on the key itself.
        public var allowanceCount: Int { Int(load(116, UInt32.self)) }

        /// One of them. Allocates nothing.
        public func allowance(_ index: Int) -> AllowanceRule {
            precondition((0..<allowanceCount).contains(index))
            var reader = unsafe WireReader(
                storage.bytes, at: Int(load(112, UInt32.self)) + index * KeyShard.allowanceBytes)
            do throws(WireError) {
                return try AllowanceRule(taking: &reader)
            } catch {
                preconditionFailure("checked when the shard was opened: \(error)")
            }
        }

        public var allowances: [AllowanceRule] { (0..<allowanceCount).map { allowance($0) } }

        /// All of it, copied out.
        public var entry: Entry {
            Entry(
                secretSHA256: secretSHA256, keyID: keyID,
                organizationID: organizationID, teamID: teamID, expiresUnixSeconds: expiresUnixSeconds,
                allowedRoutes: allowedRoutes, allowedNetworks: allowedNetworks, priority: priority,
                mayExplain: mayExplain, tagsJSON: tagsJSON,
                allowances: allowances)
        }

        private func network(_ index: Int) -> NetworkPrefix {
            let start = Int(load(96, UInt32.self)) + index * KeyShard.networkBytes
            let bytes = unsafe storage.bytes
            // Checked when the shard was opened.
            let address = unsafe IPAddress(isIPv4: bytes[start] == 1, bits: objectID(start + 4))!
            return unsafe NetworkPrefix(address: address, length: Int(bytes[start + 1]))!
        }

        @inline(__always)
        private func load<T: FixedWidthInteger & BitwiseCopyable>(_ at: Int, _ type: T.Type) -> T {
            unsafe T(littleEndian: storage.bytes.loadUnaligned(fromByteOffset: offset + at, as: T.self))
        }

        @inline(__always)
        private func objectID(_ at: Int) -> ObjectID {
            let bytes = unsafe storage.bytes
            return unsafe ObjectID(
                high: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self).bigEndian,
                low: bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self).bigEndian)
        }
    }
}

/// Where a shard's bytes lie: a mapped file, or memory of our own. Immutable once made, so any thread may read it.
@safe private final class KeyShardStorage: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer
    private let file: MappedFile?

    init(copying source: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 16)
        unsafe source.withUnsafeBytes { unsafe copy.copyMemory(from: $0) }
        unsafe bytes = UnsafeRawBufferPointer(copy)
        file = nil
    }

    init(mapping file: MappedFile) {
        unsafe bytes = unsafe file.bytes
        self.file = file
    }

    deinit {
        if file == nil { unsafe bytes.deallocate() }
    }
}

extension IPAddress {
    /// Nil when the bits are not the canonical form of an address of that version.
    fileprivate init?(isIPv4: Bool, bits: ObjectID) {
        if isIPv4 {
            guard bits.high == 0, bits.low <= UInt64(UInt32.max) else { return nil }
            self.init(ipv4: UInt32(bits.low))
        } else {
            self.init(ipv6High: bits.high, low: bits.low)
            guard !self.isIPv4 else { return nil }
        }
    }
}

/// An allowance as an entry of `KeyShard.allowanceBytes` in a shard of virtual keys.
extension AllowanceRule {
    func put(into writer: inout WireWriter) {
        let (part, subject): (UInt8, UInt64) =
            switch endUsers {
            case .everybody: (0, 0)
            case .each: (1, 0)
            case .only(let subject): (2, subject)
            }
        let (kindOfFilter, filterID): (UInt8, ObjectID) =
            switch filter {
            case .all: (0, .zero)
            case .route(let id): (1, id)
            case .model(let id): (2, id)
            }
        writer.put(id)
        writer.put(kind.rawValue)
        writer.put(mode.rawValue)
        writer.put(period.unit.rawValue)
        writer.put(part)
        writer.put(kindOfFilter)
        writer.putZeros(3)
        writer.put(limit)
        writer.put(UInt32(period.slidingSeconds))
        writer.putZeros(4)
        writer.put(subject)
        writer.put(filterID)
    }

    init(taking reader: inout WireReader) throws(WireError) {
        let id = try reader.takeObjectID()
        guard let kind = AllowanceKind(rawValue: try reader.take(UInt8.self)),
            let mode = AllowanceMode(rawValue: try reader.take(UInt8.self)),
            let unit = AllowancePeriod.Unit(rawValue: try reader.take(UInt8.self))
        else { throw .badField("allowances") }
        let part = try reader.take(UInt8.self)
        let kindOfFilter = try reader.take(UInt8.self)
        try reader.takeZeros(3, named: "allowances")
        let limit = try reader.take(Int64.self)
        let slidingSeconds = Int64(try reader.take(UInt32.self))
        try reader.takeZeros(4, named: "allowances")
        let subject = try reader.take(UInt64.self)
        let filterID = try reader.takeObjectID()
        let endUsers: EndUserPart
        switch (part, subject) {
        case (0, 0): endUsers = .everybody
        case (1, 0): endUsers = .each
        // 0 stands for everybody and is nobody's subject.
        case (2, 1...): endUsers = .only(subject: subject)
        default: throw .badField("allowances")
        }
        let filter: AllowanceFilter
        switch (kindOfFilter, filterID) {
        case (0, .zero): filter = .all
        case (1, _): filter = .route(filterID)
        case (2, _): filter = .model(filterID)
        default: throw .badField("allowances")
        }
        guard let period = AllowancePeriod(unit, slidingSeconds: slidingSeconds) else { throw .badField("allowances") }
        self.init(
            id: id, kind: kind, mode: mode, period: period, limit: limit, endUsers: endUsers, filter: filter)
        guard isConsistent else { throw .badField("allowances") }
    }
}

import Foundation
public import Shared

/// Which window of a period a moment lies in. The ledger asks it with the database's clock; nobody else decides windows.
public struct WindowSchedule: Sendable {
    /// A window and the moment at which it ends; nil: never.
    public struct Span: Hashable, Sendable {
        public var window: AccountWindow
        public var endUnixMilliseconds: Int64?

        public init(window: AccountWindow, endUnixMilliseconds: Int64?) {
            self.window = window
            self.endUnixMilliseconds = endUnixMilliseconds
        }
    }

    private let calendarSpan:
        @Sendable (LedgerPeriod.CalendarUnit, _ timeZone: String, _ unixMilliseconds: Int64) -> Span

    /// - Parameter calendarSpan: for calendar periods; tests and simulations give windows that are shorter than a day.
    public init(
        calendarSpan:
            @escaping @Sendable (LedgerPeriod.CalendarUnit, _ timeZone: String, _ unixMilliseconds: Int64) -> Span
    ) {
        self.calendarSpan = calendarSpan
    }

    public func span(of period: LedgerPeriod, at unixMilliseconds: Int64) -> Span {
        switch period {
        case .total, .sliding: Span(window: .whole, endUnixMilliseconds: nil)
        case .calendar(let unit, let timeZone): calendarSpan(unit, timeZone, unixMilliseconds)
        }
    }

    /// Days, weeks from Monday and months as the time zone has them, its changes of the clock included.
    ///
    /// A time zone that this machine does not know counts as UTC: allowances are checked when they are made, so it takes a time zone
    /// database that lost an entry, and a window must be decided all the same.
    public static let gregorian = WindowSchedule { unit, timeZone, unixMilliseconds in
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = TimeZone(identifier: timeZone) ?? .gmt
        let date = Date(timeIntervalSince1970: Double(unixMilliseconds) / 1_000)
        let component: Calendar.Component =
            switch unit {
            case .day: .day
            case .week: .weekOfYear
            case .month: .month
            }
        guard let interval = calendar.dateInterval(of: component, for: date) else {
            preconditionFailure("the calendar has no \(unit) at \(unixMilliseconds)")
        }
        return Span(
            window: AccountWindow(startUnixSeconds: Int64(interval.start.timeIntervalSince1970.rounded())),
            endUnixMilliseconds: Int64(interval.end.timeIntervalSince1970.rounded()) * 1_000)
    }
}

extension PolicyDocument {
    /// A policy of its own for the requests of a route that meet a condition. The first rule that holds decides.
    public struct Rule: Hashable, Sendable, Codable {
        /// Unique in its route; 1...64 of `A-Za-z0-9._-`, because it stands in a header and in metrics.
        public var name: String
        public var when: Condition
        public var strategy: Route.Strategy
        /// As those of a route.
        public var targets: [Target]
        public var groups: [Group]?
        public var sticky: Sticky?

        public static let countMax = 32
        public static let nameBytesMax = 64

        public init(
            name: String, when: Condition, strategy: Route.Strategy = .priority, targets: [Target],
            groups: [Group]? = nil, sticky: Sticky? = nil
        ) {
            self.name = name
            self.when = when
            self.strategy = strategy
            self.targets = targets
            self.groups = groups
            self.sticky = sticky
        }
    }

    /// Neighbours in a list of targets that stand in it as one entry, with a strategy of their own.
    ///
    /// - Shape: groups lie in each other or apart, and each holds less than what it lies in; the outer one comes first in the list.
    public struct Group: Hashable, Sendable, Codable {
        /// Index of its first target in the list.
        public var first: Int
        /// Of targets, those of inner groups included; at least one.
        public var count: Int
        public var strategy: Route.Strategy
        public var sticky: Sticky?
        /// As those of a target.
        public var weight: Int
        public var on: [FallbackCause]?

        /// A list of targets is level 1, a group in it level 2, a group in that level 3.
        public static let levelsMax = 3

        public init(
            first: Int, count: Int, strategy: Route.Strategy, sticky: Sticky? = nil, weight: Int = 1,
            on: [FallbackCause]? = nil
        ) {
            self.first = first
            self.count = count
            self.strategy = strategy
            self.sticky = sticky
            self.weight = weight
            self.on = on
        }

        public var range: Range<Int> { first..<first + count }

        /// Whether `groups` can stand over a list of so many targets.
        public static func areNested(_ groups: [Group], targetCount: Int) -> Bool {
            var open: [Range<Int>] = [0..<targetCount]
            var previous = 0
            for group in groups {
                guard group.count > 0, group.first >= previous, group.first <= targetCount,
                    group.count <= targetCount - group.first
                else { return false }
                previous = group.first
                while let last = open.last, last.upperBound <= group.first { open.removeLast() }
                guard let outer = open.last, outer.upperBound >= group.range.upperBound, open.count < levelsMax else {
                    return false
                }
                open.append(group.range)
            }
            return true
        }
    }

    /// What a request must be like. Everything that is set has to hold; nothing set always holds.
    public struct Condition: Hashable, Sendable, Codable {
        /// What a request can have.
        public enum Feature: String, Hashable, Sendable, Codable, CaseIterable {
            case tools, images, audio
            case jsonSchema = "json_schema"
        }

        /// The ISO 639-1 codes of what Weir makes a guess at.
        public enum Language: String, Hashable, Sendable, Codable, CaseIterable {
            case ar, de, el, en, es, fr, he, hi, it, ja, ko, nl, pl, pt, ru, sv, th, tr, uk, zh
        }

        public enum Day: String, Hashable, Sendable, Codable, CaseIterable {
            case monday, tuesday, wednesday, thursday, friday, saturday, sunday
        }

        /// Something named that has one of these values; `*` stands for any.
        public struct Match: Hashable, Sendable, Codable {
            public static let anyValue = "*"

            public var name: String
            public var values: [String]

            public init(name: String, values: [String]) {
                self.name = name
                self.values = values
            }
        }

        public struct TokenRange: Hashable, Sendable, Codable {
            public var min: Int?
            public var max: Int?

            public init(min: Int? = nil, max: Int? = nil) {
                self.min = min
                self.max = max
            }
        }

        /// Some hours of some days, by a clock that is so far from UTC.
        public struct Hours: Hashable, Sendable, Codable {
            /// nil: all.
            public var days: [Day]?
            /// Minutes of the day, 0..<1440. Up to `toMinute`, which is not part of it; one that is not later is of the next day. Both or none.
            public var fromMinute: Int?
            public var toMinute: Int?
            /// -720...840.
            public var offsetMinutes: Int

            public init(days: [Day]? = nil, fromMinute: Int? = nil, toMinute: Int? = nil, offsetMinutes: Int = 0) {
                self.days = days
                self.fromMinute = fromMinute
                self.toMinute = toMinute
                self.offsetMinutes = offsetMinutes
            }
        }

        /// A share of callers, always the same ones.
        public struct Canary: Hashable, Sendable, Codable {
            public enum Source: String, Hashable, Sendable, Codable, CaseIterable {
                case key
                /// Without one: the virtual key. The same holds for conversations and headers.
                case endUser = "end_user"
                case conversation, header
                /// By chance, each request anew.
                case request
            }

            /// Hundredths of a percent, 0...10,000.
            public var share: Int
            public var by: Source
            /// Exactly where `by` is `header`: its name in lower case.
            public var header: String?

            public static let whole = 10_000

            public init(share: Int, by: Source, header: String? = nil) {
                self.share = share
                self.by = by
                self.header = header
            }
        }

        /// Of the whole input, by its size.
        public var estimatedInputTokens: TokenRange?
        /// All of them.
        public var has: [Feature]?
        /// None of them.
        public var lacks: [Feature]?
        public var stream: Bool?
        /// Names in lower case; every one of them has to match.
        public var headers: [Match]?
        /// Of the request's body; every one has to match.
        public var metadata: [Match]?
        /// Of the virtual key; every one has to match.
        public var tags: [Match]?
        /// One of these virtual keys, by key ID.
        public var keys: [String]?
        public var teams: [ObjectID]?
        public var endUsers: [String]?
        public var languages: [Language]?
        /// A `TextPattern`, found anywhere in the last message of the user.
        public var lastUserMessageMatches: String?
        public var time: Hours?
        public var canary: Canary?
        /// One of these holds.
        public var any: [Condition]?
        /// None of these holds.
        public var not: [Condition]?

        /// Of conditions in conditions: the outermost is 1.
        public static let levelsMax = 4
        /// Names and values in one list.
        public static let listCountMax = 64

        public init() {}

        /// With some of its members set.
        public init(_ set: (inout Condition) -> Void) {
            self.init()
            set(&self)
        }
    }
}

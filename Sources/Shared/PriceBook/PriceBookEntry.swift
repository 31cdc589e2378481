/// A model with its prices as a book gives them: what `weir models import` makes of any book.
public struct PriceBookEntry: Hashable, Sendable {
    /// The vendor's own name for the model.
    public var name: String
    /// What the book calls it, where that differs.
    public var bookName: String
    public var provider: String
    public var kind: PolicyDocument.Model.Kind
    public var maxOutputTokens: Int?
    public var maxInputTokens: Int?
    public var sheet: PriceSheet
    /// Where the book has it from, and when that was read.
    public var source: String?
    public var date: String?
    /// What the book says and Weir has no place for, or could not take over as it stands.
    public var notes: [String]

    public init(
        name: String, provider: String, kind: PolicyDocument.Model.Kind, maxOutputTokens: Int? = nil,
        maxInputTokens: Int? = nil, sheet: PriceSheet, source: String? = nil, date: String? = nil, notes: [String] = []
    ) {
        self.name = name
        bookName = name
        self.provider = provider
        self.kind = kind
        self.maxOutputTokens = maxOutputTokens
        self.maxInputTokens = maxInputTokens
        self.sheet = sheet
        self.source = source
        self.date = date
        self.notes = notes
    }
}

/// What a book holds.
public struct PriceBook: Sendable {
    public var entries: [PriceBookEntry] = []
    /// Entries that were left out, by the reason.
    public var skipped: [(name: String, reason: String)] = []
    /// Names of fields that nobody knows, and in how many entries they stand.
    public var unknownFields: [String: Int] = [:]
    /// All that the book names, wanted or not.
    public var providers: Set<String> = []

    public init() {}

    public struct Problem: Error, CustomStringConvertible {
        public var description: String
        init(_ description: String) { self.description = description }
    }
}

extension PriceLines {
    /// The lines by the names that books and commands use for them.
    public enum Name: String, CaseIterable, Sendable {
        case input, cachedInput = "cached_input", cacheWrite5m = "cache_write_5m", cacheWrite1h = "cache_write_1h",
            audioInput = "audio_input", imageInput = "image_input", output, reasoning, audioOutput = "audio_output",
            imageOutput = "image_output", request

        /// The field of the API.
        public var field: String { self == .request ? "request_picodollars" : "\(rawValue)_picodollars_per_token" }
    }

    public subscript(name: Name) -> Int64? {
        get {
            switch name {
            case .input: inputPicodollarsPerToken
            case .cachedInput: cachedInputPicodollarsPerToken
            case .cacheWrite5m: cacheWrite5mPicodollarsPerToken
            case .cacheWrite1h: cacheWrite1hPicodollarsPerToken
            case .audioInput: audioInputPicodollarsPerToken
            case .imageInput: imageInputPicodollarsPerToken
            case .output: outputPicodollarsPerToken
            case .reasoning: reasoningPicodollarsPerToken
            case .audioOutput: audioOutputPicodollarsPerToken
            case .imageOutput: imageOutputPicodollarsPerToken
            case .request: requestPicodollars
            }
        }
        set {
            switch name {
            case .input: inputPicodollarsPerToken = newValue ?? 0
            case .cachedInput: cachedInputPicodollarsPerToken = newValue
            case .cacheWrite5m: cacheWrite5mPicodollarsPerToken = newValue
            case .cacheWrite1h: cacheWrite1hPicodollarsPerToken = newValue
            case .audioInput: audioInputPicodollarsPerToken = newValue
            case .imageInput: imageInputPicodollarsPerToken = newValue
            case .output: outputPicodollarsPerToken = newValue ?? 0
            case .reasoning: reasoningPicodollarsPerToken = newValue
            case .audioOutput: audioOutputPicodollarsPerToken = newValue
            case .imageOutput: imageOutputPicodollarsPerToken = newValue
            case .request: requestPicodollars = newValue
            }
        }
    }
}

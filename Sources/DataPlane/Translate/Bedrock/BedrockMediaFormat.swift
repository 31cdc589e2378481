/// Kinds of media in Bedrock's words, which are not the web's.
///
/// - Source: `ImageFormat`, `DocumentFormat`, `VideoFormat` and `AudioFormat` of the service model of Bedrock's runtime.
enum BedrockMediaFormat: String {
    case image, document, video, audio

    /// `image/png` of `png`. One that nobody here knows is taken to be a name of the web's.
    func type(of format: String) -> String {
        table.first { $0.format == format }?.type ?? "\(self == .document ? "application" : rawValue)/\(format)"
    }

    /// `png` of `image/png`; nil where Bedrock takes no such thing.
    func format(of type: String) -> String? {
        let type = type.prefix { $0 != ";" }.lowercased()
        if let known = table.first(where: { $0.type == type }) { return known.format }
        let name = type.split(separator: "/").last.map(String.init) ?? ""
        // A bare name, as some dialects have for sounds, or an older name of the web's.
        let plain = name.hasPrefix("x-") ? String(name.dropFirst(2)) : name
        guard !type.contains("/") || type.hasPrefix("\(rawValue)/") else { return nil }
        return Self.synonyms[plain] ?? table.first { $0.format == name || $0.format == plain }?.format
    }

    /// What is taken, for a message.
    var formats: String { table.map(\.format).joined(separator: ", ") }

    private static let synonyms = ["jpg": "jpeg", "mp3": "mp3", "wave": "wav", "3gpp": "three_gp", "quicktime": "mov"]

    /// One type for each format and the other way round, so that what goes through both is the same again.
    private var table: [(format: String, type: String)] {
        switch self {
        case .image: Self.images
        case .document: Self.documents
        case .video: Self.videos
        case .audio: Self.sounds
        }
    }

    private static let images = [
        (format: "png", type: "image/png"), ("jpeg", "image/jpeg"), ("gif", "image/gif"), ("webp", "image/webp"),
    ]

    private static let documents = [
        (format: "pdf", type: "application/pdf"), ("csv", "text/csv"), ("doc", "application/msword"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xls", "application/vnd.ms-excel"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), ("html", "text/html"),
        ("txt", "text/plain"), ("md", "text/markdown"),
    ]

    private static let videos = [
        (format: "mkv", type: "video/x-matroska"), ("mov", "video/quicktime"), ("mp4", "video/mp4"),
        ("webm", "video/webm"), ("flv", "video/x-flv"), ("mpeg", "video/mpeg"), ("mpg", "video/mpg"),
        ("wmv", "video/x-ms-wmv"), ("three_gp", "video/3gpp"),
    ]

    private static let sounds = [
        (format: "mp3", type: "audio/mpeg"), ("opus", "audio/opus"), ("wav", "audio/wav"), ("aac", "audio/aac"),
        ("flac", "audio/flac"), ("mp4", "audio/mp4"), ("ogg", "audio/ogg"), ("mkv", "audio/x-matroska"),
        ("mka", "audio/mka"), ("x-aac", "audio/x-aac"), ("m4a", "audio/m4a"), ("mpeg", "audio/x-mpeg"),
        ("mpga", "audio/mpga"), ("pcm", "audio/pcm"), ("webm", "audio/webm"),
    ]
}

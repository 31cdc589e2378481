import Shared

/// Types of media, which Gemini wants to be told, from what other dialects say instead.
enum GeminiMediaTypes {
    /// What a part with media of this type is. Gemini has one kind of part for all.
    static func content(of media: Media) -> Part.Content {
        let type = media.type ?? url(media.source).flatMap(guess)
        switch type?.prefix(while: { $0 != "/" }) {
        case "image": return .image(media)
        case "audio": return .audio(media)
        case "video": return .video(media)
        case nil where url(media.source).map(isYouTube) == true: return .video(media)
        default: return .document(media)
        }
    }

    /// The type to write for media of a known kind. Where nothing tells, the type that most of the kind have.
    static func type(of media: Media, orElse usual: String) -> String {
        if let type = media.type {
            // A bare format, as OpenAI names those of sounds: `wav`.
            return type.contains("/") ? type : byExtension[type.lowercased()] ?? usual
        }
        return url(media.source).flatMap(guess) ?? usual
    }

    static func url(_ source: Media.Source) -> String? {
        switch source {
        case .url(let url), .file(let url): url
        case .data, .text: nil
        }
    }

    /// Videos at YouTube are taken without a type.
    static func isYouTube(_ url: String) -> Bool {
        let host = url.split(separator: "/", maxSplits: 2).dropFirst().first ?? ""
        return host == "youtu.be" || host == "youtube.com" || host.hasSuffix(".youtube.com")
    }

    /// By the extension of the last piece of the path.
    static func guess(_ url: String) -> String? {
        let address = url.prefix { $0 != "?" && $0 != "#" }
        // Scheme, nothing, host, path: an extension of the host is none.
        let pieces = address.split(separator: "/", omittingEmptySubsequences: false)
        guard pieces.count > 3, let dot = pieces.last?.lastIndex(of: ".") else { return nil }
        return byExtension[address[address.index(after: dot)...].lowercased()]
    }

    /// - Source: the types that Gemini's guides to images, documents, audio and video name, and the web's names for plain texts.
    private static let byExtension: [String: String] = [
        "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif",
        "heic": "image/heic", "heif": "image/heif", "bmp": "image/bmp", "avif": "image/avif",
        "pdf": "application/pdf", "txt": "text/plain", "md": "text/markdown", "html": "text/html", "htm": "text/html",
        "css": "text/css", "csv": "text/csv", "xml": "text/xml", "rtf": "text/rtf", "json": "application/json",
        "mp3": "audio/mp3", "wav": "audio/wav", "aac": "audio/aac", "ogg": "audio/ogg", "flac": "audio/flac",
        "aiff": "audio/aiff", "m4a": "audio/m4a", "opus": "audio/opus",
        "mp4": "video/mp4", "mpeg": "video/mpeg", "mpg": "video/mpg", "mov": "video/mov", "avi": "video/avi",
        "flv": "video/x-flv", "webm": "video/webm", "wmv": "video/wmv", "3gp": "video/3gpp", "3gpp": "video/3gpp",
    ]
}

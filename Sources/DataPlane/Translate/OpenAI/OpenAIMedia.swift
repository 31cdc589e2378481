import Shared

/// Images, sounds, films and documents as OpenAI's dialect has them: by URL, by data URL, and sounds in base64 with the name of a format.
enum OpenAIMedia {
    // MARK: Data URLs

    /// An image or a film behind a URL, or inside of it.
    static func media(url: String, detail: String? = nil) -> Media {
        guard let (type, data) = parts(ofDataURL: url) else { return Media(.url(url), detail: detail) }
        return Media(.data(data), type: type, detail: detail)
    }

    /// The type and the base64 of a data URL; nil for another URL, and for data that are not in base64.
    ///
    /// - Shape: parameters of the type (`charset`) say nothing about what is binary, and are left out.
    static func parts(ofDataURL url: String) -> (type: String?, data: String)? {
        let bytes = url.utf8
        guard bytes.count > 5, bytes.prefix(5).map({ $0 | 0x20 }).elementsEqual("data:".utf8),
            let comma = bytes.prefix(200).firstIndex(of: UInt8(ascii: ","))
        else { return nil }
        let head = url[bytes.index(bytes.startIndex, offsetBy: 5)..<comma]
        let fields = head.split(separator: ";", omittingEmptySubsequences: false)
        guard fields.count > 1, fields.last?.lowercased() == "base64" else { return nil }
        return (fields[0].isEmpty ? nil : String(fields[0]), String(url[bytes.index(after: comma)...]))
    }

    static func dataURL(_ data: String, type: String?) -> String { "data:\(type ?? "");base64,\(data)" }

    /// Where an image or a film is found; nil where it is stored at a provider, or is none.
    static func url(of media: Media) -> String? {
        switch media.source {
        case .url(let url): url
        case .data(let data): dataURL(data, type: media.type)
        case .file, .text: nil
        }
    }

    // MARK: Sounds

    static func audioType(ofFormat format: String) -> String { format == "mp3" ? "audio/mpeg" : "audio/\(format)" }

    /// nil for what is no sound.
    static func audioFormat(ofType type: String?) -> String? {
        switch type {
        case "audio/mpeg", "audio/mp3": "mp3"
        case "audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave": "wav"
        case let type?: type.hasPrefix("audio/") ? String(type.dropFirst(6).prefix { $0 != ";" }) : nil
        case nil: nil
        }
    }

    // MARK: Documents

    /// A document in base64, with a data URL around it or, as some send it, without; OpenRouter takes other URLs in this place too.
    static func document(data: String, title: String?) -> Media {
        if data.hasPrefix("https://") || data.hasPrefix("http://") { return Media(.url(data), title: title) }
        if let (type, data) = parts(ofDataURL: data) { return Media(.data(data), type: type, title: title) }
        // How the base64 of every PDF begins.
        return Media(.data(data), type: data.hasPrefix("JVBERi0") ? "application/pdf" : nil, title: title)
    }

    /// What can be read as it stands; nil for everything else.
    static func text(of document: Media) -> String? {
        let text: String
        switch document.source {
        case .text(let plain): text = plain
        case .data(let data):
            guard let type = document.type, type.hasPrefix("text/") || type == "application/json",
                let bytes = Base64.decode(data), let plain = String(validating: bytes, as: UTF8.self)
            else { return nil }
            text = plain
        case .url, .file: return nil
        }
        return document.title.map { "\($0)\n\n\(text)" } ?? text
    }

    /// OpenAI takes data only with a name.
    static func fileName(of document: Media) -> String {
        if let title = document.title, !title.isEmpty { return title }
        let subtype = document.type?.split(separator: "/").last.map(String.init) ?? "pdf"
        return "document.\(subtype.allSatisfy { $0.isASCII && $0.isLetter } ? subtype : "bin")"
    }

    /// Files that other providers hold have other names: `file_...` at Anthropic, `files/...` and `gs://...` at Google, `s3://...` at
    /// Amazon.
    static func isStoredAtOpenAI(_ file: String) -> Bool { !file.hasPrefix("file_") && !file.contains("/") }
}

import Shared

/// A file that is sent to be kept: a form of which only the file's name changes, so that it says whose the file is.
///
/// - Shape: what is held is what any form has held (`FormRequest`); the rest passes to the provider while it arrives.
/// - Source: OpenAI API reference, "Upload file".
enum UploadForm {
    private static let field = "file"

    /// - Errors: the body is no form.
    static func scanner(of head: HTTPHead, _ bytes: UnsafeRawBufferPointer) throws(ParseError) -> MultipartScanner {
        try unsafe FormRequest.scanner(of: head, bytes, watching: [], takesOneFile: true)
    }

    /// Whether what has been held so far is enough to begin with.
    static func isEnough(_ scanner: MultipartScanner, heldBytes: Int) -> Bool {
        heldBytes >= FormRequest.heldBytesMax || heldBytes >= FormRequest.heldBytes && scanner.file != nil
    }

    /// What has to change in what is held.
    static func edits(_ scanner: MultipartScanner, isWhole: Bool, of owner: VirtualKeyID) throws(ParseError)
        -> JSONEdits
    {
        guard !isWhole || scanner.isAtEnd else { throw .invalidField("", reason: "the form has no end") }
        guard let file = scanner.file, file.name == field else {
            throw .invalidField(
                field, reason: "the form has no such file, or other fields of more than 8 MiB in front of it")
        }
        guard let start = file.fileNameStart else {
            throw .invalidField(field, reason: "its name has to be written as filename=\"...\"")
        }
        var edits = JSONEdits()
        edits.insert(Array(StoredOwner.prefix(of: owner).utf8), at: start)
        return edits
    }
}

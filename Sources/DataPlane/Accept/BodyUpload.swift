import Shared

/// The rest of a form that passes to its provider while it arrives from its caller.
///
/// - Shape: goes once. From its first piece on no other target can be tried, as what has passed is held by nobody.
///
/// Concurrency: belongs to the task of its request.
final class BodyUpload {
    private unowned let client: ClientStream
    private var scanner: MultipartScanner
    private let fieldCount: Int
    /// Pieces of it have passed.
    private(set) var isBegun = false
    /// Why it cannot go on: the caller's fault.
    private(set) var failure: ParseError?

    /// - Parameter scanner: has seen what is held.
    init(from client: ClientStream, _ scanner: MultipartScanner) {
        self.client = client
        self.scanner = scanner
        fieldCount = scanner.fields.count
    }

    /// What has not passed yet.
    var bytesLeft: Int { client.bodyBytesLeft }

    /// The next piece, which holds until the one after it; nil behind the last. Nil too where it cannot go on, and `failure` says why.
    func next() async -> UnsafeRawBufferPointer? {
        isBegun = true
        do throws(ParseError) {
            guard let piece = try unsafe await client.nextBodyPiece() else { return nil }
            try unsafe scanner.feed(piece)
            if let late = scanner.fields.dropFirst(fieldCount).first {
                // What was decided without it may have been decided otherwise.
                throw .invalidField(late.name, reason: "it stands behind a large file; put it in front of it")
            }
            if client.bodyBytesLeft == 0, !scanner.isAtEnd { throw .invalidField("", reason: "the form has no end") }
            return unsafe piece
        } catch {
            failure = error
            return nil
        }
    }
}

import Shared

/// What a provider says of its files and batches, as the key that they belong to may see it.
struct StoredAnswer {
    private let owner: VirtualKeyID
    private let target: CompiledTarget
    private let credential: CompiledCredential

    init(_ owner: VirtualKeyID, _ target: CompiledTarget, _ credential: CompiledCredential) {
        self.owner = owner
        self.target = target
        self.credential = credential
    }

    /// Whose an object is; nil: it was not made by Weir, or it is a file that a batch has made.
    func owner(of object: JSONObject, in collection: Endpoint) -> VirtualKeyID? {
        collection == .batches
            ? StoredOwner.read(metadata: object["metadata"])?.owner
            : object["filename"]?.string.flatMap { StoredOwner.read(fileName: $0)?.owner }
    }

    /// One object under the names that its owner knows. Every other member stays.
    func shown(_ object: JSONObject, of collection: Endpoint) -> JSONObject {
        var shown = object
        rename("id", in: &shown)
        guard collection == .batches else {
            if let name = object["filename"]?.string, let known = StoredOwner.read(fileName: name) {
                shown["filename"] = .string(known.name)
            }
            return shown
        }
        for name in ["input_file_id", "output_file_id", "error_file_id"] { rename(name, in: &shown) }
        if object["metadata"] != nil { shown["metadata"] = StoredOwner.callersMetadata(object["metadata"]) }
        return shown
    }

    private func rename(_ name: String, in object: inout JSONObject) {
        guard let id = object[name]?.string, !id.isEmpty else { return }
        object[name] = .string(StoredIdentity(id, of: owner, at: target, under: credential).text)
    }
}

import Shared

/// An answer that is an error. Its dialect gives it the shape.
struct ProviderError: Error {
    var status: Int
    /// In the provider's own word.
    var type: String
    var message: String
    /// The field that is wrong, where the provider says it apart.
    var param: String?
    var code: String?
    /// What a provider says besides.
    var details: [JSONValue] = []
}

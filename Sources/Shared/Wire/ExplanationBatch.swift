/// `POST /fleet/v1/explanations`: how requests went that had asked for it.
///
/// - Shape: JSON, `{"explanations": [{"request_id": "...", ...}]}`. A data plane writes what the admin API shows, in the same words: the control
///   plane keeps each as it is and looks at the request ID only.
public enum ExplanationBatch {
    public static let path = "/fleet/v1/explanations"
    /// In one call.
    public static let countMax = 100
    /// Of one explanation.
    public static let bytesMax = 32 * 1024
}

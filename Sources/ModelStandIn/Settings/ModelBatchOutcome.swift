/// The ends of a batch.
public enum ModelBatchOutcome: Sendable {
    /// Every line has its own result.
    case succeeded
    /// There are no results, with this reason.
    case failed(GoogleFault)
    /// It was not done within 48 hours; there are no results.
    case expired
}

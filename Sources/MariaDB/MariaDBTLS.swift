/// The three ways to encrypt a connection to a server, or not to.
public enum MariaDBTLS: String, Sendable, Hashable, CaseIterable {
    /// It is not.
    case off
    /// It is, or there is none; whose certificate it is does not matter.
    case required
    /// It is, with a certificate that bears the host's name and that a known authority signed.
    case verified
}

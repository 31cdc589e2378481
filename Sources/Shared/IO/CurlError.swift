import CCurl

/// Why a transfer through libcurl did not end well.
public struct CurlError: Error, Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        /// The URL, or an option, is not usable.
        case invalidRequest
        /// No address, no route, refused: nothing was sent.
        case connect
        case connectTimeout
        /// The certificate, or the handshake. Nothing was sent.
        case tls
        /// The connection broke before the whole head was there: the request may have arrived.
        case lost
        /// The head or the next piece of the body did not come in time.
        case timeout
        /// The body ended before its end.
        case cut
        /// More bytes than the caller wants.
        case tooLarge
        /// `cancel` was called.
        case cancelled
    }

    public var kind: Kind
    /// libcurl's own words; may name the host.
    public var detail: String

    public init(_ kind: Kind, detail: String = "") {
        self.kind = kind
        self.detail = detail
    }

    /// Whether the request certainly did not reach the other side.
    public var sentNothing: Bool {
        switch kind {
        case .invalidRequest, .connect, .connectTimeout, .tls: true
        case .lost, .timeout, .cut, .tooLarge, .cancelled: false
        }
    }
}

extension CurlError: CustomStringConvertible {
    public var description: String { detail.isEmpty ? kind.rawValue : "\(kind.rawValue): \(detail)" }
}

extension CurlError {
    /// - Parameter isConnected: name, address, TCP and TLS were all done when it failed.
    init(_ code: CURLcode, detail: String, headIsComplete: Bool, isConnected: Bool) {
        let kind: Kind
        switch code {
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNKNOWN_OPTION:
            kind = .invalidRequest
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED:
            kind = .connect
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED,
            CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED:
            kind = .tls
        case CURLE_OPERATION_TIMEDOUT:
            kind = isConnected ? .timeout : .connectTimeout
        default:
            kind = headIsComplete ? .cut : isConnected ? .lost : .connect
        }
        self.init(kind, detail: detail)
    }
}

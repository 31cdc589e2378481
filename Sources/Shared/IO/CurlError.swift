import CCurl

/// Why a transfer through libcurl did not end well.
public struct CurlError: Error, Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        /// The URL, a header field or an option is not usable. Nothing was sent.
        case invalidRequest
        /// No address, no route, refused. Nothing was sent.
        case connect
        case connectTimeout
        /// The other side's certificate: expired, of an unknown authority, for another name. Nothing was sent.
        case certificate
        /// The handshake, or the authorities that were to be trusted. Nothing was sent.
        case tls
        /// The connection broke before the head of the answer was whole: the request may have arrived.
        case lost
        /// The head of the answer did not come in time.
        case firstByteTimeout
        /// The next piece of the body did not come in time.
        case idleTimeout
        case totalTimeout
        /// What came is not HTTP.
        case malformed
        /// The body stopped before its end.
        case cut
        /// More bytes than the caller wants.
        case tooLarge
        /// Given up from this side.
        case aborted
    }

    public var kind: Kind
    /// For the log: libcurl's own words, which may name the host.
    public var detail: String

    public init(_ kind: Kind, detail: String = "") {
        self.kind = kind
        self.detail = detail
    }

    /// True when the request certainly did not reach the other side.
    public var sentNothing: Bool {
        switch kind {
        case .invalidRequest, .connect, .connectTimeout, .certificate, .tls: true
        case .lost, .firstByteTimeout, .idleTimeout, .totalTimeout, .malformed, .cut, .tooLarge, .aborted: false
        }
    }
}

extension CurlError: CustomStringConvertible {
    public var description: String { detail.isEmpty ? kind.rawValue : "\(kind.rawValue): \(detail)" }
}

extension CurlError {
    /// - Parameters:
    ///   - isConnected: name, connection and handshake were done when it failed.
    ///   - hasHead: the head of the answer was whole when it failed.
    init(_ code: CURLcode, detail: String, isConnected: Bool, hasHead: Bool) {
        let kind: Kind =
            switch code {
            case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNKNOWN_OPTION: .invalidRequest
            // Before the connection a scheme that is not allowed, after it an answer that does not begin with "HTTP/".
            case CURLE_UNSUPPORTED_PROTOCOL: isConnected ? .malformed : .invalidRequest
            case CURLE_WEIRD_SERVER_REPLY: .malformed
            // The only time limit that libcurl is given is the one for connecting.
            case CURLE_OPERATION_TIMEDOUT: .connectTimeout
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR: .certificate
            case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE,
                CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED,
                CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED:
                .tls
            default: hasHead ? .cut : isConnected ? .lost : .connect
            }
        self.init(kind, detail: detail)
    }
}

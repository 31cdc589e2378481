import Shared

/// The key of a Google service account, as Google hands it out.
///
/// - Source: Google, "Using OAuth 2.0 for server to server applications"; RFC 7523 for what its key signs.
struct ServiceAccount: Sendable {
    let clientEmail: String
    /// By which Google finds the other half; absent, it tries all.
    let privateKeyID: String?
    /// PEM.
    let privateKey: Secret
    /// Where what the key signs is exchanged for a token.
    let tokenURI: String

    /// What a token is for: all of Google Cloud that the account may do.
    private static let scope = "https://www.googleapis.com/auth/cloud-platform"
    /// The longest that Google takes.
    private static let assertionSeconds: Int64 = 3_600
    /// A clock that is ahead by so much makes no assertion of the future, which Google refuses.
    private static let backdatedSeconds: Int64 = 10

    /// - Parameter secret: `{"type": "service_account", "client_email": ..., "private_key": ..., "token_uri": ...}`. Nil where it is something
    ///   else. What the key is worth is not looked at.
    init?(secret: [UInt8]) {
        guard let object = try? JSONValue(parsing: secret), let email = object["client_email"]?.string,
            let key = object["private_key"]?.string, let uri = object["token_uri"]?.string, !email.isEmpty,
            !key.isEmpty, Self.isSafe(uri)
        else { return nil }
        clientEmail = email
        privateKeyID = object["private_key_id"]?.string
        privateKey = Secret(key)
        tokenURI = uri
    }

    /// Whoever reads an assertion can take it for a token: it goes over TLS, or stays on this machine.
    private static func isSafe(_ uri: String) -> Bool {
        guard let address = UpstreamAddress(baseURL: uri) else { return false }
        if address.isTLS || address.host == "localhost" { return true }
        guard let numeric = IPAddress(address.host) else { return false }
        return ["127.0.0.0/8", "::1/128"].contains { NetworkPrefix($0)?.contains(numeric) ?? false }
    }

    /// A JSON Web Token that says who asks for an access token.
    func assertion(signedWith key: RSAPrivateKey, nowUnixSeconds now: Int64) -> String {
        var header = JSONWriter()
        header.object { writer in
            writer.member("alg", "RS256")
            writer.member("typ", "JWT")
            if let privateKeyID { writer.member("kid", privateKeyID) }
        }
        var claims = JSONWriter()
        claims.object { writer in
            writer.member("iss", clientEmail)
            writer.member("scope", Self.scope)
            writer.member("aud", tokenURI)
            writer.member("iat", now - Self.backdatedSeconds)
            writer.member("exp", now - Self.backdatedSeconds + Self.assertionSeconds)
        }
        let text = "\(Base64URL.encode(header.bytes)).\(Base64URL.encode(claims.bytes))"
        return "\(text).\(Base64URL.encode(key.sign(Array(text.utf8))))"
    }
}

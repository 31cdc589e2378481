"""Writes vectors.json: keys of service accounts, and what PyPI's `cryptography` makes of them.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install cryptography && /tmp/venv/bin/python Tests/Golden/jwt/reference.py
"""

import base64
import json
import os

import cryptography
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

HERE = os.path.dirname(os.path.abspath(__file__))
FORMATS = serialization.PrivateFormat
PLAIN = serialization.NoEncryption()


def pem(key, form=FORMATS.PKCS8, encryption=PLAIN):
    return key.private_bytes(serialization.Encoding.PEM, form, encryption).decode()


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def assertion(key, account, now):
    """RFC 7515 section 3.1 with the claims of RFC 7523, issued ten seconds ago for an hour."""
    header = {"alg": "RS256", "typ": "JWT"}
    if "private_key_id" in account:
        header["kid"] = account["private_key_id"]
    claims = {
        "iss": account["client_email"], "scope": "https://www.googleapis.com/auth/cloud-platform", "aud": account["token_uri"],
        "iat": now - 10, "exp": now - 10 + 3600,
    }
    parts = [json.dumps(part, separators=(",", ":"), ensure_ascii=False).encode() for part in (header, claims)]
    text = ".".join(map(base64url, parts))
    return f"{text}.{base64url(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def main():
    key, long = (rsa.generate_private_key(public_exponent=65537, key_size=size) for size in (2048, 4096))
    google = {
        "type": "service_account", "project_id": "weir-tests", "private_key_id": "3f1c2b", "private_key": pem(key),
        "client_email": "weir@weir-tests.iam.gserviceaccount.com", "client_id": "1",
        "token_uri": "https://oauth2.googleapis.com/token", "universe_domain": "googleapis.com",
    }
    bare = {name: google[name] for name in ("client_email", "token_uri")} | {
        "private_key": pem(key, FORMATS.TraditionalOpenSSL)
    }
    odd = bare | {
        "client_email": 'm\u00fcller "a\\b"@x', "token_uri": "http://127.0.0.1:8080/a/token", "private_key": pem(long)
    }
    cases = [("google", google, key, 1_769_904_000), ("bare", bare, key, 1_769_904_001), ("odd", odd, long, 4_102_444_800)]
    refused = {
        "short": pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)),
        "of a curve": pem(ec.generate_private_key(ec.SECP256R1())),
        "with a passphrase": pem(key, encryption=serialization.BestAvailableEncryption(b"passphrase")),
        "public": key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode(),
        "cut": pem(key)[:-200], "empty": "",
    }
    vectors = {
        "madeBy": f"cryptography {cryptography.__version__}",
        "accounts": [
            {"name": name, "account": account, "nowUnixSeconds": now, "assertion": assertion(signer, account, now)}
            for name, account, signer, now in cases
        ],
        "refused": [{"name": name, "pem": text} for name, text in refused.items()],
    }
    with open(os.path.join(HERE, "vectors.json"), "w") as file:
        json.dump(vectors, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()

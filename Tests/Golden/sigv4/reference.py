"""Writes vectors.json: what botocore signs, and how it encodes model IDs.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install botocore && /tmp/venv/bin/python Tests/Golden/sigv4/reference.py
"""

import datetime
import hashlib
import json
import os
from unittest import mock

import botocore
import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

# The credential and the moment of AWS's own test suite, whose cases of the same names are the first ones here.
KEY = "AKIDEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
NOW = datetime.datetime(2015, 8, 30, 12, 36, 0)
TOKEN = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGd=="
HOST = ("Host", "example.amazonaws.com")
BEDROCK = ("Host", "bedrock-runtime.us-east-1.amazonaws.com")
BODY = '{"messages":[{"role":"user","content":[{"text":"h\u00e9llo"}]}]}'
PROFILE = "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.anthropic.claude-sonnet-4-5-20250929-v1%3A0"


def case(name, method="GET", path="/", query="", headers=(HOST,), body="", token=None, region="us-east-1", service="service", now=NOW, digest=False):
    return dict(name=name, method=method, path=path, query=query, headers=[list(h) for h in headers], body=body, token=token,
                region=region, service=service, now=now, digest=digest)


CASES = [
    case("get-vanilla"),
    case("get-vanilla-query-order-key", query="Param2=value2&Param1=value1"),
    case("get-vanilla-query-order-key-case", query="Param2=value2&param1=value1&Param1=value3"),
    case("get-vanilla-query-order-value", query="Param1=value2&Param1=value1"),
    case("get-vanilla-query-order-encoded", query="Param-3=Value3&Param=Value2&%E1%88%B4=Value1"),
    case("get-vanilla-empty-query-key", query="Param1=value1"),
    case("get-vanilla-query-unreserved", query="-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
    case("get-vanilla-utf8-query", query="%E1%88%B4=bar"),
    case("get-query-without-value", query="delete&b=&a=1=2"),
    case("get-header-key-duplicate", headers=(HOST, ("My-Header1", "value2"), ("My-Header1", "value2"), ("My-Header1", "value1"))),
    case("get-header-value-order", headers=(HOST, ("My-Header1", "value4"), ("My-Header1", "value1"), ("My-Header1", "value3"))),
    case("get-header-value-trim", headers=(HOST, ("My-Header1", " value1 "), ("My-Header2", ' "a   b   c" '))),
    case("get-header-value-unicode", headers=(HOST, ("My-Header1", "gr\u00fc\u00dfe \u2603"))),
    case("get-unreserved", path="/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
    case("get-utf8", path="/%E1%88%B4"),
    case("get-space", path="/example%20space/"),
    case("normalize-relative", path="/example/.."),
    case("normalize-relative-relative", path="/example1/example2/../.."),
    case("normalize-slash", path="//"),
    case("normalize-slash-dot-slash", path="/./"),
    case("normalize-slash-pointless-dot", path="/./example"),
    case("normalize-slashes", path="//example//"),
    case("normalize-above-the-root", path="/../../example"),
    case("post-vanilla", method="POST"),
    case("post-header-key-sort", method="POST", headers=(HOST, ("My-Header1", "value1"))),
    case("post-header-key-case", method="post", headers=(HOST, ("MY-HEADER1", "VALUE1"))),
    case("post-vanilla-query", method="POST", query="Param1=value1"),
    case("post-x-www-form-urlencoded", method="POST", headers=(HOST, ("Content-Type", "application/x-www-form-urlencoded")), body="Param1=value1"),
    case("post-sts-header", method="POST", token=TOKEN),
    case("post-payload-digest", method="POST", body="{}", digest=True),
    case("bedrock-converse", method="POST", path="/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse", headers=(BEDROCK, ("Content-Type", "application/json")), body=BODY, service="bedrock"),
    case("bedrock-converse-stream-of-a-profile", method="POST", path=f"/model/{PROFILE}/converse-stream", headers=(BEDROCK, ("Content-Type", "application/json")), body=BODY, service="bedrock", token=TOKEN),
    case("bedrock-path-not-encoded", method="POST", path="/model/anthropic.claude-3-haiku-20240307-v1:0/converse", headers=(BEDROCK,), body=BODY, service="bedrock"),
    case("bedrock-path-in-lower-case", method="POST", path="/model/anthropic.claude-3-haiku-20240307-v1%3a0/converse", headers=(BEDROCK,), body=BODY, service="bedrock"),
    case("bedrock-first-second-of-a-year", method="POST", path="/model/amazon.nova-pro-v1%3A0/converse", headers=(("Host", "bedrock-runtime.eu-central-1.amazonaws.com"),), body=BODY, service="bedrock", region="eu-central-1", now=datetime.datetime(2027, 1, 1)),
]

MODELS = [
    "anthropic.claude-3-haiku-20240307-v1:0",
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "amazon.nova-pro-v1:0",
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
    "arn:aws:bedrock:us-west-2:123456789012:provisioned-model/abc123def456",
    "arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1",
    "model with space~and_more%3A/\u00e9",
]


def sign(c):
    url = "https://" + dict((k.lower(), v) for k, v in c["headers"])["host"] + c["path"] + ("?" + c["query"] if c["query"] else "")
    request = AWSRequest(method=c["method"], url=url, data=c["body"].encode())
    for name, value in c["headers"]:
        request.headers[name] = value
    digest = hashlib.sha256(c["body"].encode()).hexdigest()
    if c["digest"]:
        request.headers["X-Amz-Content-SHA256"] = digest
    with mock.patch("botocore.auth.get_current_datetime", return_value=c["now"]):
        auth = SigV4Auth(Credentials(KEY, SECRET, c["token"]), c["service"], c["region"])
        auth.add_auth(request)
        authorization = request.headers["Authorization"]
        # It was added last, and signs all but itself.
        del request.headers["Authorization"]
        text = auth.canonical_request(request)
    return dict(canonicalRequest=text, date=request.headers["X-Amz-Date"], authorization=authorization)


def path_of(client, model, stream):
    """The path that botocore sends, from its own serializer."""
    sent = []
    operation = client.meta.service_model.operation_model("ConverseStream" if stream else "Converse")
    request = client._serializer.serialize_to_request({"modelId": model, "messages": []}, operation)
    return request["url_path"]


def main():
    vectors = []
    for c in CASES:
        result = sign(c)
        seconds = int(c["now"].replace(tzinfo=datetime.timezone.utc).timestamp())
        vectors.append({k: v for k, v in {**c, "now": None, "unixSeconds": seconds, **result}.items() if v is not None})
    client = botocore.session.Session().create_client("bedrock-runtime", region_name="us-east-1", aws_access_key_id=KEY, aws_secret_access_key=SECRET)
    paths = [dict(model=m, converse=path_of(client, m, False), converseStream=path_of(client, m, True)) for m in MODELS]
    folder = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(folder, "vectors.json"), "w") as file:
        json.dump(dict(accessKeyID=KEY, secretAccessKey=SECRET, signatures=vectors, paths=paths), file, indent=1)
        file.write("\n")
    print(len(vectors), "signatures and", len(paths), "paths by botocore", botocore.__version__)


if __name__ == "__main__":
    main()

"""Plays AWS for those who sign: moto with its authentication on, and a Bedrock that recomputes each signature with botocore.

    aws_services.py FILE --stub PORT --stub-key KEY

Writes to FILE, once both listen, where they are and with which credentials: `{"moto_port": ..., "bedrock_port": ..., "user": {...},
"session": {...}}`, a credential as Weir takes it. Runs until it is told to stop.

Bedrock computes the signature of every request from what arrived on the wire, by botocore's own SigV4Auth, and shows the same bytes to moto.
What both take goes on to the stub provider, whose answer comes back; anything else is refused as AWS does. `GET /verdicts` lists what
came, and what either said of it.

moto has no Converse: it answers 500 behind a signature that it takes, and 403 to any other. Requests without a body are not for its
authentication, which signs what it has parsed of a query in the place of the empty body, and so refuses botocore's own.
"""

import argparse
import hmac
import json
import os
import signal
import socket
import socketserver
import threading
import urllib.request

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from moto.server import ThreadedMotoServer

REGION = "eu-central-1"
ALL = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})


# MARK: moto


def as_weir_takes_it(key):
    credential = {"access_key_id": key["AccessKeyId"], "secret_access_key": key["SecretAccessKey"]}
    return credential | ({"session_token": key["SessionToken"]} if "SessionToken" in key else {})


def make_credentials(port):
    """A user with a key and a role that it has assumed, both of which may do everything. After that moto checks every signature."""
    url = f"http://127.0.0.1:{port}"

    def client(service):
        return boto3.client(
            service, region_name=REGION, endpoint_url=url, aws_access_key_id="first", aws_secret_access_key="first",
            config=Config(retries={"total_max_attempts": 1}),
        )

    iam, sts = client("iam"), client("sts")
    iam.create_user(UserName="caller")
    iam.put_user_policy(UserName="caller", PolicyName="all", PolicyDocument=ALL)
    key = iam.create_access_key(UserName="caller")["AccessKey"]
    trust = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}
    )
    role = iam.create_role(RoleName="role", AssumeRolePolicyDocument=trust)["Role"]
    policy = iam.create_policy(PolicyName="all", PolicyDocument=ALL)["Policy"]
    iam.attach_role_policy(RoleName="role", PolicyArn=policy["Arn"])
    session = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="session")["Credentials"]
    # From here on no action goes unchecked.
    strict = urllib.request.Request(
        f"{url}/moto-api/reset-auth", data=b"0", method="POST", headers={"content-type": "text/plain"}
    )
    urllib.request.urlopen(strict).read()
    return {"user": as_weir_takes_it(key), "session": as_weir_takes_it(session)}


# MARK: Bedrock


class Request:
    """A request as it came, byte for byte."""

    def __init__(self, reader):
        self.head = b""
        while not self.head.endswith(b"\r\n\r\n"):
            line = reader.readline(65536)
            if not line:
                raise EOFError
            self.head += line
        first, *lines = self.head.decode("latin-1").split("\r\n")[:-2]
        self.method, self.target, _ = first.split(" ")
        self.fields = [(name.lower(), value.strip()) for name, value in (line.split(":", 1) for line in lines)]
        self.body = reader.read(int(self.field("content-length") or 0))

    def field(self, name):
        return next((value for key, value in self.fields if key == name), None)


class Bedrock:
    def __init__(self, moto_port, credentials, stub_port, stub_key):
        self.moto_port, self.stub_port, self.stub_key = moto_port, stub_port, stub_key
        self.credentials = {each["access_key_id"]: each for each in credentials}
        self.verdicts = []

    def judge(self, request):
        """What botocore and moto say of the request's signature."""
        authorization = request.field("authorization") or ""
        scheme, _, rest = authorization.partition(" ")
        parts = dict(part.split("=", 1) for part in rest.split(", ")) if scheme == "AWS4-HMAC-SHA256" else {}
        key, _, region, service, _ = parts.get("Credential", "////").split("/")
        names = parts.get("SignedHeaders", "").split(";")
        known = self.credentials.get(key)
        verdict = {
            "method": request.method, "target": request.target, "key": key, "region": region, "service": service,
            "signed": names, "has_token": request.field("x-amz-security-token") is not None, "body_bytes": len(request.body),
            "botocore": False,
            "moto": self.status_of(self.moto_port, request.head, request.body) if request.body else None,
        }
        if known and request.field("x-amz-security-token") == known.get("session_token"):
            expected = self.signature(request, names, known, region, service)
            verdict["botocore"] = hmac.compare_digest(expected, parts.get("Signature", ""))
        self.verdicts.append(verdict)
        return verdict

    @staticmethod
    def signature(request, names, credential, region, service):
        signed = AWSRequest(
            method=request.method, url=f"http://{request.field('host')}{request.target}", data=request.body,
            headers={name: value for name, value in request.fields if name in names},
        )
        signed.context["timestamp"] = request.field("x-amz-date")
        auth = SigV4Auth(Credentials(credential["access_key_id"], credential["secret_access_key"]), service, region)
        return auth.signature(auth.string_to_sign(signed, auth.canonical_request(signed)), signed)

    @staticmethod
    def exchange(port, head, body):
        """Sends the bytes and yields what comes back, to the end of the connection."""
        line, rest = head.split(b"\r\n", 1)
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(line + b"\r\nconnection: close\r\n" + rest + body)
            while piece := connection.recv(65536):
                yield piece

    def status_of(self, port, head, body):
        return int(b"".join(self.exchange(port, head, body)).split(b" ", 2)[1])

    def answer(self, request, write):
        if request.target == "/verdicts":
            return write(self.plain(200, json.dumps(self.verdicts)))
        verdict = self.judge(request)
        if not verdict["botocore"] or verdict["moto"] == 403:
            message = "The request signature we calculated does not match the signature you provided."
            return write(
                self.plain(403, json.dumps({"message": message}), "x-amzn-errortype: InvalidSignatureException\r\n")
            )
        fields = [(name, value) for name, value in request.fields if name != "authorization" and "x-amz" not in name]
        fields.append(("authorization", f"Bearer {self.stub_key}"))
        head = f"{request.method} {request.target} HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in fields) + "\r\n"
        for piece in self.exchange(self.stub_port, head.encode("latin-1"), request.body):
            write(piece)

    @staticmethod
    def plain(status, body, more=""):
        head = f"HTTP/1.1 {status} -\r\ncontent-type: application/json\r\nconnection: close\r\n{more}"
        return f"{head}content-length: {len(body)}\r\n\r\n{body}".encode()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, bedrock):
        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                try:
                    bedrock.answer(Request(self.rfile), self.wfile.write)
                except EOFError:
                    pass

        super().__init__(("127.0.0.1", 0), Handler)


def main():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--stub", type=int, required=True)
    parser.add_argument("--stub-key", required=True)
    options = parser.parse_args()
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    port = moto.get_host_and_port()[1]
    credentials = make_credentials(port)
    server = Server(Bedrock(port, credentials.values(), options.stub, options.stub_key))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with open(options.file + ".partial", "w") as file:
        json.dump({"moto_port": port, "bedrock_port": server.server_address[1], "region": REGION} | credentials, file)
    os.rename(options.file + ".partial", options.file)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    os._exit(0)


if __name__ == "__main__":
    main()

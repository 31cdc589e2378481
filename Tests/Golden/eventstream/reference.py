"""Writes the event streams of this folder, and has botocore read each of them.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install botocore && /tmp/venv/bin/python Tests/Golden/eventstream/reference.py

botocore has a reader of event streams and no writer, so the bytes are put together here, by the encoding's description, and a file is written
only after botocore has read from it what was put in, or has refused it where it has to. `converse-stream.hex` is the other way round: Weir wrote
it, and botocore reads it here as an answer of Converse.
"""

import json
import os
import struct
import uuid
import zlib

import botocore
import botocore.session
from botocore.eventstream import ChecksumMismatch, EventStream, EventStreamBuffer, InvalidHeadersLength, InvalidPayloadLength

FOLDER = os.path.dirname(os.path.abspath(__file__))


def header(name, kind, value=b""):
    return bytes([len(name)]) + name.encode() + bytes([kind]) + value


def counted(value):
    return struct.pack("!H", len(value)) + value


def string(name, value):
    return header(name, 7, counted(value.encode()))


def message(headers, payload=b""):
    headers = b"".join(headers)
    prelude = struct.pack("!II", 16 + len(headers) + len(payload), len(headers))
    prelude += struct.pack("!I", zlib.crc32(prelude))
    body = prelude + headers + payload
    return body + struct.pack("!I", zlib.crc32(body))


def event(kind, payload):
    return message([string(":event-type", kind), string(":content-type", "application/json"), string(":message-type", "event")], json.dumps(payload).encode())


def exception(kind, payload):
    return message([string(":exception-type", kind), string(":content-type", "application/json"), string(":message-type", "exception")], json.dumps(payload).encode())


ID = uuid.UUID("01020304-0506-0708-090a-0b0c0d0e0f10").bytes
ALL = [
    header("true", 0), header("false", 1), header("byte", 2, struct.pack("!b", -49)), header("short", 3, struct.pack("!h", -5000)),
    header("integer", 4, struct.pack("!i", 40972)), header("long", 5, struct.pack("!q", -(2**62))), header("bytes", 6, counted(b"\x00\xffbytes")),
    string("string", "application/json \u2603"), header("timestamp", 8, struct.pack("!q", 8675309)), header("uuid", 9, ID),
]
JSON = b"{'foo':'bar'}"

GOOD = {
    "empty-message": message([]),
    "int32-header": message([header("event-type", 4, struct.pack("!i", 0xA00C))], JSON),
    "payload-no-headers": message([], JSON),
    "payload-one-string-header": message([string("content-type", "application/json")], JSON),
    "empty-values": message([string("text", ""), header("bytes", 6, counted(b""))]),
    "all-headers": message(ALL, JSON),
    "three-messages": message([], b"one") + message(ALL) + event("messageStop", {"stopReason": "end_turn"}),
    "error": message([string(":message-type", "error"), string(":error-code", "InternalError"), string(":error-message", "An internal server error occurred")]),
    "exception": exception("throttlingException", {"message": "Too many requests"}),
}


def altered(name, offset):
    changed = bytearray(GOOD[name])
    changed[offset] ^= 0x01
    return bytes(changed)


def lengths(total, headers):
    prelude = struct.pack("!II", total, headers)
    return prelude + struct.pack("!I", zlib.crc32(prelude))


BAD = {
    "corrupted-length": (altered("all-headers", 3), ChecksumMismatch),
    "corrupted-header-length": (altered("all-headers", 7), ChecksumMismatch),
    "corrupted-headers": (altered("all-headers", 20), ChecksumMismatch),
    "corrupted-payload": (altered("all-headers", len(GOOD["all-headers"]) - 6), ChecksumMismatch),
    "corrupted-checksum": (altered("all-headers", -1), ChecksumMismatch),
    "headers-too-long": (lengths(1 << 20, 128 * 1024 + 1), InvalidHeadersLength),
    # botocore takes up to 24 MiB.
    "message-too-long": (lengths(25 << 20, 0), InvalidPayloadLength),
}


def read(data):
    buffer = EventStreamBuffer()
    buffer.add_data(data)
    return list(buffer)


def write(name, data):
    with open(os.path.join(FOLDER, name + ".hex"), "w") as file:
        file.write(data.hex() + "\n")


def check_headers():
    want = {"true": True, "false": False, "byte": -49, "short": -5000, "integer": 40972, "long": -(2**62), "bytes": b"\x00\xffbytes",
            "string": "application/json \u2603", "timestamp": 8675309, "uuid": ID}
    (got,) = read(GOOD["all-headers"])
    assert got.headers == want and got.payload == JSON, got.headers


class Raw:
    def __init__(self, data):
        self.data = data

    def stream(self):
        # In odd pieces, as they come from a socket.
        for start in range(0, len(self.data), 37):
            yield self.data[start : start + 37]


def converse_events(data):
    client = botocore.session.Session().create_client("bedrock-runtime", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y")
    shape = client.meta.service_model.operation_model("ConverseStream").output_shape.members["stream"]
    from botocore.parsers import EventStreamJSONParser

    return list(EventStream(Raw(data), shape, EventStreamJSONParser(), "ConverseStream"))


def main():
    check_headers()
    for name, data in GOOD.items():
        assert len(read(data)) == (3 if name == "three-messages" else 1), name
        write(name, data)
    for name, (data, error) in BAD.items():
        try:
            read(data)
            raise AssertionError(name)
        except error:
            write(name, data)
    print(len(GOOD), "streams read and", len(BAD), "refused by botocore", botocore.__version__)
    own = os.path.join(FOLDER, "converse-stream.hex")
    if os.path.exists(own):
        for item in converse_events(bytes.fromhex(open(own).read())):
            print(json.dumps(item, default=repr))


if __name__ == "__main__":
    main()

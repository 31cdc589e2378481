"""What the programs that drive official clients share: options, the order of the checks, and the report.

A program makes a subclass of `Checks`; its public methods are the checks, run in the order in which they stand, and each one's name
is the fact it shows. Printed is one JSON object: `checks`, each with its name and, when it failed, the reason; and `answers`, what the
client was told about every answered request, for the caller to compare with the usage report. The exit status is 0 when every check
held.
"""

import argparse
import json
import struct
import sys
import traceback
import zlib
from typing import List, Literal

import pydantic

SKIPPED = object()

#: The smallest cap on an answer that every provider takes.
CAP = 16

#: What a river is asked, in more than one alphabet.
QUESTION = "Where do you begin, and what do you carry? \u2014 \u00fcber Stock & Stein \U0001f30a \u4f60\u597d"
SYSTEM = "You are a river. Antworte k\u00fcrzer als ein Bach."
#: Comes back in the arguments of a call and in structured answers, whatever lies between.
UNICODE_WORD = "\u00fcber \U0001f30a \u4f60\u597d \"quoted\" \\ back"


def png(width=2, height=2):
    """The smallest image that is one."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = b"".join(b"\x00" + b"\x20\x60\xa0" * width for _ in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def weather_schema(closed=False):
    """Of the arguments of the first tool, as JSON schema."""
    schema = {
        "type": "object",
        "properties": {
            "place": {"type": "string", "description": "Where?"},
            "word": {"type": "string", "enum": [UNICODE_WORD]},
            "days": {"type": "integer"},
        },
        "required": ["place", "word"],
    }
    return {**schema, "additionalProperties": False} if closed else schema


def level_schema():
    return {"type": "object", "properties": {"gauge": {"type": "string"}}, "required": ["gauge"]}


class Reach(pydantic.BaseModel):
    """A part of a river."""

    name: Literal[UNICODE_WORD]
    metres: int


class River(pydantic.BaseModel):
    """A river."""

    source: str
    reaches: List[Reach]


class Checks:
    """Of one client. A subclass says how it is made: `_client(key)`."""

    #: The dialect that the client speaks.
    dialect = None

    def __init__(self, options):
        self.options = options
        self.answers = []
        self.client = self._client(options.key)

    @property
    def weir(self):
        return self.options.weir

    @property
    def target(self):
        """The dialect of the provider behind."""
        return self.options.target or self.dialect

    @property
    def is_own(self):
        """Client and provider speak the same: nothing is lost between them."""
        return self.target == self.dialect

    @property
    def has_stops(self):
        """The provider can be told where to stop: OpenAI's responses know nothing of that."""
        return self.target != "responses"

    @property
    def can_decline_parallel_calls(self):
        return self.target in ("anthropic", "openai", "responses")

    def record(self, kind, headers, prompt, completion, cached=0):
        """Remembers what the client was told; `prompt` with all that was cached, `completion` with all that was thought."""
        headers = headers or {}
        self.answers.append(
            {
                "kind": kind,
                "requestID": headers.get("x-request-id") if self.weir else None,
                "target": headers.get("x-weir-target"),
                "costUSD": headers.get("x-weir-cost-usd"),
                "promptTokens": prompt,
                "completionTokens": completion,
                "cachedTokens": cached or 0,
            }
        )

    def check_call(self, name, arguments):
        """Arguments are those that the stub provider gives to every call."""
        if name == "get_weather":
            assert arguments == {"place": "a place", "word": UNICODE_WORD, "days": 7}, arguments
        else:
            assert name == "get_level" and arguments == {"gauge": "a gauge"}, (name, arguments)


def add_options(parser):
    parser.add_argument("--base-url", required=True, help="without a path")
    parser.add_argument("--key", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--target", choices=("openai", "responses", "anthropic", "gemini", "bedrock"), help="of the provider behind")
    parser.add_argument("--weir", action="store_true", help="it is Weir that answers, not the provider itself")
    parser.add_argument("--cached-model", help="a model whose usage tells of 5 cached tokens")
    parser.add_argument("--broken-model", help="a model whose streams end in an error")
    parser.add_argument("--poor-key", help="a key that has no budget left")
    parser.add_argument("--stub", help="the stub provider behind, to be told what it answers")
    parser.add_argument("--ca", help="the authority of the endpoint's certificate, as a PEM file")
    parser.add_argument("--only", help="names of checks, separated by commas")


def main(kind):
    parser = argparse.ArgumentParser()
    add_options(parser)
    options = parser.parse_args()
    checks = kind(options)
    shared = set(dir(Checks))
    names = [name for name, member in vars(kind).items() if callable(member) and name[0] != "_" and name not in shared]
    if options.only:
        names = [name for name in names if name in options.only.split(",")]
    results = []
    for name in names:
        result = {"name": name, "failure": None, "skipped": False}
        try:
            result["skipped"] = getattr(checks, name)() is SKIPPED
        except Exception as error:  # whatever a client raises is a failure of the check
            frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == sys.argv[0]]
            where = frames[-1] if frames else traceback.extract_tb(error.__traceback__)[-1]
            result["failure"] = f"{type(error).__name__}: {error} ({where.name}:{where.lineno})"
        results.append(result)
    json.dump({"checks": results, "answers": checks.answers}, sys.stdout, indent=1)
    print()
    sys.exit(any(result["failure"] for result in results))

"""What conversations and replies are made of, in no dialect's words, and how each piece gets its made-up identity."""
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Optional

DIALECTS = ("openai", "anthropic", "gemini", "bedrock")


class CannotSay(Exception):
    """The dialect has no words for it: the file is left out, and this is the reason."""


# Parts of messages, of replies, or of both. `mark` is "5m" or "1h": up to here the provider is asked to remember.


@dataclass
class Text:
    text: str
    mark: Optional[str] = None
    citations: tuple = ()


@dataclass
class Image:
    url: str = ""
    data: str = ""
    type: str = "image/png"
    detail: Optional[str] = None


@dataclass
class Document:
    """`data` is base64 of a PDF, or a plain text."""

    data: str
    title: str
    type: str = "application/pdf"
    url: str = ""


@dataclass
class Audio:
    data: str
    format: str = "wav"


@dataclass
class Call:
    name: str
    arguments: dict
    key: str = "a"  # tells calls of one case apart
    signature: Optional[str] = None
    as_sent: Optional[str] = None  # the arguments' JSON, where its spelling matters


@dataclass
class Result:
    key: str
    name: str
    parts: list
    error: bool = False


@dataclass
class Thought:
    text: str
    signature: Optional[str] = None
    sealed: Optional[str] = None


@dataclass
class Refusal:
    text: str


@dataclass
class Search:
    """The provider looked something up by itself."""

    query: str
    pages: tuple  # (title, URL)


@dataclass
class Citation:
    title: str
    url: str
    quoted: str


@dataclass
class Turn:
    role: str
    parts: list


@dataclass
class Tool:
    name: str
    about: Optional[str] = None
    schema: Optional[dict] = None
    strict: Optional[bool] = None
    mark: Optional[str] = None
    named: dict = field(default_factory=dict)  # by dialect, where `name` is not legal everywhere


@dataclass
class Usage:
    """`input` and `output` are totals, the others parts of them."""

    input: int = 24
    output: int = 18
    cached: int = 0
    written5: int = 0
    written1h: int = 0
    reasoning: int = 0


@dataclass
class Choice:
    parts: list
    finish: str = "stop"  # stop, stop_sequence, length, tools, filter, refusal
    stop: Optional[str] = None
    logprobs: bool = False


@dataclass
class Reply:
    choices: list
    usage: Usage = field(default_factory=Usage)


@dataclass
class Failure:
    """In place of a reply: an error before the first byte, and the same in the middle of a stream."""

    begun: Reply


@dataclass
class Case:
    name: str
    about: str
    turns: list
    reply: Any
    replies: dict = field(default_factory=dict)  # by dialect, where one differs; a plain object is a body as it stands
    events: dict = field(default_factory=dict)  # by dialect: the stream as it stands, in names and data of its events
    tools: list = field(default_factory=list)
    choice: Any = None  # "auto", "none", "required", or the name of a tool
    parallel: Optional[bool] = None
    limit: Optional[int] = 1024
    stops: list = field(default_factory=list)
    sampling: dict = field(default_factory=dict)
    schema: Optional[dict] = None
    json: bool = False
    effort: Optional[str] = None
    budget: Optional[int] = None
    user: Optional[str] = None
    stream: bool = False
    also: dict = field(default_factory=dict)  # by dialect: members beside these
    unsaid: dict = field(default_factory=dict)  # by dialect: why it cannot be said in it

    def name_of(self, tool, dialect):
        """How a caller of `dialect` names a tool."""
        return next((t.named.get(dialect, t.name) for t in self.tools if t.name == tool), tool)


def user(*parts):
    return Turn("user", [Text(p) if isinstance(p, str) else p for p in parts])


def assistant(*parts):
    return Turn("assistant", [Text(p) if isinstance(p, str) else p for p in parts])


def system(*parts):
    return Turn("system", [Text(p) if isinstance(p, str) else p for p in parts])


def results(*parts):
    return Turn("tool", list(parts))


def says(*parts, finish="stop", usage=None, stop=None):
    parts = [Text(p) if isinstance(p, str) else p for p in parts]
    return Reply([Choice(parts, finish, stop)], usage or Usage())


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def token(case, label, length, alphabet=LETTERS):
    """A made-up identity: always the same one for the same thing."""
    digits, counter = "", 0
    while len(digits) < length:
        digest = hashlib.sha256(f"{case}/{label}/{counter}".encode()).digest()
        digits += "".join(alphabet[byte % len(alphabet)] for byte in digest)
        counter += 1
    return digits[:length]


def call_id(case, key, dialect):
    """How the provider of `dialect` names a call."""
    match dialect:
        case "openai":
            return "call_" + token(case, key, 24)
        case "anthropic":
            return "toolu_01" + token(case, key, 22)
        case "bedrock":
            return "tooluse_" + token(case, key, 22)
    return token(case, key, 8, "abcdefghijklmnopqrstuvwxyz0123456789")


def pieces(text, sizes=(1, 4, 2, 9, 3, 17, 6)):
    """`text` cut where nobody would: words, escapes of JSON and combining marks apart from their letters."""
    cut, at, turn = [], 0, 0
    while at < len(text):
        size = sizes[turn % len(sizes)] * (1 if len(text) < 400 else 12)
        cut.append(text[at : at + size])
        at, turn = at + size, turn + 1
    return cut


def compact(value, ascii=False):
    return json.dumps(value, ensure_ascii=ascii, separators=(",", ":"))


def pretty(value):
    return json.dumps(value, ensure_ascii=False, indent=2)


def arguments(call):
    """The arguments of a call as a model writes them."""
    return call.as_sent if call.as_sent is not None else json.dumps(call.arguments, ensure_ascii=False)

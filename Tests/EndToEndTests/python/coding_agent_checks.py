"""Drives an endpoint with a coding agent's command line, unchanged, as a developer would: tasks with tools, in folders of its own.

    coding_agent_checks.py --base-url http://HOST:PORT --stub http://HOST:PORT --key KEY --model MODEL [--target DIALECT] [--weir]

The agent is Claude Code, as the package claude-agent-sdk bundles it. It speaks to nobody but the endpoint: every other address is
behind a proxy that is not there. What the model has it do is said to the stub provider beforehand. See client_checks.py for the report
and the other options.
"""

import base64
import json
import os
import pathlib
import subprocess
import tempfile
import urllib.request

import claude_agent_sdk

from client_checks import SKIPPED, UNICODE_WORD, Checks, main, png, weather_schema
from wire_tap import WireTap

AGENT = pathlib.Path(claude_agent_sdk.__file__).parent / "_bundled" / "claude"
#: A run takes one or two seconds.
SECONDS_MAX = 30
TASK = "What does note.txt say?"
FINAL_TEXT = f"The word is {UNICODE_WORD}."
#: What the ledger of the stub provider calls a request for an answer.
ENDPOINTS = {
    "openai": "chat",
    "responses": "responses",
    "anthropic": "messages",
    "gemini": "generate_content",
    "bedrock": "converse",
}
#: What is left out, and what is changed, of each request of the agent's on the way to a provider of another dialect.
DROPPED = {
    "openai": {"context_management", "tools[].defer_loading"},
    "responses": {"context_management", "tools[].defer_loading"},
    "anthropic": set(),
    "gemini": {"context_management", "tools[].defer_loading", "user"},
    "bedrock": {"context_management", "tools[].defer_loading", "user", "reasoning_effort"},
}
ADJUSTED = {"openai": {"user"}, "responses": {"user"}, "anthropic": set(), "gemini": set(), "bedrock": set()}


def call(name, **arguments):
    return {"name": name, "arguments": arguments}


def calls(*calls):
    return {"calls": list(calls)}


def text(text=FINAL_TEXT):
    return {"text": text}


class Agent:
    """The command line with one key, in folders that nobody else has."""

    def __init__(self, options, key):
        self.options, self.key = options, key
        self.tap = WireTap(options.base_url)
        self.root = tempfile.TemporaryDirectory(prefix="weir-agent-")
        self.home, self.work = pathlib.Path(self.root.name, "home"), pathlib.Path(self.root.name, "work")
        self.home.mkdir()
        self.work.mkdir()

    def run(self, prompt, *arguments, model=None):
        """The exit status, what it printed as JSON, and what went over the wire meanwhile."""
        before = len(self.tap.exchanges)
        model = model or self.options.model
        command = [AGENT, "-p", prompt, "--output-format", "json", "--model", model, "--allowedTools", "Read,Bash"]
        process = subprocess.run(
            command + list(arguments),
            cwd=self.work,
            env=self._environment(model),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS_MAX,
        )
        exchanges = self.tap.exchanges[before:]
        try:
            result = json.loads(process.stdout)
        except ValueError as error:
            raise AssertionError(f"it printed {process.stdout!r} and {process.stderr!r}") from error
        return process.returncode, result, exchanges

    def _environment(self, model):
        nowhere = "http://127.0.0.1:9"
        return {
            "PATH": os.defpath,
            "HOME": str(self.home),
            "CLAUDE_CONFIG_DIR": str(self.home / ".claude"),
            "ANTHROPIC_BASE_URL": self.tap.url,
            "ANTHROPIC_AUTH_TOKEN": self.key,
            "ANTHROPIC_DEFAULT_HAIKU_MODEL": model,
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "DISABLE_TELEMETRY": "1",
            "HTTP_PROXY": nowhere,
            "HTTPS_PROXY": nowhere,
            "NO_PROXY": "127.0.0.1",
        }


class AgentChecks(Checks):
    dialect = "anthropic"
    #: Of the first task, which is gone on with.
    session = None

    def _client(self, key):
        return Agent(self.options, key)

    def _stub(self, method, path, body=None):
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.options.stub}/stub/{path}", data, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def _run(self, kind, *arguments, says):
        """A run in which the model says these things, one after the other, and the agent does them."""
        self._stub("DELETE", "answers")
        self._stub("POST", "answers", {"answers": says})
        status, result, exchanges = self.client.run(TASK, *arguments)
        told = [self._record(kind, exchange) for exchange in exchanges]
        assert status == 0 and not result["is_error"] and not result["permission_denials"], (status, result)
        assert len(exchanges) == len(says), [exchange.path for exchange in exchanges]
        if self.weir:
            self._check_providers_side(exchanges)
        return result, exchanges, told

    def _record(self, kind, exchange):
        """What an answer was said to use: prompt and completion."""
        assert exchange.status == 200, (exchange.status, exchange.answer[:500])
        usage = {}
        for event in exchange.events:
            usage.update(event.get("message", event).get("usage") or {})
        cached = usage["cache_read_input_tokens"]
        prompt = usage["input_tokens"] + cached + usage["cache_creation_input_tokens"]
        self.record(kind, exchange.headers, prompt, usage["output_tokens"], cached)
        return prompt, usage["output_tokens"]

    def _check_providers_side(self, exchanges):
        """The provider was asked in its own dialect, and lost what it is documented to lose."""
        endpoints = {entry["requestID"]: entry["endpoint"] for entry in self._stub("GET", "ledger")["entries"]}
        for exchange in exchanges:
            assert endpoints[exchange.headers["x-request-id"]] == ENDPOINTS[self.target], exchange.headers
            assert exchange.names("x-weir-dropped-params") == DROPPED[self.target], exchange.headers
            assert exchange.names("x-weir-adjusted-params") == ADJUSTED[self.target], exchange.headers

    def _received(self, exchange):
        """The body of a request as the provider got it, or as the agent sent it where nobody is between."""
        if not self.weir:
            return json.dumps(exchange.request, ensure_ascii=False)
        (request,) = self._stub("GET", f"requests/{exchange.headers['x-request-id']}")["requests"]
        return json.dumps(json.loads(base64.b64decode(request["body"])), ensure_ascii=False)

    def task_is_done_with_tools(self):
        work, picture = self.client.work, png(8, 8)
        (work / "note.txt").write_text(UNICODE_WORD)
        (work / "picture.png").write_bytes(picture)
        read_both = [call("Read", file_path=str(work / name)) for name in ("note.txt", "picture.png")]
        result, exchanges, told = self._run(
            "task",
            says=[
                calls(*read_both),
                calls(call("Read", file_path=str(work / "nothing.txt"))),
                calls(call("Bash", command="cat note.txt > answer.txt", description="Copy the note")),
                calls(call("ToolSearch", query="select:WebFetch", max_results=5)),
                text(),
            ],
        )
        assert result["result"] == FINAL_TEXT, result
        assert (work / "answer.txt").read_text() == UNICODE_WORD
        received = self._received(exchanges[-1])
        for piece in ("\u00fcber \U0001f30a \u4f60\u597d", base64.b64encode(picture).decode(), "does not exist", "WebFetch"):
            assert piece in received, piece
        usage = result["usage"]
        prompt = sum(usage[part + "input_tokens"] for part in ("", "cache_read_", "cache_creation_"))
        assert [prompt, usage["output_tokens"]] == [sum(counts) for counts in zip(*told)], (usage, told)
        self.session = result["session_id"]

    def session_is_gone_on_with(self):
        result, exchanges, _ = self._run("resumed", "--resume", self.session, says=[text()])
        assert result["result"] == FINAL_TEXT, result
        assert json.dumps(FINAL_TEXT, ensure_ascii=False)[1:-1] in self._received(exchanges[0])

    def other_agents_are_asked(self):
        ask = call("Agent", description="Look", prompt="Look around.", subagent_type="Explore", run_in_background=False)
        result, exchanges, _ = self._run("agents", says=[calls(ask), text("Nothing but water."), text()])
        assert result["result"] == FINAL_TEXT, result
        assert "Nothing but water." in self._received(exchanges[-1])

    def answer_fits_the_schema(self):
        answer = {"place": "a place", "word": UNICODE_WORD, "days": 7}
        schema = json.dumps(weather_schema(closed=True))
        says = [calls(call("StructuredOutput", **answer))]
        result, _, _ = self._run("schema", "--json-schema", schema, says=says)
        assert result["structured_output"] == answer, result

    def unknown_model_is_named(self):
        if not self.weir or not self.is_own:
            return SKIPPED  # It is Weir that refuses, whatever is behind.
        status, result, exchanges = self.client.run(TASK, model="no-such-model")
        assert status == 1 and result["is_error"] and "no-such-model" in result["result"], result
        assert {exchange.status for exchange in exchanges} == {404}, exchanges

    def refused_key_is_not_tried_again(self):
        if not self.weir or not self.is_own:
            return SKIPPED
        for key, refusal in (("weir_nobody", 401), (self.options.poor_key, 402)):
            status, result, exchanges = Agent(self.options, key).run(TASK)
            assert status == 1 and result["is_error"], result
            assert [exchange.status for exchange in exchanges] == [refusal], exchanges


if __name__ == "__main__":
    main(AgentChecks)

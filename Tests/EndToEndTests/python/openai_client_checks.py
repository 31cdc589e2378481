"""Drives an OpenAI-compatible endpoint with the official client, unchanged, as a caller would.

    openai_client_checks.py --base-url URL --key KEY [--chat MODEL] [--embedding MODEL] [--provider stub|llama] [--weir]

Prints one JSON object: `checks`, each with its name and, when it failed, the reason; and `answers`, what the client was
told about every answered request (request ID, tokens, the cost Weir named), for the caller to compare with the usage
report. The exit status is 0 when every check held. Without --weir the checks that only Weir can pass are left out, so
that the script can be tried against the provider itself.
"""

import argparse
import base64
import json
import struct
import sys
import traceback

import openai

SKIPPED = object()
WEATHER_TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather at a place.",
        "parameters": {
            "type": "object",
            "properties": {"place": {"type": "string"}, "unit": {"type": "string", "enum": ["C", "F"]}},
            "required": ["place"],
        },
    },
}
MESSAGES = [
    {"role": "system", "content": "You are a river."},
    {"role": "user", "content": "Where do you begin, and what do you carry? \u2014 \u00fcber Stock & Stein \U0001f30a"},
]


class Checks:
    def __init__(self, options):
        self.options = options
        self.client = openai.OpenAI(base_url=options.base_url, api_key=options.key, max_retries=0, timeout=30)
        self.answers = []

    def record(self, kind, headers, usage):
        """Remembers what the provider said it used."""
        details = getattr(usage, "prompt_tokens_details", None)
        self.answers.append(
            {
                "kind": kind,
                "requestID": headers.get("x-request-id"),
                "target": headers.get("x-weir-target"),
                "costUSD": headers.get("x-weir-cost-usd"),
                "promptTokens": usage.prompt_tokens if usage else None,
                "completionTokens": getattr(usage, "completion_tokens", 0) if usage else None,
                "cachedTokens": (getattr(details, "cached_tokens", 0) or 0) if details else 0,
            }
        )

    def check_headers(self, headers, stream=False):
        if self.options.weir:
            # What a stream costs, in money and in time, is not known when its head goes out.
            known = () if stream else ("x-weir-cost-usd", "x-weir-overhead-us")
            for name in ("x-request-id", "x-weir-target", "x-weir-attempts", *known):
                assert headers.get(name), f"no {name}"
            assert headers["x-weir-attempts"] == "1", headers["x-weir-attempts"]

    # The checks, in the order in which they run.

    def chat_answers_with_usage(self):
        raw = self.client.chat.completions.with_raw_response.create(
            model=self.options.chat, messages=MESSAGES, max_tokens=24
        )
        answer = raw.parse()
        assert answer.object == "chat.completion"
        assert answer.choices[0].message.role == "assistant"
        assert answer.choices[0].message.content
        assert answer.choices[0].finish_reason in ("stop", "length")
        assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
        assert 0 < answer.usage.completion_tokens <= 24
        self.check_headers(raw.headers)
        self.record("chat", raw.headers, answer.usage)

    def chat_keeps_one_connection_for_many_requests(self):
        for round in range(5):
            raw = self.client.chat.completions.with_raw_response.create(
                model=self.options.chat, messages=[{"role": "user", "content": f"round {round}"}], max_tokens=16 + round
            )
            self.record("chat", raw.headers, raw.parse().usage)

    def stream_ends_without_a_usage_chunk_nobody_asked_for(self):
        with self.client.chat.completions.with_streaming_response.create(
            model=self.options.chat, messages=MESSAGES, max_tokens=16, stream=True
        ) as raw:
            text = ""
            finish = None
            chunks = 0
            for chunk in raw.parse():
                chunks += 1
                assert chunk.choices, "a chunk without choices reached a caller who did not ask for usage"
                assert getattr(chunk, "usage", None) is None
                text += chunk.choices[0].delta.content or ""
                finish = chunk.choices[0].finish_reason or finish
            assert chunks > 2 and text and finish in ("stop", "length")
            self.check_headers(raw.headers, stream=True)
            # The caller cannot know the usage of this one: only Weir does.
            self.record("stream-unasked", raw.headers, None)

    def stream_ends_with_usage_when_asked(self):
        with self.client.chat.completions.with_streaming_response.create(
            model=self.options.chat, messages=MESSAGES, max_tokens=16, stream=True, stream_options={"include_usage": True}
        ) as raw:
            last = None
            identities = set()
            for chunk in raw.parse():
                last = chunk
                identities.add(chunk.id)
            assert last is not None and last.choices == [] and last.usage.completion_tokens > 0
            assert len(identities) == 1
            self.record("stream", raw.headers, last.usage)

    def tools_come_back_as_tool_calls(self):
        if self.options.provider == "llama":
            return SKIPPED  # A random model calls no tools.
        raw = self.client.chat.completions.with_raw_response.create(
            model=self.options.chat, messages=MESSAGES, tools=[WEATHER_TOOL], tool_choice="required"
        )
        answer = raw.parse()
        call = answer.choices[0].message.tool_calls[0]
        assert call.type == "function" and call.function.name == "get_weather"
        assert isinstance(json.loads(call.function.arguments), dict)
        assert answer.choices[0].finish_reason == "tool_calls"
        self.record("tools", raw.headers, answer.usage)

    def tools_stream_as_deltas(self):
        if self.options.provider == "llama":
            return SKIPPED
        with self.client.chat.completions.with_streaming_response.create(
            model=self.options.chat,
            messages=MESSAGES,
            tools=[WEATHER_TOOL],
            tool_choice="required",
            stream=True,
            stream_options={"include_usage": True},
        ) as raw:
            name, arguments, finish, usage = None, "", None, None
            for chunk in raw.parse():
                usage = chunk.usage or usage
                for choice in chunk.choices:
                    finish = choice.finish_reason or finish
                    for call in choice.delta.tool_calls or []:
                        name = call.function.name or name
                        arguments += call.function.arguments or ""
            assert name == "get_weather" and isinstance(json.loads(arguments), dict) and finish == "tool_calls"
            self.record("tools-stream", raw.headers, usage)

    def several_choices_come_back(self):
        if self.options.provider == "llama":
            return SKIPPED
        raw = self.client.chat.completions.with_raw_response.create(
            model=self.options.chat, messages=MESSAGES, n=3, max_completion_tokens=5
        )
        answer = raw.parse()
        assert [choice.index for choice in answer.choices] == [0, 1, 2]
        self.record("chat-n", raw.headers, answer.usage)

    def embeddings_come_as_floats(self):
        if not self.options.embedding:
            return SKIPPED
        raw = self.client.embeddings.with_raw_response.create(
            model=self.options.embedding, input=["one river", "two rivers"], encoding_format="float"
        )
        answer = raw.parse()
        assert [item.index for item in answer.data] == [0, 1]
        assert all(isinstance(number, float) for number in answer.data[0].embedding)
        assert answer.usage.prompt_tokens > 0
        self.record("embeddings", raw.headers, answer.usage)

    def embeddings_come_as_base64(self):
        if not self.options.embedding:
            return SKIPPED
        raw = self.client.embeddings.with_raw_response.create(
            model=self.options.embedding, input="one river", encoding_format="base64"
        )
        answer = raw.parse()
        packed = base64.b64decode(answer.data[0].embedding)
        assert len(packed) % 4 == 0
        floats = struct.unpack(f"<{len(packed) // 4}f", packed)
        assert any(number != 0 for number in floats)
        self.record("embeddings-base64", raw.headers, answer.usage)

    def embeddings_default_encoding_is_decoded_by_the_client(self):
        if not self.options.embedding:
            return SKIPPED
        raw = self.client.embeddings.with_raw_response.create(model=self.options.embedding, input="one river")
        answer = raw.parse()
        assert isinstance(answer.data[0].embedding[0], float)
        self.record("embeddings", raw.headers, answer.usage)

    def model_list_names_the_models(self):
        names = {model.id for model in self.client.models.list()}
        wanted = {name for name in (self.options.chat, self.options.embedding) if name}
        assert wanted & names if not self.options.weir else wanted <= names, f"{wanted} not in {names}"

    def bad_key_is_an_authentication_error(self):
        if self.options.provider == "llama" and not self.options.weir:
            return SKIPPED  # llama.cpp asks for no key.
        stranger = openai.OpenAI(base_url=self.options.base_url, api_key="weir_nobody", max_retries=0, timeout=30)
        try:
            stranger.chat.completions.create(model=self.options.chat, messages=MESSAGES)
        except openai.AuthenticationError as error:
            assert error.status_code == 401 and error.code == "invalid_api_key", (error.status_code, error.code)
            assert error.type == "invalid_request_error", error.type
            assert error.request_id, "no request ID on the error"
        else:
            raise AssertionError("a bad key was accepted")

    def unknown_model_is_a_not_found_error(self):
        if self.options.provider == "llama" and not self.options.weir:
            return SKIPPED  # llama.cpp answers to any name.
        try:
            self.client.chat.completions.create(model="no-such-model", messages=MESSAGES)
        except openai.NotFoundError as error:
            assert error.code == "model_not_found", error.code
            assert error.type == "invalid_request_error", error.type
            assert "no-such-model" in error.message, error.message
        else:
            raise AssertionError("an unknown model was accepted")

    def bad_body_is_a_bad_request_error(self):
        # `messages` missing is the provider's verdict; it passes through Weir with its status.
        for body in ({"model": self.options.chat}, {"model": self.options.chat, "messages": "not a list"}):
            try:
                self.client.post("/chat/completions", body=body, cast_to=object)
            except openai.BadRequestError as error:
                assert error.status_code == 400
            else:
                raise AssertionError(f"{body} was accepted")

    def body_that_is_not_json_is_a_bad_request_error(self):
        try:
            self.client.post("/chat/completions", content=b'{"model": ', cast_to=object)
        except openai.BadRequestError as error:
            assert error.status_code == 400
            if self.options.weir:
                assert error.type == "invalid_request_error", error.type
        else:
            raise AssertionError("half a JSON object was accepted")

    def missing_model_is_a_bad_request_error(self):
        if not self.options.weir:
            return SKIPPED
        try:
            self.client.post("/chat/completions", body={"messages": MESSAGES}, cast_to=object)
        except openai.BadRequestError as error:
            assert error.param == "model", error.param
        else:
            raise AssertionError("a request without a model was accepted")


def run(checks, names):
    """Makes these checks, and prints what came of them and what the client was told."""
    results = []
    for name in names:
        try:
            skipped = getattr(checks, name)() is SKIPPED
            results.append({"name": name, "failure": None, "skipped": skipped})
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            results.append({"name": name, "failure": f"{type(error).__name__}: {error} ({where.name}:{where.lineno})", "skipped": False})
    json.dump({"checks": results, "answers": checks.answers}, sys.stdout, indent=1)
    print()
    sys.exit(any(result["failure"] for result in results))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--chat")
    parser.add_argument("--embedding")
    parser.add_argument("--provider", choices=("stub", "llama"), default="stub")
    parser.add_argument("--weir", action="store_true")
    parser.add_argument("--only", help="names of checks, separated by commas")
    options = parser.parse_args()

    checks = Checks(options)
    names = [
        name
        for name, member in vars(Checks).items()
        if callable(member) and not name.startswith("_") and name not in ("record", "check_headers")
    ]
    if options.only:
        names = [name for name in names if name in options.only.split(",")]
    if not options.chat:
        names = [name for name in names if name.startswith("embeddings")]
    run(checks, names)


if __name__ == "__main__":
    main()

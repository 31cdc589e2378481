"""Drives an endpoint's Responses API with the official OpenAI client, unchanged, as a caller would.

    responses_client_checks.py --base-url http://HOST:PORT --key KEY --model MODEL [--target DIALECT] [--weir]

See client_checks.py for the report and the other options. What comes back is held to the client's own models to the letter: the client
itself would let pass whatever lacks a member.
"""

import base64
import json

import openai
from openai.types.responses import Response

from client_checks import (
    CAP,
    QUESTION,
    SKIPPED,
    SYSTEM,
    UNICODE_WORD,
    Checks,
    River,
    level_schema,
    main,
    png,
    weather_schema,
)

ENDINGS = ("response.completed", "response.incomplete", "response.failed", "error")


def tool(name, description, schema):
    return {"type": "function", "name": name, "description": description, "parameters": schema, "strict": False}


TOOLS = [
    tool("get_weather", "The weather at a place.", weather_schema()),
    tool("get_level", "The level at a gauge.", level_schema()),
]


def user(content):
    return {"role": "user", "content": content}


def calls(response):
    return [item for item in response.output if item.type == "function_call"]


def results(response):
    """The results of all calls of a response."""
    return [
        {"type": "function_call_output", "call_id": call.call_id, "output": f"{call.name}: bright"}
        for call in calls(response)
    ]


# Codes of failures that the client's types do not list, and agents go by.
CODES_OF_THE_SERVER = ("context_length_exceeded", "insufficient_quota", "server_is_overloaded")


class Stream:
    """The events of a stream in their order, each held to its model: numbers without gaps, items that open one after the other."""

    def __init__(self):
        self.types, self.deltas, self.open, self.done, self.response = [], {}, None, 0, None

    def add(self, event):
        shown = event.to_dict(mode="json", warnings=False)
        if event.type == "response.failed" and shown["response"]["error"]["code"] in CODES_OF_THE_SERVER:
            shown["response"]["error"]["code"] = "server_error"
        type(event).model_validate_json(json.dumps(shown), strict=True)
        assert self.types[-1:] == [] or self.types[-1] not in ENDINGS, "an event behind the last one"
        assert event.sequence_number == len(self.types), (event.sequence_number, self.types)
        self.types.append(event.type)
        if event.type == "response.output_item.added":
            assert self.open is None and event.output_index == self.done, "a second item is open"
            self.open = event.item
        elif event.type == "response.output_item.done":
            assert self.open.id == event.item.id and event.output_index == self.done, (self.open, event)
            self.open, self.done = None, self.done + 1
        elif hasattr(event, "item_id"):
            assert event.item_id == self.open.id and event.output_index == self.done, (self.open, event)
            if event.type.endswith(".delta"):
                name = event.type.removesuffix(".delta")
                self.deltas[name] = self.deltas.get(name, "") + event.delta
        self.response = getattr(event, "response", self.response)

    def check(self):
        """A stream that ended well."""
        assert self.types[0] == "response.created" and self.types[-1] in ENDINGS[:2], self.types
        assert self.open is None and self.done == len(self.response.output), self.types
        texts = [item.content[0].text for item in self.response.output if item.type == "message"]
        assert self.deltas.get("response.output_text", "") == "".join(texts), self.deltas
        arguments = "".join(call.arguments for call in calls(self.response))
        assert self.deltas.get("response.function_call_arguments", "") == arguments, self.deltas


class ResponsesChecks(Checks):
    dialect = "responses"

    def _client(self, key):
        return openai.OpenAI(base_url=self.options.base_url + "/v1", api_key=key, max_retries=0, timeout=30)

    def _record(self, kind, headers, usage):
        assert usage.input_tokens > 0 and usage.output_tokens > 0, usage
        assert usage.total_tokens == usage.input_tokens + usage.output_tokens, usage
        assert 0 <= usage.output_tokens_details.reasoning_tokens <= usage.output_tokens, usage
        assert 0 <= usage.input_tokens_details.cached_tokens <= usage.input_tokens, usage
        self.record(kind, headers, usage.input_tokens, usage.output_tokens, usage.input_tokens_details.cached_tokens)

    def _asked(self, given, more):
        return {"model": self.options.model, "max_output_tokens": 200, "input": given, **more}

    def _create(self, kind, given, **more):
        raw = self.client.responses.with_raw_response.create(**self._asked(given, more))
        Response.model_validate_json(raw.text, strict=True)
        response = raw.parse()
        assert response.object == "response" and response.id and response.status in ("completed", "incomplete"), response
        self._record(kind, raw.headers, response.usage)
        return response

    def _stream(self, kind, given, **more):
        """The events as the server sends them, and the response at their end."""
        seen = Stream()
        with self.client.responses.with_streaming_response.create(**self._asked(given, more), stream=True) as raw:
            for event in raw.parse():
                seen.add(event)
            seen.check()
            self._record(kind, raw.headers, seen.response.usage)
        return seen.response

    def _text(self, response):
        assert response.output_text, response
        return response.output_text

    def response_answers_with_usage(self):
        for given in (QUESTION, [user(QUESTION)], [user([{"type": "input_text", "text": QUESTION}])]):
            response = self._create("plain", given)
            self._text(response)
            assert response.status == "completed" and response.error is None and not calls(response), response

    def instructions_are_part_of_the_input(self):
        without = self._create("plain", "hello")
        response = self._create("instructions", "hello", instructions=SYSTEM)
        assert response.usage.input_tokens > without.usage.input_tokens + 8, response.usage
        for role in ("system", "developer"):
            response = self._create("instructions", [{"role": role, "content": SYSTEM}, user("hello")])
            assert response.usage.input_tokens > without.usage.input_tokens + 8, response.usage

    def conversation_of_several_turns_is_answered(self):
        turns = [user("hello"), {"role": "assistant", "content": "Good day."}, user("And you?"), user(QUESTION)]
        self._text(self._create("turns", turns))
        first = self._create("turns", "hello")
        # What the server said comes back as it was.
        self._text(self._create("turns", [user("hello"), *first.output, user("And you?")]))

    def stream_is_put_together(self):
        seen = Stream()
        with self.client.responses.stream(**self._asked(QUESTION, {"instructions": SYSTEM})) as stream:
            text = ""
            for event in stream:
                seen.add(event)
                if event.type == "response.output_text.delta":
                    text += event.delta
                    assert event.snapshot == text, event
            response = stream.get_final_response()
        seen.check()
        assert response.status == "completed" and response.output_text == text and len(text.split()) > 8, response

    def raw_stream_names_its_events(self):
        seen = Stream()
        for event in self.client.responses.create(**self._asked("hello", {}), stream=True):
            seen.add(event)
        seen.check()
        shown = [name for index, name in enumerate(seen.types) if index == 0 or name != seen.types[index - 1]]
        wanted = ["created", "in_progress", "output_item.added", "content_part.added", "output_text.delta"]
        wanted += ["output_text.done", "content_part.done", "output_item.done", "completed"]
        assert shown == ["response." + name for name in wanted], shown

    def streams_are_counted_too(self):
        response = self._stream("stream", QUESTION, instructions=SYSTEM)
        assert response.status == "completed" and self._text(response), response

    def tool_is_called_and_its_result_answered(self):
        for choice in ("required", {"type": "function", "name": "get_weather"}, "auto"):
            turns = [user("Please use get_weather.")]
            response = self._create("tools", turns, tools=TOOLS[:1], tool_choice=choice)
            call = response.output[-1]
            assert call.type == "function_call" and call.call_id and response.status == "completed", response
            self.check_call(call.name, json.loads(call.arguments))
            turns += [*response.output, *results(response)]
            answer = self._create("tools-result", turns, tools=TOOLS[:1])
            assert self._text(answer) and not calls(answer), answer

    def no_tool_is_called_where_none_may_be(self):
        response = self._create("tools", "Use get_weather.", tools=TOOLS, tool_choice="none")
        assert [item.type for item in response.output] == ["message"], response

    def tools_are_called_in_parallel(self):
        self._check_parallel("tools-parallel", self._create)

    def parallel_tool_calls_stream(self):
        self._check_parallel("tools-parallel-stream", self._stream)

    def _check_parallel(self, kind, send):
        turns = [user("Both in parallel.")]
        response = send(kind, turns, tools=TOOLS)
        made = calls(response)
        assert [call.name for call in made] == ["get_weather", "get_level"], response
        assert len({call.call_id for call in made}) == 2, response
        for call in made:
            self.check_call(call.name, json.loads(call.arguments))
        # The results may come in any order.
        turns += [*response.output, *reversed(results(response))]
        assert self._text(self._create("tools-parallel-result", turns, tools=TOOLS))

    def tool_call_streams(self):
        response = self._stream("tools-stream", "x", tools=TOOLS[:1], tool_choice="required")
        call = response.output[-1]
        self.check_call(call.name, json.loads(call.arguments))

    def parallel_tool_calls_can_be_declined(self):
        if not self.can_decline_parallel_calls:
            return SKIPPED  # The others have no word for it.
        response = self._create(
            "tools", "in parallel", tools=TOOLS, tool_choice="required", parallel_tool_calls=False
        )
        assert len(calls(response)) == 1, response

    def result_of_a_tool_may_have_parts(self):
        call = {"type": "function_call", "call_id": "call_x", "name": "get_weather", "arguments": '{"place": "here"}'}
        parts = [{"type": "input_text", "text": "no such place"}, {"type": "input_text", "text": "try again"}]
        output = {"type": "function_call_output", "call_id": "call_x", "output": parts}
        assert self._text(self._create("tools-parts", [user("x"), call, output, user("Well?")], tools=TOOLS))

    def thoughts_come_back_where_nothing_is_kept(self):
        asked = {
            "tools": TOOLS,
            "store": False,
            "include": ["reasoning.encrypted_content"],
            "reasoning": {"effort": "low", "summary": "auto"},
            "max_output_tokens": 4000,
        }
        for send in (self._create, self._stream):
            turns = []
            # A second question makes the conversation long enough for thoughts to be sent back more than once.
            for text in ("Use get_weather.", "Now use get_level."):
                turns.append(user(text))
                response = send("thinking", turns, **asked)
                thoughts = [item for item in response.output if item.type == "reasoning"]
                if self.is_own:
                    assert thoughts and all(item.encrypted_content and item.summary for item in thoughts), response
                assert len(calls(response)) == 1, response
                turns += [*response.output, *results(response)]
                answer = send("thinking-result", turns, **asked)
                assert self._text(answer)
                turns += answer.output

    def image_by_data_is_seen(self):
        url = "data:image/png;base64," + base64.b64encode(png()).decode()
        content = [
            {"type": "input_text", "text": "What is this?"},
            {"type": "input_image", "image_url": url, "detail": "auto"},
        ]
        without = self._create("plain", "What is this?")
        response = self._create("image", [user(content)])
        assert response.usage.input_tokens >= without.usage.input_tokens + 80, response.usage

    def structured_output_is_parsed(self):
        response = self.client.responses.parse(**self._asked("Describe it.", {"text_format": River}))
        assert isinstance(response.output_parsed, River) and response.output_parsed.source == "a source", response

    def structured_output_streams(self):
        with self.client.responses.stream(**self._asked("Describe it.", {"text_format": River})) as stream:
            response = stream.get_final_response()
        assert isinstance(response.output_parsed, River) and response.output_parsed.source == "a source", response

    def response_is_gone_on_from(self):
        first = self._create("first", "hello")
        more = {"previous_response_id": first.id}
        if not self.is_own:
            # A provider of another dialect keeps nothing: going on without what was said would be another conversation.
            try:
                self.client.responses.create(**self._asked("And you?", more))
            except openai.BadRequestError as error:
                assert error.param == "previous_response_id", error.body
            else:
                raise AssertionError("a response that nobody keeps was gone on from")
            return None
        for send in (self._create, self._stream):
            second = send("next", "And you?", **more)
            assert second.previous_response_id == first.id, second
            assert second.usage.input_tokens > first.usage.input_tokens + first.usage.output_tokens // 2, second.usage
        called = self._create("next", "Use get_weather.", tools=TOOLS, **more)
        answer = self._create("next", results(called), tools=TOOLS, previous_response_id=called.id)
        assert self._text(answer), answer

    def unknown_response_is_not_gone_on_from(self):
        passing = self._create("passing", "hello", store=False)
        for name in (passing.id, "resp_0123456789abcdef"):
            try:
                self.client.responses.create(**self._asked("And you?", {"previous_response_id": name}))
            except (openai.BadRequestError, openai.NotFoundError) as error:
                assert error.param == "previous_response_id", error.body
            else:
                raise AssertionError("a response that nobody keeps was gone on from")

    def responses_end_at_the_cap(self):
        for kind, send in (("capped", self._create), ("capped-stream", self._stream)):
            response = send(kind, QUESTION, max_output_tokens=CAP)
            assert response.status == "incomplete" and response.usage.output_tokens == CAP, response
            assert response.incomplete_details.reason == "max_output_tokens", response
            assert self._text(response) and response.output[-1].status == "incomplete", response

    def cached_tokens_are_a_part_of_the_input(self):
        if not self.options.cached_model:
            return SKIPPED
        for send in (self._create, self._stream):
            response = send("cached", QUESTION, model=self.options.cached_model)
            assert response.usage.input_tokens_details.cached_tokens == 5, response.usage

    def unicode_survives(self):
        response = self._stream("unicode", QUESTION, tools=TOOLS[:1], tool_choice="required")
        assert json.loads(response.output[-1].arguments)["word"] == UNICODE_WORD, response

    def request_is_repeated_in_the_response(self):
        asked = {"instructions": SYSTEM, "metadata": {"river": "yes"}, "temperature": 0.5, "tools": TOOLS}
        response = self._create("repeated", "hello", **asked)
        assert response.instructions == SYSTEM and response.metadata == {"river": "yes"}, response
        assert response.temperature == 0.5 and response.max_output_tokens == 200, response
        assert [tool.name for tool in response.tools] == ["get_weather", "get_level"], response

    def broken_stream_says_so(self):
        if not self.options.broken_model:
            return SKIPPED
        seen, raised = Stream(), None
        try:
            for event in self.client.responses.create(
                **self._asked("hello", {"model": self.options.broken_model}), stream=True
            ):
                seen.add(event)
        except openai.APIError as error:
            raised = error
        assert seen.deltas.get("response.output_text"), seen.types
        assert "response.completed" not in seen.types, seen.types
        # As an event of its own, as a response that failed, or as the error that the client makes of the former's other spelling.
        assert raised is not None or seen.types[-1] in ("error", "response.failed"), seen.types
        try:
            with self.client.responses.stream(
                **self._asked("hello", {"model": self.options.broken_model})
            ) as stream:
                stream.get_final_response()
        except (openai.APIError, RuntimeError):
            return None
        raise AssertionError("a stream with an error in it ended well")

    def unknown_model_is_a_not_found_error(self):
        if not self.weir:
            return SKIPPED  # The stub provider has every model.
        try:
            self.client.responses.create(model="no-such-model", input="hello")
        except openai.NotFoundError as error:
            assert error.code == "model_not_found" and "no-such-model" in error.message, error.body
        else:
            raise AssertionError("an unknown model was accepted")

    def bad_key_is_an_authentication_error(self):
        try:
            self._client("weir_nobody").responses.create(model=self.options.model, input="hello")
        except openai.AuthenticationError as error:
            assert error.code == "invalid_api_key" and error.request_id, error.body
        else:
            raise AssertionError("a bad key was accepted")

    def empty_budget_is_a_payment_error(self):
        if not self.options.poor_key:
            return SKIPPED
        try:
            self._client(self.options.poor_key).responses.create(model=self.options.model, input="hello")
        except openai.APIStatusError as error:
            assert error.status_code == 402 and error.body["message"], (error.status_code, error.body)
        else:
            raise AssertionError("a key without a budget was served")

    def bad_request_names_the_parameter(self):
        bad = [("input", {}), ("input", {"input": 7}), ("model", {"model": None, "input": "hello"})]
        if self.is_own:
            # Others call it by names of their own, or take it.
            output = {"type": "function_call_output", "call_id": "call_x", "output": "x"}
            bad.append(("input", {"input": [user("hello"), output]}))
        for param, body in bad:
            try:
                self.client.post("/responses", body={"model": self.options.model, **body}, cast_to=object)
            except openai.BadRequestError as error:
                assert error.type == "invalid_request_error" and error.param == param and error.message, error.body
            else:
                raise AssertionError(f"{body} was accepted")


if __name__ == "__main__":
    main(ResponsesChecks)

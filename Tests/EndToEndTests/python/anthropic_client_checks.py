"""Drives an endpoint with the official Anthropic client, unchanged, as a caller would.

    anthropic_client_checks.py --base-url http://HOST:PORT --key KEY --model MODEL [--target DIALECT] [--weir]

See client_checks.py for the report and the other options.
"""

import base64

import anthropic

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

TOOLS = [
    {"name": "get_weather", "description": "The weather at a place.", "input_schema": weather_schema()},
    {"name": "get_level", "description": "The level at a gauge.", "input_schema": level_schema()},
]


def user(content):
    return {"role": "user", "content": content}


def results(message):
    """The results of all calls of an answer, in one turn."""
    calls = [block for block in message.content if block.type == "tool_use"]
    return user([{"type": "tool_result", "tool_use_id": call.id, "content": f"{call.name}: bright"} for call in calls])


class AnthropicChecks(Checks):
    dialect = "anthropic"

    def _client(self, key):
        return anthropic.Anthropic(base_url=self.options.base_url, api_key=key, max_retries=0, timeout=30)

    def _create(self, kind, messages, **more):
        raw = self.client.messages.with_raw_response.create(
            **{"model": self.options.model, "max_tokens": 200, "messages": messages, **more}
        )
        message = raw.parse()
        assert message.type == "message" and message.role == "assistant" and message.id, message
        self._record(kind, raw.headers, message.usage)
        return message

    def _record(self, kind, headers, usage):
        cached = usage.cache_read_input_tokens or 0
        prompt = usage.input_tokens + cached + (usage.cache_creation_input_tokens or 0)
        assert prompt > 0 and usage.output_tokens > 0, usage
        self.record(kind, headers, prompt, usage.output_tokens, cached)

    def _stream(self, kind, messages, **more):
        """Reads a stream event by event; the blocks open one after the other, and nothing follows the end."""
        open_block, events = None, []
        with self.client.messages.stream(
            **{"model": self.options.model, "max_tokens": 200, "messages": messages, **more}
        ) as stream:
            for event in stream:
                events.append(event.type)
                if event.type == "content_block_start":
                    assert open_block is None, "a second block is open"
                    open_block = event.index
                elif event.type == "content_block_delta":
                    assert open_block == event.index, "a delta of a block that is not open"
                elif event.type == "content_block_stop":
                    assert open_block == event.index
                    open_block = None
            message = stream.get_final_message()
            assert events[0] == "message_start" and events[-1] == "message_stop", events
            assert events.count("message_delta") == 1 and open_block is None, events
            self._record(kind, stream.response.headers, message.usage)
        return message

    def _text(self, message):
        text = "".join(block.text for block in message.content if block.type == "text")
        assert text, message
        return text

    def message_answers_with_usage(self):
        message = self._create("plain", [user(QUESTION)])
        self._text(message)
        assert message.stop_reason == "end_turn" and message.stop_sequence is None, message

    def system_prompt_is_part_of_the_input(self):
        without = self._create("plain", [user("hello")])
        for system in (SYSTEM, [{"type": "text", "text": SYSTEM, "cache_control": {"type": "ephemeral"}}]):
            message = self._create("system", [user("hello")], system=system)
            assert message.usage.input_tokens > without.usage.input_tokens + 8, message.usage

    def conversation_of_several_turns_is_answered(self):
        turns = [user("hello"), {"role": "assistant", "content": "Good day."}, user("And you?"), user(QUESTION)]
        self._text(self._create("turns", turns))
        blocks = [
            user([{"type": "text", "text": "hello"}, {"type": "text", "text": "there"}]),
            {"role": "assistant", "content": [{"type": "text", "text": "Good day."}]},
            user("And you?"),
        ]
        self._text(self._create("turns", blocks))

    def stream_is_put_together(self):
        message = self._stream("stream", [user(QUESTION)], system=SYSTEM)
        assert len(self._text(message).split()) > 8 and message.stop_reason == "end_turn", message

    def raw_stream_names_its_events(self):
        types = []
        with self.client.messages.create(
            model=self.options.model, max_tokens=CAP, messages=[user("hello")], stream=True
        ) as stream:
            for event in stream:
                types.append(event.type)
                if event.type == "message_start":
                    assert event.message.usage.input_tokens > 0 and event.message.content == []
        assert types[0] == "message_start" and types[-2:] == ["message_delta", "message_stop"], types

    def tool_is_called_and_its_result_answered(self):
        for choice in ({"type": "any"}, {"type": "tool", "name": "get_weather"}, {"type": "auto"}):
            turns = [user("Please use get_weather.")]
            message = self._create("tools", turns, tools=TOOLS[:1], tool_choice=choice)
            call = message.content[-1]
            assert call.type == "tool_use" and call.id and message.stop_reason == "tool_use", message
            self.check_call(call.name, call.input)
            turns += [{"role": "assistant", "content": message.content}, results(message)]
            answer = self._create("tools-result", turns, tools=TOOLS[:1])
            assert self._text(answer) and answer.stop_reason == "end_turn", answer

    def no_tool_is_called_where_none_may_be(self):
        message = self._create("tools", [user("Use get_weather.")], tools=TOOLS, tool_choice={"type": "none"})
        assert [block.type for block in message.content] == ["text"], message

    def tools_are_called_in_parallel(self):
        turns = [user("Both in parallel.")]
        message = self._create("tools-parallel", turns, tools=TOOLS)
        self._check_parallel(turns, message)

    def tool_call_streams(self):
        message = self._stream("tools-stream", [user("x")], tools=TOOLS[:1], tool_choice={"type": "any"})
        assert message.stop_reason == "tool_use", message
        self.check_call(message.content[-1].name, message.content[-1].input)

    def parallel_tool_calls_stream(self):
        turns = [user("Both in parallel.")]
        message = self._stream("tools-parallel-stream", turns, tools=TOOLS)
        self._check_parallel(turns, message)

    def _check_parallel(self, turns, message):
        calls = [block for block in message.content if block.type == "tool_use"]
        assert [call.name for call in calls] == ["get_weather", "get_level"], message
        assert len({call.id for call in calls}) == 2 and message.stop_reason == "tool_use", message
        for call in calls:
            self.check_call(call.name, call.input)
        turns = turns + [{"role": "assistant", "content": message.content}, results(message)]
        assert self._text(self._create("tools-parallel-result", turns, tools=TOOLS))

    def parallel_tool_calls_can_be_declined(self):
        if not self.can_decline_parallel_calls:
            return SKIPPED  # The others have no word for it.
        message = self._create(
            "tools", [user("in parallel")], tools=TOOLS, tool_choice={"type": "any", "disable_parallel_tool_use": True}
        )
        assert len([block for block in message.content if block.type == "tool_use"]) == 1, message

    def failed_tool_is_answered_too(self):
        call = {"type": "tool_use", "id": "toolu_x", "name": "get_weather", "input": {"place": "here"}}
        failed = {
            "type": "tool_result",
            "tool_use_id": "toolu_x",
            "is_error": True,
            "content": [{"type": "text", "text": "no such place"}],
        }
        turns = [user("x"), {"role": "assistant", "content": [call]}, user([failed, {"type": "text", "text": "Well?"}])]
        assert self._text(self._create("tools-failed", turns, tools=TOOLS))

    def thoughts_come_back_with_the_results(self):
        thinking = {"type": "enabled", "budget_tokens": 1024}
        for send in (self._create, self._stream):
            turns = [user("Use get_weather.")]
            message = send("thinking", turns, tools=TOOLS, thinking=thinking, max_tokens=2000)
            if self.is_own:
                assert message.content[0].type == "thinking" and message.content[0].signature, message
            turns += [{"role": "assistant", "content": message.content}, results(message)]
            assert self._text(send("thinking-result", turns, tools=TOOLS, thinking=thinking, max_tokens=2000))

    def image_by_data_is_seen(self):
        source = {"type": "base64", "media_type": "image/png", "data": base64.b64encode(png()).decode()}
        content = [{"type": "image", "source": source}, {"type": "text", "text": "What is this?"}]
        without = self._create("plain", [user("What is this?")])
        message = self._create("image", [user(content)])
        assert message.usage.input_tokens >= without.usage.input_tokens + 80, message.usage

    def structured_output_is_parsed(self):
        message = self.client.messages.parse(
            model=self.options.model, max_tokens=200, messages=[user("Describe it.")], output_format=River
        )
        assert isinstance(message.parsed_output, River) and message.parsed_output.source == "a source", message

    def count_tokens_counts_the_input(self):
        request = {"messages": [user(QUESTION)], "system": SYSTEM, "tools": TOOLS}
        count = self.client.messages.count_tokens(model=self.options.model, **request)
        assert count.input_tokens > 0
        if self.is_own:
            message = self._create("counted", **request)
            assert message.usage.input_tokens == count.input_tokens, (message.usage, count)

    def model_list_names_the_model(self):
        models = list(self.client.models.list())
        assert all(model.type == "model" and model.display_name for model in models), models
        if self.weir:
            assert self.options.model in [model.id for model in models], models
            assert self.client.models.retrieve(self.options.model).id == self.options.model

    def stop_reasons_say_why(self):
        message = self._create("capped", [user(QUESTION)], max_tokens=CAP)
        assert message.stop_reason == "max_tokens" and message.usage.output_tokens == CAP, message
        message = self._stream("capped-stream", [user(QUESTION)], max_tokens=CAP)
        assert message.stop_reason == "max_tokens" and message.usage.output_tokens == CAP, message
        if not self.has_stops:
            return
        message = self._create("stopped", [user(QUESTION)], stop_sequences=["e"])
        assert "e" not in "".join(block.text for block in message.content), message
        if self.target in ("anthropic", "bedrock"):
            assert message.stop_reason == "stop_sequence", message
        else:
            assert message.stop_reason in ("end_turn", "stop_sequence"), message
        assert not self.is_own or message.stop_sequence == "e", message

    def cached_tokens_are_not_in_the_input(self):
        if not self.options.cached_model:
            return SKIPPED
        for send in (self._create, self._stream):
            message = send("cached", [user(QUESTION)], model=self.options.cached_model)
            assert message.usage.cache_read_input_tokens == 5, message.usage

    def unicode_survives(self):
        message = self._stream("unicode", [user(QUESTION)], tools=TOOLS[:1], tool_choice={"type": "any"})
        assert message.content[-1].input["word"] == UNICODE_WORD, message

    def broken_stream_raises(self):
        if not self.options.broken_model:
            return SKIPPED
        try:
            with self.client.messages.stream(
                model=self.options.broken_model, max_tokens=200, messages=[user("hello")]
            ) as stream:
                stream.get_final_message()
        except anthropic.APIStatusError as error:
            assert error.type in ("overloaded_error", "api_error"), error.body
        else:
            raise AssertionError("a stream with an error in it ended well")

    def unknown_model_is_a_not_found_error(self):
        if not self.weir:
            return SKIPPED  # The stub provider has every model.
        try:
            self.client.messages.create(model="no-such-model", max_tokens=9, messages=[user("hello")])
        except anthropic.NotFoundError as error:
            assert error.type == "not_found_error" and "no-such-model" in error.api_message, error.body
        else:
            raise AssertionError("an unknown model was accepted")

    def bad_key_is_an_authentication_error(self):
        try:
            self._client("weir_nobody").messages.create(
                model=self.options.model, max_tokens=9, messages=[user("hello")]
            )
        except anthropic.AuthenticationError as error:
            assert error.type == "authentication_error" and error.request_id, error.body
        else:
            raise AssertionError("a bad key was accepted")

    def empty_budget_is_a_payment_error(self):
        if not self.options.poor_key:
            return SKIPPED
        try:
            self._client(self.options.poor_key).messages.create(
                model=self.options.model, max_tokens=9, messages=[user("hello")]
            )
        except anthropic.APIStatusError as error:
            assert error.status_code == 402, (error.status_code, error.body)
            assert error.body["type"] == "error" and error.body["error"]["message"], error.body
        else:
            raise AssertionError("a key without a budget was served")

    def bad_request_is_a_bad_request_error(self):
        bodies = [{"messages": "hello", "max_tokens": 9}, {"max_tokens": 9}]
        for body in bodies + ([{"messages": [user("hello")]}] if self.is_own and not self.weir else []):
            try:
                self.client.post("/v1/messages", body={"model": self.options.model, **body}, cast_to=object)
            except anthropic.BadRequestError as error:
                assert error.type == "invalid_request_error" and error.api_message, error.body
            else:
                raise AssertionError(f"{body} was accepted")


if __name__ == "__main__":
    main(AnthropicChecks)

"""Drives an endpoint with the official Gemini client, unchanged, as a caller would.

    gemini_client_checks.py --base-url http://HOST:PORT --key KEY --model MODEL [--target DIALECT] [--weir]

See client_checks.py for the report and the other options.
"""

import warnings

import pydantic
from google import genai
from google.genai import errors, types

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

WEATHER = types.FunctionDeclaration(
    name="get_weather",
    description="The weather at a place.",
    parameters=types.Schema(
        type="OBJECT",
        properties={
            "place": types.Schema(type="STRING", description="Where?"),
            "word": types.Schema(type="STRING", enum=[UNICODE_WORD]),
            "days": types.Schema(type="INTEGER"),
        },
        required=["place", "word"],
    ),
)
LEVEL = types.FunctionDeclaration(
    name="get_level", description="The level at a gauge.", parameters_json_schema=level_schema()
)
BOTH = types.Tool(function_declarations=[WEATHER, LEVEL])
ONE = types.Tool(function_declarations=[WEATHER])


def user(*parts):
    parts = [types.Part(text=part) if isinstance(part, str) else part for part in parts]
    return types.Content(role="user", parts=parts)


def mode(name, allowed=None):
    return types.ToolConfig(
        function_calling_config=types.FunctionCallingConfig(mode=name, allowed_function_names=allowed)
    )


def results(calls):
    """The results of all calls of an answer, in one turn."""
    return user(
        *(
            types.Part(
                function_response=types.FunctionResponse(id=call.id, name=call.name, response={"result": "bright"})
            )
            for call in calls
        )
    )


class GeminiChecks(Checks):
    dialect = "gemini"

    def _client(self, key):
        options = types.HttpOptions(base_url=self.options.base_url, timeout=30_000)
        return genai.Client(api_key=key, vertexai=False, http_options=options)

    def _record(self, kind, headers, usage):
        completion = (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0)
        assert usage.prompt_token_count > 0 and completion > 0, usage
        assert usage.total_token_count == usage.prompt_token_count + completion, usage
        self.record(kind, headers, usage.prompt_token_count, completion, usage.cached_content_token_count)

    def _generate(self, kind, contents, model=None, **config):
        config.setdefault("max_output_tokens", 200)
        answer = self.client.models.generate_content(
            model=model or self.options.model, contents=contents, config=types.GenerateContentConfig(**config)
        )
        candidate = answer.candidates[0]
        assert candidate.content.role == "model" and candidate.finish_reason, answer
        self._record(kind, answer.sdk_http_response.headers, answer.usage_metadata)
        return answer

    def _stream(self, kind, contents, model=None, **config):
        """The chunks of a stream as one answer: all parts, and what the last of them said of the rest."""
        config.setdefault("max_output_tokens", 200)
        parts, finish, usage, headers, chunks = [], None, None, None, 0
        for chunk in self.client.models.generate_content_stream(
            model=model or self.options.model, contents=contents, config=types.GenerateContentConfig(**config)
        ):
            assert finish is None, "a chunk behind the last one"
            chunks += 1
            candidate = chunk.candidates[0]
            for part in (candidate.content.parts or []) if candidate.content else []:
                # What says nothing is not sent back: the API would not take it.
                if part.text != "" or part.thought_signature:
                    parts.append(part)
            finish = candidate.finish_reason
            usage = chunk.usage_metadata or usage
            headers = headers or chunk.sdk_http_response.headers
        assert finish and chunks > 1, (finish, chunks)
        self._record(kind, headers, usage)
        content = types.Content(role="model", parts=parts)
        return types.GenerateContentResponse(
            candidates=[types.Candidate(content=content, finish_reason=finish)], usage_metadata=usage
        )

    def _text(self, answer):
        parts = answer.candidates[0].content.parts
        text = "".join(part.text for part in parts if part.text and not part.thought)
        assert text, answer
        return text

    def _calls(self, answer):
        return [part.function_call for part in answer.candidates[0].content.parts if part.function_call]

    def text_answers_with_usage(self):
        answer = self._generate("plain", QUESTION)
        assert answer.text and answer.candidates[0].finish_reason == types.FinishReason.STOP, answer
        assert answer.model_version and answer.response_id, answer

    def system_instruction_is_part_of_the_input(self):
        without = self._generate("plain", "hello").usage_metadata.prompt_token_count
        answer = self._generate("system", "hello", system_instruction=SYSTEM)
        assert answer.usage_metadata.prompt_token_count > without + 8, answer.usage_metadata

    def conversation_of_several_turns_is_answered(self):
        model = types.Content(role="model", parts=[types.Part(text="Good day.")])
        self._text(self._generate("turns", [user("hello"), model, user("And you?", "Well?"), user(QUESTION)]))

    def chat_keeps_its_history(self):
        chat = self.client.chats.create(model=self.options.model)
        for text in ("hello", "And you?"):
            answer = chat.send_message(text)
            assert answer.text
            self._record("chat", answer.sdk_http_response.headers, answer.usage_metadata)
        assert len(chat.get_history()) == 4

    def stream_is_put_together(self):
        answer = self._stream("stream", QUESTION, system_instruction=SYSTEM)
        assert len(self._text(answer).split()) > 8, answer
        assert answer.candidates[0].finish_reason == types.FinishReason.STOP, answer

    def function_is_called_and_its_result_answered(self):
        for config in (mode("ANY"), mode("ANY", ["get_weather"]), mode("AUTO"), None):
            contents = [user("Please use get_weather.")]
            answer = self._generate("tools", contents, tools=[ONE], tool_config=config)
            (call,) = self._calls(answer)
            self.check_call(call.name, call.args)
            assert answer.candidates[0].finish_reason == types.FinishReason.STOP, answer
            contents += [answer.candidates[0].content, results([call])]
            assert self._text(self._generate("tools-result", contents, tools=[ONE]))

    def no_function_is_called_where_none_may_be(self):
        answer = self._generate("tools", "Use get_weather.", tools=[BOTH], tool_config=mode("NONE"))
        assert not self._calls(answer) and self._text(answer)

    def functions_are_called_in_parallel(self):
        self._check_parallel(self._generate, "tools-parallel")

    def function_call_streams(self):
        answer = self._stream("tools-stream", "Use get_weather.", tools=[ONE], tool_config=mode("ANY"))
        (call,) = self._calls(answer)
        self.check_call(call.name, call.args)

    def parallel_function_calls_stream(self):
        self._check_parallel(self._stream, "tools-parallel-stream")

    def _check_parallel(self, send, kind):
        contents = [user("Both in parallel.")]
        answer = send(kind, contents, tools=[BOTH])
        calls = self._calls(answer)
        assert [call.name for call in calls] == ["get_weather", "get_level"], answer
        for call in calls:
            self.check_call(call.name, call.args)
        contents += [answer.candidates[0].content, results(calls)]
        assert self._text(self._generate("tools-parallel-result", contents, tools=[BOTH]))

    def functions_are_called_by_the_client_itself(self):
        asked = []

        def get_level(gauge: str) -> str:
            """The level at a gauge."""
            asked.append(gauge)
            return "two metres"

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answer = self._generate("tools-automatic", "Use get_level.", tools=[get_level])
        assert asked == ["a gauge"] and answer.text, (asked, answer)

    def thoughts_come_back_with_the_results(self):
        thinking = types.ThinkingConfig(include_thoughts=True, thinking_budget=1024)
        for send in (self._generate, self._stream):
            contents = [user("Use get_weather.")]
            answer = send("thinking", contents, tools=[ONE], thinking_config=thinking, max_output_tokens=2000)
            content = answer.candidates[0].content
            if self.is_own:
                assert any(part.thought for part in content.parts), answer
                assert any(part.thought_signature for part in content.parts if part.function_call), answer
                assert answer.usage_metadata.thoughts_token_count > 0, answer.usage_metadata
            contents += [content, results(self._calls(answer))]
            answer = send("thinking-result", contents, tools=[ONE], thinking_config=thinking, max_output_tokens=2000)
            assert self._text(answer)

    def image_by_data_is_seen(self):
        without = self._generate("plain", "What is this?").usage_metadata.prompt_token_count
        image = types.Part.from_bytes(data=png(), mime_type="image/png")
        answer = self._generate("image", [user(image, "What is this?")])
        assert answer.usage_metadata.prompt_token_count >= without + 80, answer.usage_metadata

    def structured_output_is_parsed(self):
        for config in (
            {"response_schema": River},
            {"response_json_schema": River.model_json_schema()},
            {"response_json_schema": weather_schema()},
        ):
            answer = self._generate("format", "Describe it.", response_mime_type="application/json", **config)
            if "response_schema" in config:
                assert isinstance(answer.parsed, River) and answer.parsed.source == "a source", answer
            else:
                assert isinstance(pydantic.TypeAdapter(pydantic.Json).validate_python(answer.text), dict), answer

    def count_tokens_counts_the_input(self):
        count = self.client.models.count_tokens(model=self.options.model, contents=QUESTION)
        assert count.total_tokens > 0
        if self.is_own:
            answer = self._generate("counted", QUESTION)
            assert answer.usage_metadata.prompt_token_count == count.total_tokens, (answer, count)

    def model_list_names_the_model(self):
        names = [model.name for model in self.client.models.list()]
        assert names and all(name.startswith("models/") for name in names), names
        if self.weir:
            assert f"models/{self.options.model}" in names, names
            assert self.client.models.get(model=self.options.model).name == f"models/{self.options.model}"

    def finish_reasons_say_why(self):
        for send in (self._generate, self._stream):
            answer = send("capped", QUESTION, max_output_tokens=CAP)
            assert answer.candidates[0].finish_reason == types.FinishReason.MAX_TOKENS, answer
            assert answer.usage_metadata.candidates_token_count == CAP, answer
        if not self.has_stops:
            return
        answer = self._generate("stopped", QUESTION, stop_sequences=["e"])
        text = "".join(part.text or "" for part in answer.candidates[0].content.parts or [])
        assert "e" not in text and answer.candidates[0].finish_reason == types.FinishReason.STOP, answer

    def cached_tokens_are_part_of_the_input(self):
        if not self.options.cached_model:
            return SKIPPED
        for send in (self._generate, self._stream):
            answer = send("cached", QUESTION, model=self.options.cached_model)
            assert answer.usage_metadata.cached_content_token_count == 5, answer.usage_metadata
            assert answer.usage_metadata.prompt_token_count > 5, answer.usage_metadata

    def sampling_parameters_are_taken(self):
        # Those that any provider has, and within what all of them take.
        assert self._text(self._generate("sampling", QUESTION, temperature=0.5, top_p=0.9))

    def unicode_survives(self):
        (call,) = self._calls(self._stream("unicode", QUESTION, tools=[ONE], tool_config=mode("ANY")))
        assert call.args["word"] == UNICODE_WORD, call

    def broken_stream_raises(self):
        if not self.options.broken_model:
            return SKIPPED
        try:
            for chunk in self.client.models.generate_content_stream(
                model=self.options.broken_model, contents="hello"
            ):
                last = chunk
        except errors.APIError as error:
            assert error.code >= 500, error
        else:
            raise AssertionError(f"a stream with an error in it ended well: {last}")

    def unknown_model_is_not_found(self):
        if not self.weir:
            return SKIPPED  # The stub provider has every model.
        try:
            self.client.models.generate_content(model="no-such-model", contents="hello")
        except errors.ClientError as error:
            assert error.code == 404 and error.status == "NOT_FOUND" and "no-such-model" in error.message, error
        else:
            raise AssertionError("an unknown model was accepted")

    def bad_key_is_refused(self):
        stranger = self._client("weir_nobody")
        try:
            stranger.models.generate_content(model=self.options.model, contents="hello")
        except errors.ClientError as error:
            # The provider itself takes it for a bad argument.
            wanted = (401, "UNAUTHENTICATED") if self.weir else (400, "INVALID_ARGUMENT")
            assert (error.code, error.status) == wanted and error.message, error
        else:
            raise AssertionError("a bad key was accepted")

    def empty_budget_is_refused(self):
        if not self.options.poor_key:
            return SKIPPED
        pauper = self._client(self.options.poor_key)
        try:
            pauper.models.generate_content(model=self.options.model, contents="hello")
        except errors.ClientError as error:
            assert error.code == 402 and error.message and error.status, error
        else:
            raise AssertionError("a key without a budget was served")

    def bad_request_is_a_client_error(self):
        # A turn that says nothing is no mistake to all of the others.
        for content in [types.Content(role="nobody", parts=[types.Part(text="hello")])] + (
            [types.Content(role="user", parts=[])] if self.is_own else []
        ):
            try:
                self.client.models.generate_content(model=self.options.model, contents=[content])
            except errors.ClientError as error:
                assert error.code == 400 and error.status == "INVALID_ARGUMENT", error
            else:
                raise AssertionError(f"{content} was accepted")


if __name__ == "__main__":
    main(GeminiChecks)

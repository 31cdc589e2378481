"""Drives a llama.cpp server with the official OpenAI client's Responses, unchanged: its own, or its chat completions translated.

    llama_responses_checks.py --base-url http://HOST:PORT --key KEY --model MODEL [--target DIALECT] [--weir]

The model is random: what it says means nothing, and only a grammar has it keep to a form. See client_checks.py for the report and the
other options.
"""

import json

import openai

from client_checks import QUESTION, SKIPPED, SYSTEM, Checks, level_schema, main

TOOL = {"type": "function", "name": "get_level", "description": "The level at a gauge.", "parameters": level_schema()}
#: More than the context of the server holds.
TOO_LONG = "water " * 6_000


class LlamaChecks(Checks):
    dialect = "responses"

    def _client(self, key):
        return openai.OpenAI(base_url=self.options.base_url + "/v1", api_key=key, max_retries=0, timeout=30)

    def _request(self, asked, most, more):
        return {"model": self.options.model, "input": asked, "max_output_tokens": most, **more}

    def _create(self, kind, asked, most=12, **more):
        raw = self.client.responses.with_raw_response.create(**self._request(asked, most, more))
        return self._record(kind, raw.headers, raw.parse())

    def _stream(self, kind, asked, most=12, **more):
        """Reads a stream event by event; its deltas are the text of the response at its end."""
        raw = self.client.responses.with_raw_response.create(**self._request(asked, most, more), stream=True)
        text, types, response = "", [], None
        for event in raw.parse():
            types.append(event.type)
            if event.type == "response.output_text.delta":
                text += event.delta
            elif event.type in ("response.completed", "response.incomplete"):
                response = event.response
        assert types[0] == "response.created" and response is not None, types
        assert text == response.output_text, (text, response)
        return self._record(kind, raw.headers, response)

    def _record(self, kind, headers, response):
        usage = response.usage
        assert usage.input_tokens > 0 and usage.total_tokens == usage.input_tokens + usage.output_tokens, usage
        cached = usage.input_tokens_details.cached_tokens
        self.record(kind, headers, usage.input_tokens, usage.output_tokens, cached)
        return response

    def response_is_made_with_usage(self):
        response = self._create("plain", QUESTION)
        assert len(response.output_text.split()) == 12 and response.usage.output_tokens == 12, response

    def streamed_response_is_put_together(self):
        response = self._stream("stream", QUESTION)
        assert len(response.output_text.split()) == 12 and response.usage.output_tokens == 12, response

    def instructions_count(self):
        without = self._create("plain", "hello", most=4).usage.input_tokens
        assert self._create("instructions", "hello", most=4, instructions=SYSTEM).usage.input_tokens > without + 8

    def prompt_that_is_known_already_is_cached(self):
        for send in (self._create, self._stream):
            first, second = (send("cached", "An old story, told a second time.", most=4).usage for _ in range(2))
            assert second.input_tokens_details.cached_tokens > 8 and first.input_tokens == second.input_tokens, second

    def conversation_with_tools_is_answered(self):
        asked = [
            {"role": "user", "content": "How high is it?"},
            {"type": "function_call", "call_id": "call_1", "name": "get_level", "arguments": '{"gauge": "lower"}'},
            {"type": "function_call_output", "call_id": "call_1", "output": "two metres"},
        ]
        for send in (self._create, self._stream):
            assert send("tools", asked, tools=[TOOL], tool_choice="auto").output_text

    def answer_keeps_to_the_schema(self):
        if self.target != "openai":
            return SKIPPED  # In other dialects llama.cpp does not read it.
        properties = {"gauge": {"type": "string", "enum": ["upper", "lower"]}, "open": {"type": "boolean"}}
        schema = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
        text = {"format": {"type": "json_schema", "name": "gauge", "schema": schema, "strict": True}}
        for send in (self._create, self._stream):
            answer = json.loads(send("schema", "Describe it.", most=400, text=text).output_text)
            assert answer["gauge"] in ("upper", "lower") and isinstance(answer["open"], bool), answer

    def too_long_a_prompt_is_a_bad_request(self):
        try:
            self.client.responses.create(model=self.options.model, max_output_tokens=4, input=TOO_LONG)
        except openai.BadRequestError as error:
            assert "context" in str(error), error
        else:
            raise AssertionError("it was accepted")


if __name__ == "__main__":
    main(LlamaChecks)

"""Drives an OpenAI-compatible endpoint with LangChain, unchanged, as an application would.

    langchain_checks.py --base-url http://HOST:PORT --key KEY --model MODEL [--target DIALECT] [--weir]

See client_checks.py for the report and the other options.
"""

import base64
from typing import Literal

import openai
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

from client_checks import CAP, QUESTION, SKIPPED, SYSTEM, UNICODE_WORD, Checks, River, main, png


@tool
def get_weather(place: str, word: Literal[UNICODE_WORD], days: int) -> str:
    """The weather at a place."""
    return f"bright for {days} days"


@tool
def get_level(gauge: str) -> str:
    """The level at a gauge."""
    return "two metres"


TOOLS = {"get_weather": get_weather, "get_level": get_level}


class LangChainChecks(Checks):
    dialect = "openai"

    def _client(self, key=None, name=None, **more):
        more.setdefault("max_tokens", 200)
        return ChatOpenAI(
            base_url=self.options.base_url + "/v1",
            api_key=key or self.options.key,
            model=name or self.options.model,
            max_retries=0,
            timeout=30,
            stream_usage=True,
            include_response_headers=True,
            **more,
        )

    def _record(self, kind, message):
        usage = message.usage_metadata
        assert usage["input_tokens"] > 0 and usage["output_tokens"] > 0, usage
        assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"], usage
        cached = usage.get("input_token_details", {}).get("cache_read", 0)
        headers = message.response_metadata.get("headers")
        self.record(kind, headers, usage["input_tokens"], usage["output_tokens"], cached)
        return message

    def _invoke(self, kind, messages, model=None):
        return self._record(kind, (model or self.client).invoke(messages))

    def _stream(self, kind, messages, model=None):
        whole, chunks = None, 0
        for chunk in (model or self.client).stream(messages):
            whole = chunk if whole is None else whole + chunk
            chunks += 1
        assert chunks > 2, chunks
        return self._record(kind, whole)

    def message_answers_with_usage(self):
        message = self._invoke("plain", QUESTION)
        assert isinstance(message.content, str) and message.content, message
        assert message.response_metadata["finish_reason"] == "stop", message

    def system_message_is_part_of_the_input(self):
        without = self._invoke("plain", "hello").usage_metadata["input_tokens"]
        message = self._invoke("system", [SystemMessage(SYSTEM), HumanMessage("hello")])
        assert message.usage_metadata["input_tokens"] > without + 8, message.usage_metadata

    def conversation_of_several_turns_is_answered(self):
        turns = [SystemMessage(SYSTEM), HumanMessage("hello"), AIMessage("Good day."), HumanMessage("And you?")]
        assert self._invoke("turns", turns).content
        turns.insert(3, SystemMessage("Be brief."))
        assert self._invoke("turns", turns + [HumanMessage(QUESTION)]).content

    def stream_is_put_together(self):
        message = self._stream("stream", [SystemMessage(SYSTEM), HumanMessage(QUESTION)])
        assert len(message.content.split()) > 8, message
        assert message.response_metadata["finish_reason"] == "stop", message

    def several_are_answered_in_a_batch(self):
        for message in self.client.batch([f"round {number}" for number in range(4)]):
            assert message.content

    def tool_is_called_and_its_result_answered(self):
        for choice in ("any", "get_weather", "auto"):
            turns = [HumanMessage("Please use get_weather.")]
            message = self._invoke("tools", turns, self.client.bind_tools([get_weather], tool_choice=choice))
            (call,) = message.tool_calls
            self.check_call(call["name"], call["args"])
            last = self._invoke("tools-result", turns + [message, *self._results(message)], self._bound())
            assert last.content and not last.tool_calls, last

    def _bound(self):
        return self.client.bind_tools(list(TOOLS.values()))

    @staticmethod
    def _results(message):
        results = [TOOLS[call["name"]].invoke(call) for call in message.tool_calls]
        assert all(isinstance(result, ToolMessage) for result in results)
        return results

    def no_tool_is_called_where_none_may_be(self):
        bound = self.client.bind_tools(list(TOOLS.values()), tool_choice="none")
        message = self._invoke("tools", "Use get_weather.", bound)
        assert message.content and not message.tool_calls, message

    def tools_are_called_in_parallel(self):
        self._check_parallel(self._invoke, "tools-parallel")

    def tool_call_streams(self):
        bound = self.client.bind_tools([get_weather], tool_choice="any")
        (call,) = self._stream("tools-stream", "x", bound).tool_calls
        self.check_call(call["name"], call["args"])

    def parallel_tool_calls_stream(self):
        self._check_parallel(self._stream, "tools-parallel-stream")

    def _check_parallel(self, send, kind):
        turns = [HumanMessage("Both in parallel.")]
        message = send(kind, turns, self._bound())
        assert [call["name"] for call in message.tool_calls] == ["get_weather", "get_level"], message
        assert len({call["id"] for call in message.tool_calls}) == 2, message
        for call in message.tool_calls:
            self.check_call(call["name"], call["args"])
        last = self._invoke("tools-parallel-result", turns + [message, *self._results(message)], self._bound())
        assert last.content, last

    def parallel_tool_calls_can_be_declined(self):
        if not self.can_decline_parallel_calls:
            return SKIPPED  # The others have no word for it.
        bound = self.client.bind_tools(list(TOOLS.values()), tool_choice="any", parallel_tool_calls=False)
        assert len(self._invoke("tools", "in parallel", bound).tool_calls) == 1

    def image_by_data_is_seen(self):
        without = self._invoke("plain", "What is this?").usage_metadata["input_tokens"]
        url = "data:image/png;base64," + base64.b64encode(png()).decode()
        content = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": url}}]
        message = self._invoke("image", [HumanMessage(content)])
        assert message.usage_metadata["input_tokens"] >= without + 80, message.usage_metadata

    def structured_output_is_parsed(self):
        for method in ("json_schema", "function_calling"):
            structured = self.client.with_structured_output(River, method=method, include_raw=True)
            answer = structured.invoke("Describe it.")
            assert answer["parsing_error"] is None, answer
            assert isinstance(answer["parsed"], River) and answer["parsed"].source == "a source", answer
            self._record(method, answer["raw"])

    def model_list_names_the_model(self):
        names = [model.id for model in self.client.root_client.models.list()]
        assert names and (not self.weir or self.options.model in names), names

    def finish_reasons_say_why(self):
        capped = self._client(max_tokens=CAP)
        for send in (self._invoke, self._stream):
            message = send("capped", QUESTION, capped)
            assert message.response_metadata["finish_reason"] == "length", message
            assert message.usage_metadata["output_tokens"] == CAP, message
        if not self.has_stops:
            return
        message = self._invoke("stopped", QUESTION, self._client(stop=["e"]))
        assert "e" not in message.content and message.response_metadata["finish_reason"] == "stop", message

    def sampling_parameters_are_taken(self):
        assert self._invoke("sampling", QUESTION, self._client(temperature=0.5, top_p=0.9)).content

    def cached_tokens_are_part_of_the_input(self):
        if not self.options.cached_model:
            return SKIPPED
        for send in (self._invoke, self._stream):
            message = send("cached", QUESTION, self._client(name=self.options.cached_model))
            assert message.usage_metadata["input_token_details"]["cache_read"] == 5, message.usage_metadata

    def unicode_survives(self):
        bound = self.client.bind_tools([get_weather], tool_choice="any")
        (call,) = self._stream("unicode", QUESTION, bound).tool_calls
        assert call["args"]["word"] == UNICODE_WORD, call

    def broken_stream_raises(self):
        if not self.options.broken_model:
            return SKIPPED
        try:
            for chunk in self._client(name=self.options.broken_model).stream("hello"):
                last = chunk
        except openai.APIError:
            return None
        raise AssertionError(f"a stream with an error in it ended well: {last}")

    def unknown_model_is_a_not_found_error(self):
        if not self.weir:
            return SKIPPED  # The stub provider has every model.
        try:
            self._client(name="no-such-model").invoke("hello")
        except openai.NotFoundError as error:
            assert error.code == "model_not_found", error.code
        else:
            raise AssertionError("an unknown model was accepted")

    def bad_key_is_an_authentication_error(self):
        try:
            self._client(key="weir_nobody").invoke("hello")
        except openai.AuthenticationError as error:
            assert error.code == "invalid_api_key", error.code
        else:
            raise AssertionError("a bad key was accepted")

    def empty_budget_is_refused(self):
        if not self.options.poor_key:
            return SKIPPED
        try:
            self._client(key=self.options.poor_key).invoke("hello")
        except openai.APIStatusError as error:
            assert error.status_code == 402 and error.code == "budget_exceeded", (error.status_code, error.code)
        else:
            raise AssertionError("a key without a budget was served")


if __name__ == "__main__":
    main(LangChainChecks)

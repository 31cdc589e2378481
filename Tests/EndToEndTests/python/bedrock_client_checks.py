"""Drives an endpoint with boto3's client for Bedrock, unchanged, as a caller would: Converse with a bearer key.

    bedrock_client_checks.py --base-url https://HOST:PORT --ca FILE --key KEY --model MODEL [--target DIALECT] [--weir]

botocore sends bearer keys over TLS only. See client_checks.py for the report and the other options.
"""

import json
import os

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, EventStreamError

from client_checks import CAP, QUESTION, SKIPPED, SYSTEM, UNICODE_WORD, Checks, level_schema, main, png, weather_schema


def spec(name, summary, schema):
    return {"toolSpec": {"name": name, "description": summary, "inputSchema": {"json": schema}}}


WEATHER = spec("get_weather", "The weather at a place.", weather_schema())
LEVEL = spec("get_level", "The level at a gauge.", level_schema())


def user(*content):
    return {"role": "user", "content": [{"text": part} if isinstance(part, str) else part for part in content]}


def results(calls):
    """The results of all calls of an answer, in one turn; one as text, the next as JSON."""
    contents = [{"text": "bright"}, {"json": {"metres": 2}}]
    return user(
        *(
            {"toolResult": {"toolUseId": call["toolUseId"], "content": [contents[index % 2]], "status": "success"}}
            for index, call in enumerate(calls)
        )
    )


class BedrockChecks(Checks):
    dialect = "bedrock"

    def _client(self, key):
        # The only way in which it takes such a key.
        os.environ["AWS_BEARER_TOKEN_BEDROCK"] = key
        config = Config(retries={"total_max_attempts": 1}, read_timeout=30, connect_timeout=10)
        return boto3.client(
            "bedrock-runtime",
            region_name="eu-central-1",
            endpoint_url=self.options.base_url,
            verify=self.options.ca,
            config=config,
        )

    def _record(self, kind, metadata, usage):
        cached = usage.get("cacheReadInputTokens", 0)
        prompt = usage["inputTokens"] + cached + usage.get("cacheWriteInputTokens", 0)
        assert prompt > 0 and usage["outputTokens"] > 0, usage
        assert usage["totalTokens"] == prompt + usage["outputTokens"], usage
        self.record(kind, metadata["HTTPHeaders"], prompt, usage["outputTokens"], cached)

    def _request(self, messages, model=None, most=200, **more):
        more.setdefault("inferenceConfig", {"maxTokens": most})
        return {"modelId": model or self.options.model, "messages": messages, **more}

    def _converse(self, kind, messages, **more):
        answer = self.client.converse(**self._request(messages, **more))
        assert answer["output"]["message"]["role"] == "assistant" and answer["stopReason"], answer
        assert answer["metrics"]["latencyMs"] >= 0, answer
        self._record(kind, answer["ResponseMetadata"], answer["usage"])
        return answer

    def _stream(self, kind, messages, **more):
        """Puts a stream together; every block that is begun is ended, and the usage comes last."""
        answer = self.client.converse_stream(**self._request(messages, **more))
        blocks, stopped, names, stop, usage = {}, set(), [], None, None
        for event in answer["stream"]:
            ((name, data),) = event.items()
            names.append(name)
            index = data.get("contentBlockIndex")
            assert index not in stopped, "something of a block that has ended"
            if name == "contentBlockStart":
                blocks[index] = {"toolUse": {**data["start"]["toolUse"], "input": ""}}
            elif name == "contentBlockDelta":
                self._grow(blocks, index, data["delta"])
            elif name == "contentBlockStop":
                stopped.add(index)
            elif name == "messageStop":
                stop = data["stopReason"]
            elif name == "metadata":
                usage = data["usage"]
        assert names[0] == "messageStart" and names[-2:] == ["messageStop", "metadata"], names
        assert stopped == set(blocks), (stopped, blocks)
        content = [blocks[index] for index in sorted(blocks)]
        for block in content:
            if "toolUse" in block:
                block["toolUse"]["input"] = json.loads(block["toolUse"]["input"] or "{}")
        self._record(kind, answer["ResponseMetadata"], usage)
        return {"output": {"message": {"role": "assistant", "content": content}}, "stopReason": stop, "usage": usage}

    @staticmethod
    def _grow(blocks, index, delta):
        ((kind, piece),) = delta.items()
        if kind == "text":
            block = blocks.setdefault(index, {"text": ""})
            block["text"] += piece
        elif kind == "toolUse":
            blocks[index]["toolUse"]["input"] += piece["input"]
        elif kind == "reasoningContent":
            block = blocks.setdefault(index, {"reasoningContent": {"reasoningText": {"text": ""}}})
            text = block["reasoningContent"]["reasoningText"]
            for name, value in piece.items():
                text[name] = text.get(name, "") + value

    @staticmethod
    def _text(answer):
        text = "".join(block.get("text", "") for block in answer["output"]["message"]["content"])
        assert text, answer
        return text

    @staticmethod
    def _calls(answer):
        return [block["toolUse"] for block in answer["output"]["message"]["content"] if "toolUse" in block]

    def message_answers_with_usage(self):
        answer = self._converse("plain", [user(QUESTION)])
        assert self._text(answer) and answer["stopReason"] == "end_turn", answer

    def system_prompt_is_part_of_the_input(self):
        without = self._converse("plain", [user("hello")])["usage"]["inputTokens"]
        answer = self._converse("system", [user("hello")], system=[{"text": SYSTEM}])
        assert answer["usage"]["inputTokens"] > without + 8, answer["usage"]

    def conversation_of_several_turns_is_answered(self):
        turns = [user("hello", "there"), {"role": "assistant", "content": [{"text": "Good day."}]}, user(QUESTION)]
        self._text(self._converse("turns", turns))

    def stream_is_put_together(self):
        answer = self._stream("stream", [user(QUESTION)], system=[{"text": SYSTEM}])
        assert len(self._text(answer).split()) > 8 and answer["stopReason"] == "end_turn", answer

    def tool_is_called_and_its_result_answered(self):
        for choice in ({"any": {}}, {"tool": {"name": "get_weather"}}, {"auto": {}}):
            turns = [user("Please use get_weather.")]
            answer = self._converse("tools", turns, toolConfig={"tools": [WEATHER], "toolChoice": choice})
            (call,) = self._calls(answer)
            self.check_call(call["name"], call["input"])
            assert answer["stopReason"] == "tool_use" and call["toolUseId"], answer
            turns += [answer["output"]["message"], results([call])]
            last = self._converse("tools-result", turns, toolConfig={"tools": [WEATHER]})
            assert self._text(last) and last["stopReason"] == "end_turn", last

    def tools_are_called_in_parallel(self):
        self._check_parallel(self._converse, "tools-parallel")

    def tool_call_streams(self):
        config = {"tools": [WEATHER], "toolChoice": {"any": {}}}
        answer = self._stream("tools-stream", [user("x")], toolConfig=config)
        (call,) = self._calls(answer)
        self.check_call(call["name"], call["input"])
        assert answer["stopReason"] == "tool_use", answer

    def parallel_tool_calls_stream(self):
        self._check_parallel(self._stream, "tools-parallel-stream")

    def _check_parallel(self, send, kind):
        turns, config = [user("Both in parallel.")], {"tools": [WEATHER, LEVEL]}
        answer = send(kind, turns, toolConfig=config)
        calls = self._calls(answer)
        assert [call["name"] for call in calls] == ["get_weather", "get_level"], answer
        assert len({call["toolUseId"] for call in calls}) == 2 and answer["stopReason"] == "tool_use", answer
        for call in calls:
            self.check_call(call["name"], call["input"])
        turns += [answer["output"]["message"], results(calls)]
        assert self._text(self._converse("tools-parallel-result", turns, toolConfig=config))

    def failed_tool_is_answered_too(self):
        call = {"toolUse": {"toolUseId": "t1", "name": "get_weather", "input": {"place": "here"}}}
        failed = {"toolResult": {"toolUseId": "t1", "status": "error", "content": [{"text": "no such place"}]}}
        turns = [user("x"), {"role": "assistant", "content": [call]}, user(failed, "Well?")]
        assert self._text(self._converse("tools-failed", turns, toolConfig={"tools": [WEATHER]}))

    def thoughts_come_back_with_the_results(self):
        more = {
            "toolConfig": {"tools": [WEATHER]},
            "inferenceConfig": {"maxTokens": 2000},
            "additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 1024}},
        }
        for send in (self._converse, self._stream):
            turns = [user("Use get_weather.")]
            answer = send("thinking", turns, **more)
            message = answer["output"]["message"]
            if self.is_own:
                assert message["content"][0]["reasoningContent"]["reasoningText"]["signature"], answer
            turns += [message, results(self._calls(answer))]
            assert self._text(send("thinking-result", turns, **more))

    def image_by_data_is_seen(self):
        without = self._converse("plain", [user("What is this?")])["usage"]["inputTokens"]
        image = {"image": {"format": "png", "source": {"bytes": png()}}}
        answer = self._converse("image", [user(image, "What is this?")])
        assert answer["usage"]["inputTokens"] >= without + 80, answer["usage"]

    def structured_output_fits_its_schema(self):
        schema = {"name": "weather", "schema": json.dumps(weather_schema(closed=True))}
        config = {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": schema}}}
        answer = self._converse("format", [user("Describe it.")], outputConfig=config)
        assert json.loads(self._text(answer))["word"] == UNICODE_WORD, answer

    def count_tokens_counts_the_input(self):
        if not self.is_own or self.weir:
            return SKIPPED  # Weir does not count for Bedrock's callers.
        messages = [user(QUESTION)]
        count = self.client.count_tokens(modelId=self.options.model, input={"converse": {"messages": messages}})
        assert count["inputTokens"] == self._converse("counted", messages)["usage"]["inputTokens"], count

    def stop_reasons_say_why(self):
        for send in (self._converse, self._stream):
            answer = send("capped", [user(QUESTION)], most=CAP)
            assert answer["stopReason"] == "max_tokens" and answer["usage"]["outputTokens"] == CAP, answer
        if not self.has_stops:
            return
        config = {"maxTokens": 200, "stopSequences": ["e"]}
        answer = self._converse("stopped", [user(QUESTION)], inferenceConfig=config)
        text = "".join(block.get("text", "") for block in answer["output"]["message"]["content"])
        wanted = ("stop_sequence",) if self.target in ("bedrock", "anthropic") else ("stop_sequence", "end_turn")
        assert "e" not in text and answer["stopReason"] in wanted, answer

    def cached_tokens_are_not_in_the_input(self):
        if not self.options.cached_model:
            return SKIPPED
        for send in (self._converse, self._stream):
            answer = send("cached", [user(QUESTION)], model=self.options.cached_model)
            assert answer["usage"]["cacheReadInputTokens"] == 5, answer["usage"]

    def unicode_survives(self):
        config = {"tools": [WEATHER], "toolChoice": {"any": {}}}
        (call,) = self._calls(self._stream("unicode", [user(QUESTION)], toolConfig=config))
        assert call["input"]["word"] == UNICODE_WORD, call

    def broken_stream_raises(self):
        if not self.options.broken_model:
            return SKIPPED
        answer = self.client.converse_stream(**self._request([user("hello")], model=self.options.broken_model))
        text = ""
        try:
            for event in answer["stream"]:
                text += event.get("contentBlockDelta", {}).get("delta", {}).get("text", "")
                assert "messageStop" not in event, event
        except EventStreamError as error:
            assert error.response["Error"]["Code"].endswith("Exception") and text, error
        else:
            raise AssertionError("a stream with an error in it ended well")

    def unknown_model_is_refused(self):
        if not self.weir:
            return SKIPPED  # The stub provider has every model.
        error = self._error(self.client, modelId="no-such-model", messages=[user("hello")])
        assert isinstance(error, self.client.exceptions.ResourceNotFoundException), error
        assert "no-such-model" in error.response["Error"]["Message"], error

    def bad_key_is_refused(self):
        error = self._error(self._client("weir_nobody"), modelId=self.options.model, messages=[user("hello")])
        code, status = error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
        assert status in (401, 403) and code in ("AccessDeniedException", "UnrecognizedClientException"), (code, status)
        assert error.response["Error"]["Message"], error

    def empty_budget_is_refused(self):
        if not self.options.poor_key:
            return SKIPPED
        error = self._error(self._client(self.options.poor_key), modelId=self.options.model, messages=[user("hello")])
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 402, error
        assert error.response["Error"]["Code"] and error.response["Error"]["Message"], error

    def bad_request_is_a_validation_error(self):
        # Turns of one role in a row are no mistake to the others.
        for messages in [[]] + ([[user("hello"), user("again")], [user(" ")]] if self.is_own else []):
            error = self._error(self.client, modelId=self.options.model, messages=messages)
            assert isinstance(error, self.client.exceptions.ValidationException), error

    @staticmethod
    def _error(client, **request):
        try:
            client.converse(**request)
        except ClientError as error:
            return error
        raise AssertionError("it was accepted")


if __name__ == "__main__":
    main(BedrockChecks)

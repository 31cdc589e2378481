"""Drives a llama.cpp server with the official Anthropic client, unchanged: its own messages, or its chat completions translated.

    llama_anthropic_checks.py --base-url http://HOST:PORT --key KEY --model MODEL [--target DIALECT] [--weir]

The model is random: what it says means nothing, and only a grammar has it keep to a form. See client_checks.py for the report and the
other options.
"""

import json

import anthropic

from anthropic_client_checks import TOOLS, AnthropicChecks, user
from client_checks import QUESTION, SKIPPED, SYSTEM, main

#: More than the context of the server holds.
TOO_LONG = "water " * 6_000


class LlamaChecks(AnthropicChecks):
    def message_is_answered_with_usage(self):
        message = self._create("plain", [user(QUESTION)], max_tokens=12)
        self._check_bound(message)

    def streamed_message_is_put_together(self):
        message = self._stream("stream", [user(QUESTION)], max_tokens=12)
        self._check_bound(message)

    def _check_bound(self, message):
        assert len(self._text(message).split()) == 12 and message.usage.output_tokens == 12, message
        # Its responses are "completed" whatever ended them.
        assert message.stop_reason == ("end_turn" if self.target == "responses" else "max_tokens"), message

    def system_prompt_counts(self):
        counts = [self._prompt(self._create("system", [user("hello")], max_tokens=4, **more)) for more in self._systems()]
        assert counts[1] > counts[0] + 8, counts

    @staticmethod
    def _systems():
        return {}, {"system": SYSTEM}

    @staticmethod
    def _prompt(message):
        usage = message.usage
        return usage.input_tokens + (usage.cache_read_input_tokens or 0) + (usage.cache_creation_input_tokens or 0)

    def prompt_that_is_known_already_is_cached(self):
        turns = [user("An old story, told a second time, word by word.")]
        for send in (self._create, self._stream):
            first, second = (send("cached", turns, max_tokens=4) for _ in range(2))
            assert second.usage.cache_read_input_tokens > 8, second.usage
            assert self._prompt(first) == self._prompt(second), (first.usage, second.usage)

    def conversation_with_tools_is_answered(self):
        turns = [
            user("How high is it?"),
            {
                "role": "assistant",
                "content": [{"type": "tool_use", "id": "toolu_1", "name": "get_level", "input": {"gauge": "lower"}}],
            },
            user([{"type": "tool_result", "tool_use_id": "toolu_1", "content": "two metres"}]),
        ]
        for send in (self._create, self._stream):
            message = send("tools", turns, tools=TOOLS, tool_choice={"type": "any"}, max_tokens=12)
            assert self._text(message), message

    def answer_keeps_to_the_schema(self):
        if self.target != "openai":
            return SKIPPED  # In other dialects llama.cpp does not read it.
        properties = {"gauge": {"type": "string", "enum": ["upper", "lower"]}, "open": {"type": "boolean"}}
        schema = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
        config = {"format": {"type": "json_schema", "schema": schema}}
        for send in (self._create, self._stream):
            message = send("schema", [user("Describe it.")], output_config=config, max_tokens=400)
            answer = json.loads(self._text(message))
            assert answer["gauge"] in ("upper", "lower") and isinstance(answer["open"], bool), answer
            assert message.stop_reason == "end_turn", message

    def tokens_are_counted(self):
        count = self.client.messages.count_tokens(model=self.options.model, messages=[user(QUESTION)], system=SYSTEM)
        message = self._create("counted", [user(QUESTION)], system=SYSTEM, max_tokens=4)
        # Weir estimates where the provider has no word for it.
        assert count.input_tokens == self._prompt(message) if self.is_own else count.input_tokens > 0, (count, message)

    def too_long_a_prompt_is_a_bad_request(self):
        try:
            self.client.messages.create(model=self.options.model, max_tokens=4, messages=[user(TOO_LONG)])
        except anthropic.BadRequestError as error:
            assert "context" in str(error), error.body
            # Its own errors have OpenAI's shape in every dialect.
            assert self.is_own or error.type == "invalid_request_error", error.body
        else:
            raise AssertionError("it was accepted")


if __name__ == "__main__":
    main(LlamaChecks)

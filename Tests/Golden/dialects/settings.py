"""Conversations about how an answer is drawn, what it has to be, how it ends and what it counts."""
from conversations import RICH, WEATHER, oslo
from model import (Call, Case, Choice, Citation, Failure, Refusal, Reply, Result, Search, Text, Thought, Usage, assistant,
                   results, says, token, user)

PERSON = {"name": "person", "description": "Somebody.", "schema": {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"},
                   "email": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
    "required": ["name", "age", "email"], "additionalProperties": False}, "strict": True}


def drawing():
    ask = [user("Say something.")]
    return [
        Case("hot-temperature", "A temperature above 1.", ask, says("Purple!"), sampling={"temperature": 1.6}),
        Case("cold-temperature", "A temperature of nothing, written as a fraction.", ask, says("Something."),
             sampling={"temperature": 0.0, "top_p": 1}),
        Case("top-k", "Only so many tokens are considered.", ask, says("Something."),
             sampling={"temperature": 0.5, "top_k": 40}),
        Case("two-choices", "Two answers at once; the providers that give but one give the first.", ask,
             Reply([Choice([Text("Something.")]), Choice([Text("Something else, and longer.")], "length")], Usage(9, 14)),
             sampling={"n": 2}),
        Case("seed-bias-penalties", "A seed, a bias of tokens, and both penalties.", ask, says("Something."),
             sampling={"seed": 42, "logit_bias": {"50256": -100, "1734": 5}, "frequency_penalty": 0.5,
                       "presence_penalty": -0.25}),
        Case("seed-penalties", "A seed and both penalties.", ask, says("Something."),
             sampling={"seed": 42, "frequency_penalty": 0.5, "presence_penalty": 0.25}),
        Case("logprobs", "The probabilities of the tokens are asked for.", ask,
             Reply([Choice([Text("Quite something else.")], logprobs=True)]), sampling={"logprobs": True, "top_logprobs": 1}),
        Case("several-stops", "Two stops.", ask, says("Something."), stops=["###", "END"]),
        Case("long-stops", "Six stops, a long one among them.", ask, says("Something."),
             stops=["one", "two", "three", "four", "five", "-- the end of this very long text that nobody reads --" * 2]),
        Case("white-space-stop", "A stop of nothing but white space beside another.", ask, says("Something."),
             stops=["\n\n", "END"]),
        Case("stop-hit", "One of the stops ended the answer.", [user("Count.")],
             says("1, 2, 3, ", finish="stop_sequence", stop="4"), stops=["4", "END"]),
        Case("without-limit", "Nothing bounds the answer; Anthropic's dialect cannot leave it out.", ask, says("Something."),
             limit=None, unsaid={"anthropic": "`max_tokens` is required"}),
        Case("structured-output", "The answer keeps to a JSON schema.", [user("Who was Grieg?")],
             says('{"name":"Edvard Grieg","age":64,"email":null}'), schema=PERSON),
        Case("structured-output-with-tools", "The answer keeps to a JSON schema, and a tool is offered.",
             [user("How is the weather for Grieg?")], Reply([Choice([oslo()], "tools")]), schema=PERSON, tools=[WEATHER]),
        Case("structured-output-rich", "The answer keeps to a schema with all that some providers do not take.",
             [user("Book it.")], says('{"guests":[{"name":"Åse","age":null}],"class":2}'),
             schema={"name": "booking", "schema": RICH},
             unsaid={"anthropic": "schemas of answers have no bounds and do not refer to themselves"}),
        Case("json-object", "The answer is some JSON object.", [user("Who was Grieg? Answer in JSON.")],
             says('{"name": "Edvard Grieg"}'), json=True),
        Case("end-user", "The caller names the person that it asks for.", ask, says("Something."), user="user-7781"),
        Case("metadata", "Labels for the provider's records.", ask, says("Something."),
             also={"openai": {"metadata": {"team": "search", "ticket": "4711"}, "store": True},
                   "gemini": {"labels": {"team": "search", "ticket": "4711"}}},
             unsaid={"anthropic": "there are no labels"}),
        Case("service-tier", "A tier of service.", ask, says("Something."),
             also={"openai": {"service_tier": "flex"}, "anthropic": {"service_tier": "standard_only"}},
             unsaid={"gemini": "there are no tiers to ask for"}),
        Case("unknown-members", "Members that only one dialect has.", ask, says("Something."),
             also={"openai": {"verbosity": "low", "prompt_cache_key": "k1", "safety_identifier": "s1",
                              "prediction": {"type": "content", "content": "Something."}},
                   "anthropic": {"inference_geo": "eu", "container": "container_011"},
                   "gemini": {"safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}],
                              "cachedContent": "cachedContents/4711"}}),
    ]


def thinking():
    ask = [user("Is 1,303 a prime?")]
    thought = Thought("Test 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31: none divides it.", token("thinking", "signature", 96))
    answer = Choice([thought, Text("Yes, 1,303 is a prime.")])
    silent = Reply([Choice([Text("Yes, 1,303 is a prime.")])], Usage(15, 260, reasoning=240))
    call = Call("get_weather", {"city": "Oslo"}, signature=token("thinking", "call", 64))
    back = [user("What is the weather in Oslo?"),
            assistant(Thought("The tool knows.", token("thinking", "signature 1", 96)), Text("I look it up."), call),
            results(Result("a", "get_weather", [Text("rain")]))]
    again = Call("get_weather", {"city": "Bergen"}, "b", signature=token("thinking", "call 2", 64))
    return [
        Case("thinking-by-effort", "Thinking is asked for by an effort.", ask,
             Reply([answer], Usage(15, 260, reasoning=240)), replies={"openai": silent}, effort="high", limit=8000),
        Case("thinking-and-more", "Thinking is asked for beside what some models refuse then: a temperature, a forced tool.", ask,
             Reply([Choice([oslo()], "tools")], Usage(90, 120, reasoning=100)), effort="medium", limit=4096,
             sampling={"temperature": 0.3}, tools=[WEATHER], choice="required",
             unsaid={"anthropic": "thinking is refused beside a temperature and a forced tool"}),
        Case("thinking-little", "Little thinking is asked for.", ask, silent, effort="low"),
        Case("thinking-by-budget", "Thinking is asked for by a number of tokens.", ask,
             Reply([answer], Usage(15, 260, reasoning=240)), budget=2048, limit=8000),
        Case("thinking-off", "Thinking is switched off.", ask, says("Yes."),
             also={"openai": {"reasoning_effort": "none"}, "anthropic": {"thinking": {"type": "disabled"}},
                   "gemini": {"generationConfig": {"maxOutputTokens": 1024, "thinkingConfig": {"thinkingBudget": 0}}}}),
        Case("thinking-sent-back", "A thought with its signature is sent back beside its call; the answer thinks and calls again.",
             back, Reply([Choice([Thought("Oslo is done, Bergen is not.", token("thinking", "signature 2", 96)),
                                  Text("Rain in Oslo."), again], "tools")], Usage(180, 75, reasoning=41)),
             tools=[WEATHER], budget=4096, limit=8000,
             unsaid={"openai": "thoughts have no place in a message"}),
        Case("thinking-sealed", "A thought that only its provider can read is sent back, and another one comes.",
             [user("Hello."), assistant(Thought("", sealed=token("thinking", "sealed", 120)), Text("Hi.")), user("Go on.")],
             Reply([Choice([Thought("", sealed=token("thinking", "sealed 2", 120)), Text("On and on.")])]),
             replies={"openai": says("On and on.")}, budget=2048, limit=8000,
             unsaid={"openai": "thoughts have no place in a message", "gemini": "there are no sealed thoughts"}),
        Case("reasoning-counted", "Reasoning is counted, though not shown.", ask, silent,
             replies={"bedrock": Reply(silent.choices, Usage(15, 260))}),
        Case("cached-input-counted", "Most of the input came from the provider's cache.", ask,
             says("Yes.", usage=Usage(4100, 12, cached=3968))),
    ]


def endings():
    ask = [user("Tell me how it is done.")]
    page = Citation("Fjord", "https://example.org/fjord", "A fjord is a long, narrow inlet.")
    found = Reply([Choice([Search("fjord", (("Fjord", "https://example.org/fjord"), ("Oslo", "https://example.org/oslo"))),
                           Text("According to the page, "), Text("a fjord is a narrow inlet.", citations=(page,))])])
    cut = Reply([Choice([Call("get_weather", {"city": "Os"}, as_sent='{"city": "Os')], "length")], Usage(30, 16))
    counted = Reply([Choice([Text("One, two, three, and then")])])
    return [
        Case("cut-by-length", "The bound ended the answer.", [user("Tell a long story.")],
             says("Once upon a time, there", finish="length", usage=Usage(12, 6)), limit=6),
        Case("call-cut-by-length", "The bound ended the arguments of a call.", [user("The weather?")], cut,
             replies={"gemini": Reply([Choice([], "length")], Usage(30, 16)),
                      "anthropic": Reply([Choice([Call("get_weather", {}, as_sent='{"city": "Os')], "length")], Usage(30, 16)),
                      "bedrock": Reply([Choice([Call("get_weather", {}, as_sent='{"city": "Os')], "length")], Usage(30, 16))},
             tools=[WEATHER], limit=16),
        Case("refusal", "The model declines.", ask, Reply([Choice([Refusal("I'm sorry, I can't help with that.")], "refusal")])),
        Case("content-filtered", "The provider keeps the rest of the answer back.", ask, says("First you", finish="filter")),
        Case("searched", "The provider searched the web by itself, and says what it found where.", [user("What is a fjord?")],
             found, also={"openai": {"web_search_options": {"search_context_size": "low"}},
                          "anthropic": {"tools": [{"type": "web_search_20250305", "name": "web_search", "max_uses": 3}]},
                          "gemini": {"tools": [{"googleSearch": {}}]}}),
        Case("overloaded", "The provider is overloaded: at once, and in the middle of a stream.", [user("Count.")],
             Failure(counted), stream=True),
        Case("unknown-ending", "A reason to stop, a kind of part and members that nobody has heard of.", [user("Surprise me.")],
             says("Surprise!"), replies=unknown(), events=unknown_events()),
    ]


def unknown():
    """Replies as a later version of each provider might send them."""
    text = {"type": "text", "text": "Surprise!"}
    counts = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11, "joules": 3}
    message = {"role": "assistant", "content": "Surprise!", "refusal": None, "aura": [1]}
    return {
        "openai": HEAD["openai"] | {"mood": "fine", "usage": counts, "choices": [
            {"index": 0, "message": message, "finish_reason": "bored", "shade": "red"}]},
        "anthropic": HEAD["anthropic"] | {
            "content": [{"type": "hologram", "beam": {"x": 1}}, text], "stop_reason": "bored", "stop_sequence": None,
            "mood": "fine", "usage": {"input_tokens": 9, "output_tokens": 2, "joules": 3}},
        "gemini": HEAD["gemini"] | {"mood": "fine", "candidates": [
            {"content": {"parts": [{"hologram": {"beam": 1}}, {"text": "Surprise!"}], "role": "model"},
             "finishReason": "BORED", "index": 0, "shade": "red"}]},
        "bedrock": HEAD["bedrock"] | {"stopReason": "bored", "output": {"message": {
            "content": [{"hologram": {"beam": 1}}, {"text": "Surprise!"}], "role": "assistant"}}},
    }


HEAD = {
    "openai": {"id": "chatcmpl-9", "object": "chat.completion", "created": 1760000000, "model": "gpt-9"},
    "anthropic": {"model": "claude-9", "id": "msg_9", "type": "message", "role": "assistant"},
    "gemini": {"modelVersion": "gemini-9", "responseId": "r9", "usageMetadata": {
        "promptTokenCount": 9, "candidatesTokenCount": 2, "totalTokenCount": 11, "joules": 3}},
    "bedrock": {"metrics": {"latencyMs": 3}, "usage": {"inputTokens": 9, "outputTokens": 2, "totalTokens": 11, "joules": 3}},
}


def unknown_events():
    """The same as streams: names of events, and their data."""
    chunk = HEAD["openai"] | {"object": "chat.completion.chunk"}
    counts = unknown()["openai"]["usage"]
    begun = HEAD["anthropic"] | {"content": [], "stop_reason": None, "stop_sequence": None,
                                 "usage": {"input_tokens": 9, "output_tokens": 1}}
    delta = {"type": "content_block_delta", "index": 1}
    return {
        "openai": [("", chunk | {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "", "aura": [1]}}]}),
                   ("", chunk | {"choices": [{"index": 0, "delta": {"content": "Surprise!"}, "finish_reason": None}]}),
                   ("", chunk | {"choices": [{"index": 0, "delta": {}, "finish_reason": "bored", "shade": "red"}]}),
                   ("", chunk | {"choices": [], "usage": counts}), ("", "[DONE]")],
        "anthropic": [
            ("message_start", {"type": "message_start", "message": begun}), ("glimmer", {"type": "glimmer", "x": 1}),
            ("content_block_start", {"type": "content_block_start", "index": 0,
                                     "content_block": {"type": "hologram", "beam": {"x": 1}}}),
            ("content_block_delta", {"type": "content_block_delta", "index": 0, "delta": {"type": "beam_delta", "x": 2}}),
            ("content_block_stop", {"type": "content_block_stop", "index": 0}),
            ("content_block_start", {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}}),
            ("content_block_delta", delta | {"delta": {"type": "text_delta", "text": "Surprise!"}}),
            ("content_block_delta", delta | {"delta": {"type": "shade_delta", "shade": "red"}}),
            ("content_block_stop", {"type": "content_block_stop", "index": 1}),
            ("message_delta", {"type": "message_delta", "delta": {"stop_reason": "bored", "stop_sequence": None},
                               "usage": {"output_tokens": 2}}),
            ("message_stop", {"type": "message_stop"})],
        "gemini": [("", unknown()["gemini"])],
        "bedrock": [
            ("messageStart", {"role": "assistant"}), ("glimmer", {"x": 1}),
            ("contentBlockStart", {"contentBlockIndex": 0, "start": {"hologram": {"beam": 1}}}),
            ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"hologram": {"beam": 2}}}),
            ("contentBlockStop", {"contentBlockIndex": 0}),
            ("contentBlockDelta", {"contentBlockIndex": 1, "delta": {"text": "Surprise!"}}),
            ("contentBlockStop", {"contentBlockIndex": 1}), ("messageStop", {"stopReason": "bored"}),
            ("metadata", HEAD["bedrock"])],
    }

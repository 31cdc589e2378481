"""Conversations about what is said: turns, media, tools, and the settings of a request."""
from model import (Audio, Call, Case, Choice, Document, Image, Reply, Result, Text, Thought, Tool, Turn, Usage, assistant,
                   results, says, system, token, user)

PNG = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA="
PDF = ("JVBERi0xLjEKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqCjIgMCBvYmo8PC9UeXBlL1BhZ2VzL0tpZHNbMyAwIFJdL0Nv"
       "dW50IDE+PmVuZG9iagozIDAgb2JqPDwvVHlwZS9QYWdlL1BhcmVudCAyIDAgUi9NZWRpYUJveFswIDAgOSA5XT4+ZW5kb2JqCnRyYWlsZXI8PC9Sb290"
       "IDEgMCBSPj4=")

WEATHER = Tool("get_weather", "What the weather is like in a place.", {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "Its name."},
                   "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]}},
    "required": ["city"]})
TIME = Tool("get_time", "The time in a place.", {
    "type": "object", "properties": {"zone": {"type": "string"}}, "required": ["zone"]})
SUNNY = '{"sky":"clear","degrees":21}'


def oslo(key="a", **more):
    return Call("get_weather", {"city": "Oslo", "unit": "celsius"}, key, **more)


def talk():
    return [
        Case("plain", "One question, one answer.", [user("Name the capital of Norway.")], says("Oslo is the capital of Norway.")),
        Case("plain-stream", "The same, asked for as a stream.", [user("Name the capital of Norway.")],
             says("Oslo."), stream=True),
        Case("system", "Instructions stand before the conversation.",
             [system("You are a terse geographer."), user("Name the capital of Norway.")], says("Oslo.")),
        Case("several-instructions", "Two messages of instructions stand before the conversation.",
             [system("You are a geographer."), system("Answer in one word."), user("The capital of Norway?")], says("Oslo.")),
        Case("developer-in-the-middle", "The developer speaks up between two turns.",
             [system("You are a geographer."), user("The capital of Norway?"), assistant("Oslo, which lies on a fjord."),
              Turn("developer", [Text("From here on answer in one word.")]), user("And of Sweden?")], says("Stockholm.")),
        Case("system-in-the-middle", "Instructions come between two turns.",
             [system("You are a geographer."), user("The capital of Norway?"), assistant("Oslo, which lies on a fjord."),
              user("And of Sweden?"), system("From here on answer in one word.")], says("Stockholm.")),
        Case("many-turns", "Five turns, user and assistant by turns.",
             [user("Hello!"), assistant("Hello. What may I do?"), user("Name a fjord."), assistant("The Sognefjord."),
              user("Another one.")], says("The Hardangerfjord."), sampling={"temperature": 0.7, "top_p": 0.9}),
        Case("names-of-speakers", "Participants have names.", [user("Hello, I am Åse.")], says("Hello, Åse."),
             also={"openai": {"messages": [{"role": "system", "content": "Greet everybody.", "name": "host"},
                                           {"role": "user", "content": "Hello, I am Åse.", "name": "aase"}]}},
             unsaid={"anthropic": "there are no names", "gemini": "there are no names"}),
        Case("turns-of-one-role", "Turns of one role follow each other.",
             [user("Name a fjord."), user("One that is deep."), assistant("The Sognefjord"), assistant(" is 1,303 m deep."),
              user("In feet?")], says("4,275 feet.")),
        Case("several-texts", "One message has several parts of text, one of them empty.",
             [user("First: ", "", "second.", "\n\nThird.")], says("Three parts."),
             unsaid={"anthropic": "an empty text is refused"}),
        Case("prefill", "The conversation ends with the beginning of the answer, and white space.",
             [user("The capital of Norway, as JSON?"), assistant('{"capital": ')], says('"Oslo"}'),
             unsaid={"anthropic": "an answer that is begun must not end with white space"}),
        Case("prefill-trimmed", "The conversation ends with the beginning of the answer.",
             [user("The capital of Norway, as JSON?"), assistant('{"capital":')], says('"Oslo"}')),
        Case("unicode", "Marks that combine, letters that join, text from right to left, beyond 16 bits, and what JSON escapes.",
             [user("Cafe\u0301 \u2028 ﷽ שלום, עולם! \U0001F469\u200D\U0001F469\u200D\U0001F467 \U0001D4B3 \"\\/\b\f\n\r\t\u007f </script> é\u0308")],
             Reply([Choice([Text("مرحبا بالعالم \U0001F44B\U0001F3FD e\u0301\u0327 \"a\\b\" \u2029 <&='>"),
                            Call("get_weather", {"city": "Žilina \U0001F327\uFE0F \"x\"\\y"},
                                 as_sent='{"city": "\\u017dilina \\ud83c\\udf27\\ufe0f \\"x\\"\\\\y"}')], "tools")]),
             tools=[WEATHER]),
        Case("long-text", "A text beyond every buffer of 16 KiB.",
             [user("Sum this up: " + " ".join(f"Line {n} of a log that says nothing new." for n in range(430)))],
             says(" ".join(f"Sentence {n} says it again." for n in range(120)), usage=Usage(4321, 871)), limit=4096),
        Case("empty-answer", "The model has nothing to say.", [user("Say nothing at all.")], says(usage=Usage(11, 1))),
    ]


def media():
    look = "What is in it?"
    return [
        Case("image-by-url", "An image by its URL.",
             [user(look, Image("https://example.org/fjord.png", detail="low"))], says("A fjord.")),
        Case("image-by-data", "An image in base64, before the text.",
             [user(Image(data=PNG), look)], says("A dot.")),
        Case("document", "A PDF in base64.", [user(Document(PDF, "empty.pdf"), "How many pages are there?")], says("One.")),
        Case("document-by-url", "A PDF by its URL.",
             [user(Document("", "report", url="https://example.org/report.pdf"), "What does it say?")], says("Little."),
             unsaid={"openai": "a file is data or an identity"}),
        Case("document-as-text", "A document that is plain text.",
             [user(Document("Rule 1: be kind.\nRule 2: be brief.", "rules.txt", "text/plain"), "Rule 2?")], says("Be brief."),
             unsaid={"openai": "a file is a PDF"}),
        Case("audio", "A sound in base64.", [user("What do you hear?", Audio(WAV))], says("Silence."),
             unsaid={"anthropic": "there is no audio"}),
        Case("cache-marks", "Tools and instructions are remembered for an hour, two turns for five minutes.",
             [system(Text("You know this handbook by heart: " + "rule after rule. " * 12, "1h")),
              user(Text("Chapter one?", "5m")), assistant("Rules."), user(Text("Chapter two?", "5m"))],
             says("More rules.", usage=Usage(2300, 9, cached=1900, written5=120, written1h=200)),
             tools=[TIME, Tool(WEATHER.name, WEATHER.about, WEATHER.schema, mark="1h")]),
    ]


def tools():
    ask = "What is the weather in Oslo?"
    parallel = [user(ask + " And the time?"),
                assistant("I look both up.", oslo(), Call("get_time", {"zone": "Europe/Oslo"}, "b")),
                results(Result("a", "get_weather", [Text(SUNNY)]), Result("b", "get_time", [Text("12:30")]))]
    return [
        Case("tool-called", "A tool is offered, and called without a word.", [user(ask)],
             Reply([Choice([oslo()], "tools")], Usage(88, 24)), tools=[WEATHER]),
        Case("tool-answered", "What came of a call is sent back.",
             [user(ask), assistant(oslo()), results(Result("a", "get_weather", [Text(SUNNY)]))],
             says("Clear, 21 °C.", usage=Usage(140, 11)), tools=[WEATHER]),
        Case("tools-in-parallel", "Two tools were called at once; the answer calls two again, after a word.", parallel,
             Reply([Choice([Text("And now Bergen."), Call("get_weather", {"city": "Bergen"}, "c"),
                            Call("get_weather", {"city": "Tromsø", "unit": "celsius"}, "d")], "tools")], Usage(210, 60)),
             tools=[WEATHER, TIME], choice="auto"),
        Case("results-then-text", "The user adds a word to the results of two calls.",
             parallel[:2] + [Turn("tool", parallel[2].parts), user("Be brief.")], says("Clear, half past twelve."),
             tools=[WEATHER, TIME]),
        Case("results-without-tools", "The history has calls, but the request offers no tools any more.",
             [user(ask), assistant(oslo()), results(Result("a", "get_weather", [Text(SUNNY)])),
              assistant("Clear."), user("Thanks. And now a joke?")], says("A fjord walks into a bar.")),
        Case("tool-failed", "A tool failed, and says so.",
             [user("What is the weather in Atlantis?"), assistant(Call("get_weather", {"city": "Atlantis"})),
              results(Result("a", "get_weather", [Text("no such city")], error=True))],
             says("I know of no such city."), tools=[WEATHER]),
        Case("tool-shows-image", "One of two tools answers with a text and an image.",
             [user("Show me the page, and tell the time."),
              assistant(Call("screenshot", {"url": "https://example.org"}), Call("get_time", {"zone": "UTC"}, "b")),
              results(Result("a", "screenshot", [Text("taken"), Image(data=PNG)]), Result("b", "get_time", [Text("12:30")]))],
             says("It is a dot, at half past twelve."), tools=[TIME, Tool("screenshot", "A picture of a page.", {
                 "type": "object", "properties": {"url": {"type": "string"}}, "required": ["url"]})]),
        Case("tool-without-arguments", "A tool takes nothing, and is called so.", [user("Is anybody there?")],
             Reply([Choice([Call("ping", {}, as_sent="")], "tools")], Usage(40, 8)), tools=[Tool("ping")],
             replies={"openai": Reply([Choice([Call("ping", {}, as_sent="{}")], "tools")], Usage(40, 8))}),
        Case("tool-choice-none", "Tools are offered, and forbidden for once.", [user(ask)], says("I may not look."),
             tools=[WEATHER], choice="none"),
        Case("tool-choice-required", "Some tool has to be called.", [user(ask)],
             Reply([Choice([oslo()], "tools")]), tools=[WEATHER, TIME], choice="required"),
        Case("tool-choice-forced", "One tool has to be called.", [user(ask)],
             Reply([Choice([oslo()], "tools")]), tools=[WEATHER, TIME], choice="get_weather",
             replies={"openai": Reply([Choice([oslo()], "stop")])}),
        Case("one-call-at-a-time", "Several calls at once are forbidden.", [user(ask + " And in Bergen?")],
             Reply([Choice([oslo()], "tools")]), tools=[WEATHER], parallel=False),
        Case("odd-tool-names", "Names of tools that are legal for their caller, but not for every provider.",
             [user("Read it."), assistant(Call("files", {"path": "a.txt"})),
              results(Result("a", "files", [Text("nothing")])), user("Once more.")],
             says("Still nothing."), choice="files",
             tools=[Tool("files", "Reads a file.", {"type": "object", "properties": {"path": {"type": "string"}}},
                         named={"openai": "2nd-file_reader", "anthropic": "mcp__workspace-tools__read_the_whole_of_a_file_"
                                "and_show_it_with_line_numbers_version_2", "gemini": "files.read:v2"}),
                    Tool("other", "Reads a file.", {"type": "object", "properties": {"path": {"type": "string"}}},
                         named={"openai": "2nd_file_reader", "anthropic": "mcp__workspace-tools__read_the_whole_of_a_file_"
                                "and_show_it_with_line_numbers_version_3", "gemini": "files_read_v2"})]),
        Case("rich-schema", "A schema with definitions, references, alternatives, null, enumerations and bounds.",
             [user("Book it.")],
             Reply([Choice([Call("book", {"guests": [{"name": "Åse", "age": None}], "class": 2})], "tools")]),
             tools=[Tool("book", "Books a journey.", RICH)]),
        Case("strict-tool", "A tool whose arguments have to keep to its schema.", [user("The weather?")],
             Reply([Choice([Call("get_weather", {"city": "Oslo"})], "tools")]),
             tools=[Tool("get_weather", "What the weather is like in a place.", {
                 "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"],
                 "additionalProperties": False}, strict=True)],
             unsaid={"gemini": "a tool cannot be made strict"}),
        Case("allowed-tools", "Of three tools, one of two has to be called.", [user(ask)],
             Reply([Choice([oslo()], "tools")]), tools=[WEATHER, TIME, Tool("ping")],
             also={"openai": {"tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [
                       {"type": "function", "function": {"name": "get_weather"}},
                       {"type": "function", "function": {"name": "get_time"}}]}}},
                   "gemini": {"toolConfig": {"functionCallingConfig": {
                       "allowedFunctionNames": ["get_weather", "get_time"], "mode": "ANY"}}}},
             unsaid={"anthropic": "a choice is one tool or all"}),
        Case("functions-of-old", "Functions, as they were called before there were tools.", [user(ask)],
             says("Clear."), also={"openai": {"max_tokens": 256, "function_call": {"name": "get_weather"}, "functions": [
                 {"name": WEATHER.name, "description": WEATHER.about, "parameters": WEATHER.schema}], "messages": [
                 {"role": "user", "content": ask},
                 {"role": "assistant", "content": None, "function_call": {
                     "name": "get_weather", "arguments": "{\"city\": \"Oslo\"}"}},
                 {"role": "function", "name": "get_weather", "content": SUNNY},
                 {"role": "user", "content": "And in Bergen?"}]}}, limit=None,
             unsaid={"anthropic": "there were none", "gemini": "there were none"}),
    ]


RICH = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {
        "guests": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/guest"}},
        "class": {"type": "integer", "enum": [1, 2]},
        "note": {"anyOf": [{"type": "string", "maxLength": 80}, {"type": "null"}]},
        "seat": {"type": ["string", "null"], "pattern": "^[0-9]+[A-F]$"},
        "pay": {"oneOf": [{"const": "cash"}, {"type": "object", "properties": {"card": {"type": "string"}},
                                             "required": ["card"], "additionalProperties": False}]},
        "when": {"type": "string", "format": "date-time"},
        "price": {"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.01, "default": 1.5}},
    "required": ["guests", "class"],
    "additionalProperties": False,
    "$defs": {
        "guest": {"type": "object", "properties": {
            "name": {"type": "string"}, "age": {"type": ["integer", "null"], "minimum": 0},
            "friends": {"type": "array", "items": {"$ref": "#/$defs/guest"}}},
            "required": ["name", "age"], "additionalProperties": False}},
}


def agent():
    """A coding agent's request: long instructions with marks, many tools, results with marks, thoughts in between."""
    read = Tool("Read", "Reads a file.\n\n- `file_path` must be absolute.", {
        "$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
        "properties": {"file_path": {"type": "string"}, "limit": {"type": "number"}}, "required": ["file_path"],
        "additionalProperties": False})
    run = Tool("Bash", "Runs a command.", {
        "$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
        "properties": {"command": {"type": "string"}, "timeout": {"type": "number", "maximum": 600000}},
        "required": ["command"], "additionalProperties": False}, mark="5m")
    session = '{"device_id":"0f3a","account_uuid":"","session_id":"5b1d7e8a-6f2c-4f43-9d9a-2f8e1f1f9a11"}'
    turns = [
        system(Text("You are a coding agent in a terminal."), Text("Be concise. " * 20, "5m")),
        user(Text("<system-reminder>\nToday is Monday.\n</system-reminder>"), Text("Why does the test fail?")),
        assistant(Thought("I should look at the test first.", token("agent", "signature", 88)),
                  Text("I'll look at the test."), Call("Read", {"file_path": "/src/test_a.py"}),
                  Call("Bash", {"command": "pytest -q 2>&1 | tail -5", "timeout": 60000}, "b")),
        Turn("tool", [Result("a", "Read", [Text("     1\tdef test_a():\n     2\t    assert 1 == 2\n")]),
                      Result("b", "Bash", [Text("1 failed")], error=True), Text("Go on.", "5m")]),
    ]
    reply = Reply([Choice([Thought("The assertion is wrong.", token("agent", "signature 2", 88)),
                           Text("The assertion compares 1 with 2. I'll mend it."),
                           Call("Bash", {"command": "sed -i 's/1 == 2/1 == 1/' /src/test_a.py"}, "c")], "tools")],
                  Usage(5210, 143, cached=4800, written5=310, reasoning=31))
    return [Case("coding-agent", "A coding agent in the middle of its work, with everything at once.", turns, reply,
                 tools=[read, run], stream=True, limit=32000, budget=16000, user=session,
                 also={"anthropic": {"context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]}}},
                 unsaid={"openai": "it has thoughts with signatures", "gemini": "it has marks for a cache"}),
            Case("coding-agent-plain", "A coding agent in the middle of its work, without marks and thoughts.",
                 [system("You are a coding agent in a terminal. " + "Be concise. " * 20),
                  user("Why does the test fail?"),
                  assistant("I'll look at the test.", Call("Read", {"file_path": "/src/test_a.py"}),
                            Call("Bash", {"command": "pytest -q 2>&1 | tail -5", "timeout": 60000}, "b")),
                  results(Result("a", "Read", [Text("     1\tdef test_a():\n     2\t    assert 1 == 2\n")]),
                          Result("b", "Bash", [Text("1 failed")])),
                  user("Go on.")], reply, tools=[read, Tool(run.name, run.about, run.schema)], stream=True, limit=32000)]

"""A conversation as the official client of each dialect sends it.

Members stand in the order of those clients: OpenAI's and Anthropic's put what is required first and the rest by name.
"""
import base64
import json

from model import (Audio, Call, CannotSay, Document, Image, Result, Text, Thought, arguments, call_id)

MODELS = {"openai": "gpt-5-mini", "anthropic": "claude-sonnet-4-5", "gemini": "gemini-2.5-flash"}


def request(case, dialect):
    if dialect in case.unsaid:
        raise CannotSay(case.unsaid[dialect])
    body = {"openai": openai, "anthropic": anthropic, "gemini": gemini}[dialect](case)
    body.update(case.also.get(dialect, {}))
    return body


def ordered(body, *first):
    return {name: body[name] for name in first} | {name: body[name] for name in sorted(body) if name not in first}


# OpenAI


def openai(case):
    body = {"messages": [m for turn in case.turns for m in openai_messages(case, turn)], "model": MODELS["openai"]}
    body["max_completion_tokens"] = case.limit
    body["stop"] = case.stops or None
    if len(case.stops) > 4:
        raise CannotSay("at most four stops are allowed")
    if "top_k" in case.sampling:
        raise CannotSay("there is no `top_k`")
    if case.budget:
        raise CannotSay("thinking is asked for by effort, not by a number of tokens")
    body |= case.sampling
    body["reasoning_effort"] = case.effort
    body["user"] = case.user
    body["parallel_tool_calls"] = case.parallel
    if case.tools:
        body["tools"] = [openai_tool(case, tool) for tool in case.tools]
    if case.choice in (None, "auto", "none", "required"):
        body["tool_choice"] = case.choice
    else:
        body["tool_choice"] = {"type": "function", "function": {"name": case.name_of(case.choice, "openai")}}
    if case.schema:
        body["response_format"] = {"type": "json_schema", "json_schema": case.schema}
    elif case.json:
        body["response_format"] = {"type": "json_object"}
    if case.stream:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    return ordered({name: value for name, value in body.items() if value is not None}, "messages", "model")


def openai_tool(case, tool):
    function = {"name": tool.named.get("openai", tool.name)}
    if tool.about:
        function["description"] = tool.about
    if tool.schema is not None:
        function["parameters"] = tool.schema
    if tool.strict is not None:
        function["strict"] = tool.strict
    rendered = {"type": "function", "function": function}
    if tool.mark:
        rendered["cache_control"] = mark(tool.mark)
    return rendered


def openai_messages(case, turn):
    if turn.role == "tool":
        return [openai_result(case, result) for result in turn.parts]
    message = {"role": turn.role}
    calls = [part for part in turn.parts if isinstance(part, Call)]
    parts = [part for part in turn.parts if not isinstance(part, Call)]
    if len(parts) == 1 and isinstance(parts[0], Text) and not parts[0].mark:
        message["content"] = parts[0].text
    elif parts or not calls:
        message["content"] = [openai_part(part) for part in parts]
    else:
        message["content"] = None
    if calls:
        message["tool_calls"] = [
            {"id": call_id(case.name, call.key, "openai"), "type": "function",
             "function": {"name": case.name_of(call.name, "openai"), "arguments": arguments(call)}} for call in calls]
    return [message]


def openai_result(case, result):
    if not all(isinstance(part, Text) for part in result.parts):
        raise CannotSay("a message of a tool holds nothing but text")
    texts = [part.text for part in result.parts]
    content = texts[0] if len(texts) == 1 else [{"type": "text", "text": text} for text in texts]
    return {"role": "tool", "tool_call_id": call_id(case.name, result.key, "openai"), "content": content}


def openai_part(part):
    match part:
        case Text(text=text):
            rendered = {"type": "text", "text": text}
            return rendered | ({"cache_control": mark(part.mark)} if part.mark else {})
        case Image(url=url, detail=detail):
            source = {"url": url or f"data:{part.type};base64,{part.data}"}
            return {"type": "image_url", "image_url": source | ({"detail": detail} if detail else {})}
        case Document(data=data):
            return {"type": "file", "file": {"filename": part.title, "file_data": f"data:{part.type};base64,{data}"}}
        case Audio(data=data, format=format):
            return {"type": "input_audio", "input_audio": {"data": data, "format": format}}
        case Thought():
            raise CannotSay("thoughts have no place in a message")
    raise CannotSay("no such part")


# Anthropic


def mark(ttl):
    return {"type": "ephemeral"} if ttl == "5m" else {"type": "ephemeral", "ttl": ttl}


def anthropic(case):
    unknown = {"n", "seed", "frequency_penalty", "presence_penalty", "logit_bias", "logprobs"} & case.sampling.keys()
    if unknown:
        raise CannotSay(f"there is no `{sorted(unknown)[0]}`")
    if case.sampling.get("temperature", 0) > 1:
        raise CannotSay("a temperature above 1 is refused")
    if any(not stop.strip() for stop in case.stops):
        raise CannotSay("a stop of nothing but white space is refused")
    if case.json:
        raise CannotSay("JSON without a schema cannot be asked for")
    turns, instructions = list(case.turns), []
    while turns and turns[0].role == "system":
        instructions += turns.pop(0).parts
    body = {"max_tokens": case.limit or 4096, "messages": [anthropic_message(case, turn) for turn in turns],
            "model": MODELS["anthropic"]} | case.sampling
    if len(instructions) == 1 and not instructions[0].mark:
        body["system"] = instructions[0].text
    elif instructions:
        body["system"] = [anthropic_part(case, part) for part in instructions]
    if case.stops:
        body["stop_sequences"] = case.stops
    if case.user:
        body["metadata"] = {"user_id": case.user}
    if case.tools:
        body["tools"] = [anthropic_tool(tool) for tool in case.tools]
    choice = {None: None, "auto": {"type": "auto"}, "none": {"type": "none"}, "required": {"type": "any"}}.get(
        case.choice, {"type": "tool", "name": case.name_of(case.choice, "anthropic")})
    if case.parallel is False:
        choice = (choice or {"type": "auto"}) | {"disable_parallel_tool_use": True}
    if choice:
        body["tool_choice"] = choice
    if case.budget:
        body["thinking"] = {"budget_tokens": case.budget, "type": "enabled"}
    if case.effort:
        body |= {"thinking": {"type": "adaptive"}, "output_config": {"effort": case.effort}}
    if case.schema:
        body["output_config"] = {"format": {"schema": case.schema["schema"], "type": "json_schema"}}
    if case.stream:
        body["stream"] = True
    return ordered(body, "max_tokens", "messages", "model")


def anthropic_tool(tool):
    rendered = {"name": tool.named.get("anthropic", tool.name)}
    if tool.about:
        rendered["description"] = tool.about
    rendered["input_schema"] = tool.schema if tool.schema is not None else {"type": "object", "properties": {}}
    if tool.strict is not None:
        rendered["strict"] = tool.strict
    if tool.mark:
        rendered["cache_control"] = mark(tool.mark)
    return rendered


def anthropic_message(case, turn):
    if turn.role == "developer":
        raise CannotSay("there is no role `developer`")
    role = "user" if turn.role == "tool" else turn.role
    if len(turn.parts) == 1 and isinstance(turn.parts[0], Text) and not turn.parts[0].mark:
        return {"role": role, "content": turn.parts[0].text}
    return {"role": role, "content": [anthropic_part(case, part) for part in turn.parts]}


def anthropic_part(case, part):
    match part:
        case Text(text=text):
            return {"type": "text", "text": text} | ({"cache_control": mark(part.mark)} if part.mark else {})
        case Image(url=url) if url:
            return {"type": "image", "source": {"type": "url", "url": url}}
        case Image(data=data):
            return {"type": "image", "source": {"type": "base64", "media_type": part.type, "data": data}}
        case Document(data=data, title=title):
            kind = "text" if part.type == "text/plain" else "base64"
            source = {"type": kind, "media_type": part.type, "data": data}
            if part.url:
                source = {"type": "url", "url": part.url}
            return {"type": "document", "source": source, "title": title}
        case Call(name=name):
            return {"type": "tool_use", "id": call_id(case.name, part.key, "anthropic"),
                    "name": case.name_of(name, "anthropic"), "input": part.arguments}
        case Result(key=key):
            content = [anthropic_part(case, inner) for inner in part.parts]
            if len(content) == 1 and content[0]["type"] == "text":
                content = content[0]["text"]
            rendered = {"type": "tool_result", "tool_use_id": call_id(case.name, key, "anthropic"), "content": content}
            return rendered | ({"is_error": True} if part.error else {})
        case Thought(sealed=sealed) if sealed:
            return {"type": "redacted_thinking", "data": sealed}
        case Thought(text=text):
            return {"type": "thinking", "thinking": text, "signature": part.signature}
        case Audio():
            raise CannotSay("there is no audio")
    raise CannotSay("no such part")


# Gemini


def gemini(case):
    if case.parallel is False:
        raise CannotSay("several calls at once cannot be forbidden")
    if "logit_bias" in case.sampling:
        raise CannotSay("there is no bias of tokens")
    if len(case.stops) > 5:
        raise CannotSay("at most five stops are allowed")
    if case.user:
        raise CannotSay("there is no name of an end user")
    turns, instructions = list(case.turns), []
    while turns and turns[0].role == "system":
        instructions += turns.pop(0).parts
    body = {"contents": [gemini_content(case, turn) for turn in turns]}
    if instructions:
        body["systemInstruction"] = {"parts": [gemini_part(case, part) for part in instructions], "role": "user"}
    if case.tools:
        body["tools"] = [{"functionDeclarations": [gemini_tool(tool) for tool in case.tools]}]
    if case.choice:
        modes = {"auto": "AUTO", "none": "NONE", "required": "ANY"}
        calling = {"mode": modes[case.choice]} if case.choice in modes else {
            "allowedFunctionNames": [case.name_of(case.choice, "gemini")], "mode": "ANY"}
        body["toolConfig"] = {"functionCallingConfig": calling}
    generation = gemini_generation(case)
    return body | ({"generationConfig": generation} if generation else {})


def gemini_generation(case):
    names = {"temperature": "temperature", "top_p": "topP", "top_k": "topK", "n": "candidateCount",
             "presence_penalty": "presencePenalty", "frequency_penalty": "frequencyPenalty", "seed": "seed",
             "logprobs": "responseLogprobs", "top_logprobs": "logprobs"}
    generation = {names[name]: value for name, value in case.sampling.items()}
    if case.limit:
        generation["maxOutputTokens"] = case.limit
    if case.stops:
        generation["stopSequences"] = case.stops
    if case.schema or case.json:
        generation["responseMimeType"] = "application/json"
    if case.schema:
        generation["responseJsonSchema"] = case.schema["schema"]
    if case.budget:
        generation["thinkingConfig"] = {"includeThoughts": True, "thinkingBudget": case.budget}
    if case.effort:
        generation["thinkingConfig"] = {"includeThoughts": True, "thinkingLevel": case.effort.upper()}
    return generation


def gemini_tool(tool):
    if tool.mark:
        raise CannotSay("there are no marks for a cache")
    rendered = {"description": tool.about} if tool.about else {}
    rendered["name"] = tool.named.get("gemini", tool.name)
    if tool.schema is not None:
        plain = not ({"$defs", "$ref", "additionalProperties", "$schema"} & set(keys(tool.schema)))
        if plain:
            rendered["parameters"] = typed(tool.schema)
        else:
            rendered["parametersJsonSchema"] = tool.schema
    return rendered


def keys(value):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def typed(schema):
    """A plain schema as the client's own type for it goes out: the names of types in capitals."""
    rendered = {}
    for name, value in schema.items():
        if name == "type":
            rendered[name] = value.upper()
        elif name == "properties":
            rendered[name] = {key: typed(inner) for key, inner in value.items()}
        elif name == "items":
            rendered[name] = typed(value)
        else:
            rendered[name] = value
    return rendered


def gemini_content(case, turn):
    if turn.role in ("system", "developer"):
        raise CannotSay("instructions stand before the conversation, not in it")
    parts = [gemini_part(case, part) for part in turn.parts]
    return {"parts": parts, "role": "model" if turn.role == "assistant" else "user"}


def gemini_part(case, part):
    if getattr(part, "mark", None):
        raise CannotSay("there are no marks for a cache")
    match part:
        case Text(text=text):
            return {"text": text}
        case Image(url=url) | Document(url=url) if url:
            return {"fileData": {"fileUri": url, "mimeType": part.type}}
        case Document(data=data) if part.type == "text/plain":
            return {"inlineData": {"data": base64.b64encode(data.encode()).decode(), "mimeType": part.type}}
        case Image(data=data) | Document(data=data):
            return {"inlineData": {"data": data, "mimeType": part.type}}
        case Audio(data=data, format=format):
            return {"inlineData": {"data": data, "mimeType": f"audio/{format}"}}
        case Call(name=name, signature=signature):
            rendered = {"functionCall": {"args": part.arguments, "name": case.name_of(name, "gemini")}}
            return rendered | ({"thoughtSignature": signature} if signature else {})
        case Result():
            return {"functionResponse": gemini_result(case, part)}
        case Thought(sealed=sealed) if sealed:
            raise CannotSay("there are no sealed thoughts")
        case Thought(text=text):
            return {"text": text, "thought": True}
    raise CannotSay("no such part")


def gemini_result(case, result):
    text = "\n".join(part.text for part in result.parts if isinstance(part, Text))
    try:
        response = json.loads(text)
    except ValueError:
        response = None
    if not isinstance(response, dict):
        response = {"error" if result.error else "result": text}
    rendered = {"name": case.name_of(result.name, "gemini")}
    media = [gemini_part(case, part) for part in result.parts if not isinstance(part, Text)]
    return rendered | ({"parts": media} if media else {}) | {"response": response}

"""A reply as each provider streams it: server-sent events, and the binary frames of Bedrock."""
import struct
import zlib

from model import (Call, Failure, Refusal, Search, Text, Thought, arguments, call_id, compact, pieces, token)
from replies import (CREATED, ERRORS, MODELS, anthropic_blocks, anthropic_details, anthropic_stop, anthropic_usage,
                     bedrock_stop, bedrock_usage, gemini_finish, gemini_grounding, gemini_logprobs, gemini_parts,
                     gemini_usage, openai_annotations, openai_finish, openai_logprobs, openai_usage, reply_of)


def stream(case, dialect):
    reply = reply_of(case, dialect)
    failed = isinstance(reply, Failure)
    if dialect in case.events:
        return written(case.events[dialect], dialect)
    write = {"openai": openai, "anthropic": anthropic, "gemini": gemini, "bedrock": bedrock}[dialect]
    return write(case, reply.begun if failed else reply, failed)


def written(events, dialect):
    if dialect == "bedrock":
        return b"".join(frame("event", name, data) for name, data in events)
    return "".join((f"event: {name}\n" if name else "") + f"data: {data if isinstance(data, str) else compact(data)}\n\n"
                   for name, data in events).encode()


# OpenAI


def openai(case, reply, failed):
    head = {"id": "chatcmpl-" + token(case.name, "reply", 29), "object": "chat.completion.chunk", "created": CREATED,
            "model": MODELS["openai"], "service_tier": "default", "system_fingerprint": None}
    chunks = []
    if any(choice.finish == "filter" for choice in reply.choices):
        # As Azure begins: neither the end nor the first token.
        chunks.append({"choices": [], "created": 0, "id": "", "model": "", "object": "", "prompt_filter_results": [
            {"prompt_index": 0, "content_filter_results": {"violence": {"filtered": False, "severity": "low"}}}]})
    # Choices take turns, as they do when several are asked for.
    runs = [openai_choice(case, index, choice) for index, choice in enumerate(reply.choices)]
    for turn in range(max(len(run) for run in runs)):
        chunks += [head | {"choices": [run[turn]], "usage": None} for run in runs if turn < len(run)]
    for index, chunk in enumerate(chunks):
        if chunk["id"]:
            chunk["obfuscation"] = token(case.name, f"padding {index}", 2 + index % 9)
    if failed:
        events = [compact(chunk, ascii=True) for chunk in chunks[: len(chunks) - 2]] + [compact(ERRORS["openai"][1])]
    else:
        chunks.append(head | {"choices": [], "usage": openai_usage(reply.usage)})
        events = [compact(chunk, ascii=True) for chunk in chunks] + ["[DONE]"]
    return "".join(f"data: {event}\n\n" for event in events).encode()


def openai_choice(case, index, choice):
    """The choice in each of its chunks."""
    texts = [part for part in choice.parts if isinstance(part, Text)]
    calls = [part for part in choice.parts if isinstance(part, Call)]
    first = {"role": "assistant", "content": None if calls and not texts else "", "refusal": None}
    deltas = [first]
    for part in choice.parts:
        match part:
            case Thought(text=text):
                deltas += [{"reasoning_content": piece} for piece in pieces(text)]
            case Refusal(text=text):
                deltas += [{"refusal": piece} for piece in pieces(text)]
            case Text(text=text):
                deltas += [{"content": piece} for piece in pieces(text)]
    if any(part.citations for part in texts):
        deltas.append({"annotations": openai_annotations(texts)})
    for place, call in enumerate(calls):
        function = {"name": call.name, "arguments": ""}
        deltas.append({"tool_calls": [{"index": place, "id": call_id(case.name, call.key, "openai"),
                                       "type": "function", "function": function}]})
        deltas += [{"tool_calls": [{"index": place, "function": {"arguments": piece}}]}
                   for piece in pieces(arguments(call))]
    rendered = [{"index": index, "delta": delta, "logprobs": None, "finish_reason": None} for delta in deltas]
    if choice.logprobs:
        rendered = [rendered[0]] + [
            {"index": index, "delta": {"content": word["token"]}, "logprobs": {"content": [word], "refusal": None},
             "finish_reason": None} for word in openai_logprobs("".join(part.text for part in texts))["content"]]
    return rendered + [{"index": index, "delta": {}, "logprobs": None, "finish_reason": openai_finish(choice)}]


# Anthropic


def anthropic(case, reply, failed):
    choice = reply.choices[0]
    message = {"model": MODELS["anthropic"], "id": "msg_01" + token(case.name, "reply", 22), "type": "message",
               "role": "assistant", "content": [], "stop_reason": None, "stop_sequence": None, "stop_details": None,
               "usage": anthropic_usage(reply.usage, whole=True) | {"output_tokens": 1}}
    message["usage"].pop("output_tokens_details", None)
    events = [("message_start", {"message": message})]
    blocks = [block for part in choice.parts for block in anthropic_blocks(case, part)]
    for index, block in enumerate(blocks):
        start, deltas = anthropic_deltas(case, choice, block)
        events.append(("content_block_start", {"index": index, "content_block": start}))
        if index == 0:
            events.append(("ping", {}))
        events += [("content_block_delta", {"index": index, "delta": delta}) for delta in deltas]
        events.append(("content_block_stop", {"index": index}))
    if failed:
        events = events[:-1] + [("error", {name: value for name, value in ERRORS["anthropic"][1].items() if name != "type"})]
    else:
        delta = {"stop_reason": anthropic_stop(choice), "stop_sequence": choice.stop,
                 "stop_details": anthropic_details(choice)}
        events.append(("message_delta", {"delta": delta, "usage": anthropic_usage(reply.usage, whole=False)}))
        events.append(("message_stop", {}))
    # It pads events with white space inside the object.
    return "".join(f"event: {name}\ndata: {compact({'type': name} | data)[:-1]}{' ' * (len(name) % 5)}}}\n\n"
                   for name, data in events).encode()


def anthropic_deltas(case, choice, block):
    match block["type"]:
        case "text":
            start = {"type": "text", "text": ""} | ({"citations": []} if "citations" in block else {})
            deltas = [{"type": "citations_delta", "citation": citation} for citation in block.get("citations", [])]
            return start, deltas + [{"type": "text_delta", "text": piece} for piece in pieces(block["text"])]
        case "thinking":
            deltas = [{"type": "thinking_delta", "thinking": piece} for piece in pieces(block["thinking"])]
            return ({"type": "thinking", "thinking": "", "signature": ""},
                    deltas + [{"type": "signature_delta", "signature": block["signature"]}])
        case "tool_use" | "server_tool_use":
            text = compact(block["input"])
            call = next((part for part in choice.parts if isinstance(part, Call)
                         and call_id(case.name, part.key, "anthropic") == block["id"]), None)
            if call:
                text = arguments(call) if call.arguments or call.as_sent else ""
            return block | {"input": {}}, [{"type": "input_json_delta", "partial_json": piece}
                                           for piece in [""] + pieces(text)]
    return block, []


# Gemini


def gemini(case, reply, failed):
    tail = {"modelVersion": MODELS["gemini"], "responseId": token(case.name, "reply", 22)}
    usage = gemini_usage(reply.usage)
    first = {name: usage[name] for name in usage if name not in ("candidatesTokenCount", "thoughtsTokenCount")}
    first["totalTokenCount"] = reply.usage.input
    if any(choice.finish == "refusal" for choice in reply.choices):
        chunks = [{"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": usage} | tail]
    else:
        runs = [gemini_choice(index, choice) for index, choice in enumerate(reply.choices)]
        chunks = []
        for turn in range(max(len(run) for run in runs)):
            chunks += [{"candidates": [run[turn]], "usageMetadata": first} | tail for run in runs if turn < len(run)]
        chunks[-1] = chunks[-1] | {"usageMetadata": usage}
    if failed:
        chunks = chunks[:-1] + [ERRORS["gemini"][1]]
    # Its lines end as in HTTP, and what could be HTML is escaped.
    return "".join(f"data: {html_safe(compact(chunk))}\r\n\r\n" for chunk in chunks).encode()


def html_safe(text):
    for character in "<>&='":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def gemini_choice(index, choice):
    parts = []
    for part in choice.parts:
        for rendered in gemini_parts(part):
            if "text" in rendered:
                parts += [rendered | {"text": piece} for piece in pieces(rendered["text"], (5, 31, 12, 64))]
            else:
                parts.append(rendered)
    run = [{"content": {"parts": [part], "role": "model"}, "index": index} for part in parts]
    last = {"content": {"parts": [{"text": ""}], "role": "model"}, "finishReason": gemini_finish(choice), "index": index}
    if choice.finish == "filter":
        del last["content"]
        last["safetyRatings"] = [{"category": "HARM_CATEGORY_DANGEROUS_CONTENT", "probability": "HIGH", "blocked": True}]
    grounding = gemini_grounding(choice)
    if grounding:
        last["groundingMetadata"] = grounding
    if choice.logprobs:
        last |= {"avgLogprobs": -0.75, "logprobsResult": gemini_logprobs(choice)}
    return run + [last]


# Bedrock


def bedrock(case, reply, failed):
    choice = reply.choices[0]
    events = [("messageStart", {"role": "assistant"})]
    index = 0
    for part in choice.parts:
        start, deltas = bedrock_deltas(case, part)
        if not start and not deltas:
            continue
        if start:
            events.append(("contentBlockStart", {"contentBlockIndex": index, "start": start}))
        events += [("contentBlockDelta", {"contentBlockIndex": index, "delta": delta}) for delta in deltas]
        events.append(("contentBlockStop", {"contentBlockIndex": index}))
        index += 1
    if failed:
        frames = [frame("event", name, padded(case, place, data)) for place, (name, data) in enumerate(events[:-1])]
        return b"".join(frames + [frame("exception", "serviceUnavailableException", ERRORS["bedrock"][1])])
    stopped = {"stopReason": bedrock_stop(choice)}
    if choice.finish == "stop_sequence":
        stopped = {"additionalModelResponseFields": {"stop_sequence": choice.stop}} | stopped
    events.append(("messageStop", stopped))
    events.append(("metadata", {"metrics": {"latencyMs": 1187}, "usage": bedrock_usage(reply.usage)}))
    return b"".join(frame("event", name, padded(case, place, data)) for place, (name, data) in enumerate(events))


def bedrock_deltas(case, part):
    match part:
        case Text(text=text, citations=citations):
            found = [{"citation": {"location": {"web": {"domain": citation.url.split("/")[2], "url": citation.url}},
                                   "sourceContent": [{"text": citation.quoted}], "title": citation.title}}
                     for citation in citations]
            return None, [{"text": piece} for piece in pieces(text)] + found
        case Call(name=name):
            start = {"toolUse": {"name": name, "toolUseId": call_id(case.name, part.key, "bedrock")}}
            text = arguments(part) if part.arguments or part.as_sent else ""
            return start, [{"toolUse": {"input": piece}} for piece in ([""] + pieces(text))]
        case Thought(sealed=sealed) if sealed:
            return None, [{"reasoningContent": {"redactedContent": sealed}}]
        case Thought(text=text):
            return None, ([{"reasoningContent": {"text": piece}} for piece in pieces(text)]
                          + [{"reasoningContent": {"signature": part.signature or ""}}])
    return None, []


def padded(case, place, data):
    return data | {"p": token(case.name, f"padding {place}", 4 + place % 23)}


def frame(kind, name, payload):
    """One message of an event stream: lengths, their CRC, headers, payload, the CRC of all."""
    label = ":event-type" if kind == "event" else ":exception-type"
    headers = b"".join(
        struct.pack(">B", len(key)) + key.encode() + struct.pack(">BH", 7, len(value)) + value.encode()
        for key, value in ((label, name), (":content-type", "application/json"), (":message-type", kind)))
    data = compact(payload).encode()
    prelude = struct.pack(">II", 16 + len(headers) + len(data), len(headers))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + data
    return message + struct.pack(">I", zlib.crc32(message))

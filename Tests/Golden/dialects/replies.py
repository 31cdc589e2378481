"""A reply as each provider sends it whole: its order of members, its identities, its way to count."""
from model import (Call, Failure, Refusal, Search, Text, Thought, arguments, call_id, compact, pretty, token)

MODELS = {"openai": "gpt-5-mini-2025-08-07", "anthropic": "claude-sonnet-4-5-20250929", "gemini": "gemini-2.5-flash"}
CREATED = 1760000000

ERRORS = {
    "openai": (503, {"error": {"message": "The server is currently overloaded with other requests.",
                               "type": "server_error", "param": None, "code": "service_unavailable"}}),
    "anthropic": (529, {"type": "error", "error": {"details": None, "type": "overloaded_error", "message": "Overloaded"},
                        "request_id": "req_011CTxZ8o2ZsFfYvLq5mKk3D"}),
    "gemini": (503, {"error": {"code": 503, "message": "The model is overloaded. Please try again later.",
                               "status": "UNAVAILABLE"}}),
    "bedrock": (503, {"message": "Bedrock is unable to process your request."}),
}


def reply_of(case, dialect):
    return case.replies.get(dialect, case.reply)


def whole(case, dialect):
    """The body, and the status where that is not 200."""
    reply = reply_of(case, dialect)
    if isinstance(reply, Failure):
        status, body = ERRORS[dialect]
        return (pretty(body) if dialect in ("openai", "gemini") else compact(body)), status
    write = {"openai": openai, "anthropic": anthropic, "gemini": gemini, "bedrock": bedrock}[dialect]
    body = reply if isinstance(reply, dict) else write(case, reply)
    # OpenAI and Google indent their answers, the others do not.
    return (pretty(body) + "\n" if dialect in ("openai", "gemini") else compact(body)), None


# OpenAI


def openai(case, reply):
    return {
        "id": "chatcmpl-" + token(case.name, "reply", 29), "object": "chat.completion", "created": CREATED,
        "model": MODELS["openai"],
        "choices": [openai_choice(case, index, choice) for index, choice in enumerate(reply.choices)],
        "usage": openai_usage(reply.usage), "service_tier": "default", "system_fingerprint": None}


def openai_choice(case, index, choice):
    texts = [part for part in choice.parts if isinstance(part, Text)]
    calls = [part for part in choice.parts if isinstance(part, Call)]
    refusal = next((part.text for part in choice.parts if isinstance(part, Refusal)), None)
    thoughts = [part.text for part in choice.parts if isinstance(part, Thought) and part.text]
    content = "".join(part.text for part in texts)
    message = {"role": "assistant", "content": None if refusal or (calls and not texts) else content}
    if thoughts:
        # Not OpenAI's own, but of those that speak its dialect and show what their models think.
        message["reasoning_content"] = "".join(thoughts)
    if calls:
        message["tool_calls"] = [
            {"id": call_id(case.name, call.key, "openai"), "type": "function",
             "function": {"name": call.name, "arguments": arguments(call)}} for call in calls]
    message |= {"refusal": refusal, "annotations": openai_annotations(texts)}
    rendered = {"index": index, "message": message}
    if choice.logprobs:
        rendered["logprobs"] = openai_logprobs(content)
    rendered["finish_reason"] = openai_finish(choice)
    if choice.finish == "filter":
        rendered["content_filter_results"] = {"violence": {"filtered": True, "severity": "medium"}}
    return rendered


def openai_finish(choice):
    return {"length": "length", "tools": "tool_calls", "filter": "content_filter"}.get(choice.finish, "stop")


def openai_annotations(texts):
    annotations, start = [], 0
    for part in texts:
        for citation in part.citations:
            annotations.append({"type": "url_citation", "url_citation": {
                "end_index": start + len(part.text), "start_index": start, "title": citation.title,
                "url": citation.url}})
        start += len(part.text)
    return annotations


def openai_logprobs(text, first=0):
    words = text.split(" ")
    tokens = [word if index == 0 else " " + word for index, word in enumerate(words)]
    return {"content": [
        {"token": word, "logprob": -0.25 * (first + index + 1), "bytes": list(word.encode()),
         "top_logprobs": [{"token": word, "logprob": -0.25 * (first + index + 1), "bytes": list(word.encode())}]}
        for index, word in enumerate(tokens)], "refusal": None}


def openai_usage(usage):
    return {
        "prompt_tokens": usage.input, "completion_tokens": usage.output, "total_tokens": usage.input + usage.output,
        "prompt_tokens_details": {"cached_tokens": usage.cached, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning, "audio_tokens": 0,
                                      "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0}}


# Anthropic


def anthropic(case, reply):
    choice = reply.choices[0]
    return {
        "model": MODELS["anthropic"], "id": "msg_01" + token(case.name, "reply", 22), "type": "message",
        "role": "assistant", "content": [block for part in choice.parts for block in anthropic_blocks(case, part)],
        "stop_reason": anthropic_stop(choice), "stop_sequence": choice.stop, "stop_details": anthropic_details(choice),
        "usage": anthropic_usage(reply.usage, whole=True)}


def anthropic_stop(choice):
    return {"stop": "end_turn", "stop_sequence": "stop_sequence", "length": "max_tokens",
            "tools": "tool_use"}.get(choice.finish, "refusal")


def anthropic_details(choice):
    if choice.finish not in ("filter", "refusal"):
        return None
    return {"type": "refusal", "category": "bio", "explanation": "This request is against the usage policy."}


def anthropic_blocks(case, part):
    match part:
        case Text(text=text):
            block = {"type": "text", "text": text}
            if part.citations:
                block["citations"] = [anthropic_citation(case, citation) for citation in part.citations]
            return [block]
        case Call(name=name):
            return [{"type": "tool_use", "id": call_id(case.name, part.key, "anthropic"), "name": name,
                     "input": part.arguments}]
        case Thought(sealed=sealed) if sealed:
            return [{"type": "redacted_thinking", "data": sealed}]
        case Thought(text=text):
            return [{"type": "thinking", "thinking": text, "signature": part.signature or ""}]
        case Refusal():
            return []
        case Search(query=query, pages=pages):
            identity = "srvtoolu_01" + token(case.name, query, 22)
            found = [{"type": "web_search_result", "title": title, "url": url,
                      "encrypted_content": token(case.name, url, 40), "page_age": None} for title, url in pages]
            return [{"type": "server_tool_use", "id": identity, "name": "web_search", "input": {"query": query}},
                    {"type": "web_search_tool_result", "tool_use_id": identity, "content": found}]


def anthropic_citation(case, citation):
    return {"type": "web_search_result_location", "cited_text": citation.quoted, "url": citation.url,
            "title": citation.title, "encrypted_index": token(case.name, citation.url + "#", 32)}


def anthropic_usage(usage, whole):
    counts = {"input_tokens": usage.input - usage.cached - usage.written5 - usage.written1h,
              "cache_creation_input_tokens": usage.written5 + usage.written1h, "cache_read_input_tokens": usage.cached}
    if whole:
        counts["cache_creation"] = {"ephemeral_5m_input_tokens": usage.written5,
                                    "ephemeral_1h_input_tokens": usage.written1h}
    counts["output_tokens"] = usage.output
    if usage.reasoning:
        counts["output_tokens_details"] = {"thinking_tokens": usage.reasoning}
    if whole:
        counts["service_tier"] = "standard"
    return counts


# Gemini


def gemini(case, reply):
    body = {}
    if any(choice.finish == "refusal" for choice in reply.choices):
        # What it does not answer at all has no candidates.
        body["promptFeedback"] = {"blockReason": "PROHIBITED_CONTENT"}
    else:
        body["candidates"] = [gemini_candidate(case, index, choice) for index, choice in enumerate(reply.choices)]
    return body | {"usageMetadata": gemini_usage(reply.usage), "modelVersion": MODELS["gemini"],
                   "responseId": token(case.name, "reply", 22)}


def gemini_candidate(case, index, choice):
    content = {"parts": [rendered for part in choice.parts for rendered in gemini_parts(part)], "role": "model"}
    if not content["parts"]:
        del content["parts"]
    candidate = {"content": content, "finishReason": gemini_finish(choice), "index": index}
    if choice.finish == "filter":
        candidate["safetyRatings"] = [{"category": "HARM_CATEGORY_DANGEROUS_CONTENT", "probability": "HIGH",
                                       "blocked": True}]
    grounding = gemini_grounding(choice)
    if grounding:
        candidate["groundingMetadata"] = grounding
    if choice.logprobs:
        candidate["avgLogprobs"] = -0.75
        candidate["logprobsResult"] = gemini_logprobs(choice)
    return candidate


def gemini_finish(choice):
    return {"length": "MAX_TOKENS", "filter": "SAFETY"}.get(choice.finish, "STOP")


def gemini_parts(part):
    match part:
        case Text(text=text):
            return [{"text": text}]
        case Call(name=name, signature=signature):
            rendered = {"functionCall": {"name": name, "args": part.arguments}}
            return [rendered | ({"thoughtSignature": signature} if signature else {})]
        case Thought(text=text) if text:
            return [{"text": text, "thought": True}]
    return []


def gemini_grounding(choice):
    searches = [part for part in choice.parts if isinstance(part, Search)]
    if not searches:
        return None
    pages = [page for search in searches for page in search.pages]
    supports, start = [], 0
    for part in choice.parts:
        if not isinstance(part, Text):
            continue
        end = start + len(part.text.encode())
        for citation in part.citations:
            indices = [index for index, page in enumerate(pages) if page[1] == citation.url]
            supports.append({"segment": {"startIndex": start, "endIndex": end, "text": part.text},
                             "groundingChunkIndices": indices})
        start = end
    return {"searchEntryPoint": {"renderedContent": "<div class=\"chip\">sources</div>"},
            "groundingChunks": [{"web": {"uri": url, "title": title}} for title, url in pages],
            "groundingSupports": supports, "webSearchQueries": [search.query for search in searches]}


def gemini_logprobs(choice):
    words = "".join(part.text for part in choice.parts if isinstance(part, Text)).split(" ")
    chosen = [{"token": word, "tokenId": 1000 + index, "logProbability": -0.25 * (index + 1)}
              for index, word in enumerate(words)]
    return {"topCandidates": [{"candidates": [candidate]} for candidate in chosen], "chosenCandidates": chosen}


def gemini_usage(usage):
    plain = usage.output - usage.reasoning
    counts = {"promptTokenCount": usage.input, "candidatesTokenCount": plain,
              "totalTokenCount": usage.input + usage.output}
    if not plain:
        del counts["candidatesTokenCount"]
    if usage.cached:
        counts["cachedContentTokenCount"] = usage.cached
    counts["promptTokensDetails"] = [{"modality": "TEXT", "tokenCount": usage.input}]
    if usage.cached:
        counts["cacheTokensDetails"] = [{"modality": "TEXT", "tokenCount": usage.cached}]
    if usage.reasoning:
        counts["thoughtsTokenCount"] = usage.reasoning
    return counts


# Bedrock


def bedrock(case, reply):
    choice = reply.choices[0]
    content = [block for part in choice.parts for block in bedrock_blocks(case, part)]
    body = {"metrics": {"latencyMs": 1187}, "output": {"message": {"content": content, "role": "assistant"}},
            "stopReason": bedrock_stop(choice)}
    if choice.finish == "stop_sequence":
        body["additionalModelResponseFields"] = {"stop_sequence": choice.stop}
    return body | {"usage": bedrock_usage(reply.usage)}


def bedrock_stop(choice):
    return {"stop": "end_turn", "stop_sequence": "stop_sequence", "length": "max_tokens", "tools": "tool_use",
            "filter": "guardrail_intervened"}.get(choice.finish, "content_filtered")


def bedrock_blocks(case, part):
    match part:
        case Text(text=text, citations=citations) if citations:
            found = [{"location": {"web": {"domain": citation.url.split("/")[2], "url": citation.url}},
                      "sourceContent": [{"text": citation.quoted}], "title": citation.title} for citation in citations]
            return [{"citationsContent": {"citations": found, "content": [{"text": text}]}}]
        case Text(text=text):
            return [{"text": text}]
        case Call(name=name):
            return [{"toolUse": {"input": part.arguments, "name": name,
                                 "toolUseId": call_id(case.name, part.key, "bedrock")}}]
        case Thought(sealed=sealed) if sealed:
            return [{"reasoningContent": {"redactedContent": sealed}}]
        case Thought(text=text):
            return [{"reasoningContent": {"reasoningText": {"signature": part.signature or "", "text": text}}}]
    return []


def bedrock_usage(usage):
    written = usage.written5 + usage.written1h
    counts = {"cacheReadInputTokens": usage.cached, "cacheWriteInputTokens": written}
    if written:
        details = [{"inputTokens": usage.written1h, "ttl": "1h"}, {"inputTokens": usage.written5, "ttl": "5m"}]
        counts["cacheDetails"] = [detail for detail in details if detail["inputTokens"]]
    return counts | {"inputTokens": usage.input - usage.cached - written, "outputTokens": usage.output,
                     "totalTokens": usage.input + usage.output}

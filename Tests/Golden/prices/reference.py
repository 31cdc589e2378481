#!/usr/bin/env python3
"""Computes the costs of vectors.json a second time, with rational numbers and from the dialects' documents alone.

    reference.py            checks the file, and says what differs
    reference.py --write    fills in the costs; the diff is the review

Nothing here is shared with Weir's own code, so that a mistake has to be made twice to stay unseen.
"""
import json
import math
import pathlib
import sys
from fractions import Fraction

FILE = pathlib.Path(__file__).parent / "vectors.json"
U32 = 2**32 - 1
NANO = Fraction(1, 1000)  # nanodollars in a picodollar
LINE_MAX = (2**63 - 1) // 16  # where a line saturates, in nanodollars


def count(value, *path):
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, int) else 0


def modality(usage, field, name):
    return sum(d.get("tokenCount", 0) for d in usage.get(field, []) if d.get("modality") == name)


def openai(usage):
    prompt, completion, total = (count(usage, f) for f in ("prompt_tokens", "completion_tokens", "total_tokens"))
    on_top = max(0, total - prompt - completion)
    output = completion + on_top
    cached = min(prompt, max(count(usage, "prompt_tokens_details", "cached_tokens"), count(usage, "prompt_cache_hit_tokens")))
    details = usage.get("prompt_tokens_details")
    written = min(prompt - cached, max(count(details, "cache_write_tokens"), count(details, "cache_creation_input_tokens")))
    audio_in = min(prompt - cached - written, count(usage, "prompt_tokens_details", "audio_tokens"))
    image_in = min(prompt - cached - written - audio_in, count(usage, "prompt_tokens_details", "image_tokens"))
    reasoning = min(output, max(on_top, count(usage, "completion_tokens_details", "reasoning_tokens")))
    audio_out = min(output - reasoning, count(usage, "completion_tokens_details", "audio_tokens"))
    image_out = min(output - reasoning - audio_out, count(usage, "completion_tokens_details", "image_tokens"))
    return dict(input=prompt, cached_input=cached, cache_write_5m=written, audio_input=audio_in, image_input=image_in,
                output=output, reasoning=reasoning, audio_output=audio_out, image_output=image_out)


def anthropic(usage):
    read = count(usage, "cache_read_input_tokens")
    hour = count(usage, "cache_creation", "ephemeral_1h_input_tokens")
    minutes = count(usage, "cache_creation", "ephemeral_5m_input_tokens")
    written = max(count(usage, "cache_creation_input_tokens"), hour + minutes)
    return dict(input=count(usage, "input_tokens") + read + written, cached_input=read, cache_write_5m=written - hour,
                cache_write_1h=hour, output=count(usage, "output_tokens"))


def gemini(usage):
    prompt, tools, cached = (count(usage, f) for f in ("promptTokenCount", "toolUsePromptTokenCount", "cachedContentTokenCount"))
    candidates, thoughts = count(usage, "candidatesTokenCount"), count(usage, "thoughtsTokenCount")
    cached = min(cached, prompt)
    fresh = {m: max(0, modality(usage, "promptTokensDetails", m) - modality(usage, "cacheTokensDetails", m)) for m in ("AUDIO", "IMAGE")}
    audio_in = min(fresh["AUDIO"], prompt - cached)
    image_in = min(fresh["IMAGE"], prompt - cached - audio_in)
    audio_out = min(candidates, modality(usage, "candidatesTokensDetails", "AUDIO"))
    image_out = min(candidates - audio_out, modality(usage, "candidatesTokensDetails", "IMAGE"))
    return dict(input=prompt + tools, cached_input=cached, audio_input=audio_in, image_input=image_in,
                output=candidates + thoughts, reasoning=thoughts, audio_output=audio_out, image_output=image_out)


TIERS = {"auto": "standard", "default": "standard", "standard": "standard", "scale": "standard", "ON_DEMAND": "standard",
         "PROVISIONED_THROUGHPUT": "standard", "flex": "flex", "ON_DEMAND_FLEX": "flex", "priority": "priority",
         "ON_DEMAND_PRIORITY": "priority", "fast": "priority", "ultrafast": "ultrafast", "batch": "batch"}


def lines_for(prices, tokens, tier):
    for wanted in [tier, "standard"]:
        rows = [t for t in prices.get("tiers", []) if t.get("service_tier", "standard") == wanted
                and (t.get("above_input_tokens", 0) == 0 or tokens > t["above_input_tokens"])]
        if rows:
            return max(rows, key=lambda t: t.get("above_input_tokens", 0))
    return prices


def cost(vector):
    usage = vector["usage"]
    parts = {"openai": openai, "anthropic": anthropic, "gemini": gemini}[vector["dialect"]](usage)
    parts = {name: min(value, U32) for name, value in parts.items()}
    said = vector.get("service_tier") or usage.get("service_tier") or usage.get("trafficType")
    tier = "fast" if vector["dialect"] == "anthropic" and usage.get("speed") == "fast" else TIERS.get(said, "standard")
    lines = lines_for(vector["prices"], parts["input"], tier)
    total = 0
    for whole, names in (("input", ["cached_input", "cache_write_5m", "cache_write_1h", "audio_input", "image_input"]),
                         ("output", ["reasoning", "audio_output", "image_output"])):
        rest = parts[whole]
        for name in names:
            tokens = parts.get(name, 0)
            rest -= tokens
            price = lines.get(f"{name}_picodollars_per_token")
            price = lines[f"{whole}_picodollars_per_token"] if price is None else price
            total += min(LINE_MAX, math.ceil(Fraction(tokens) * price * NANO))
        total += min(LINE_MAX, math.ceil(Fraction(max(0, rest)) * lines[f"{whole}_picodollars_per_token"] * NANO))
    return total + math.ceil(Fraction(lines.get("request_picodollars") or 0) * NANO)


def main():
    document = json.loads(FILE.read_text())
    wrong = 0
    names = set()
    for vector in document["vectors"]:
        expected = cost(vector)
        assert vector["name"] not in names, vector["name"]
        assert vector.get("source"), f"{vector['name']} names no source"
        names.add(vector["name"])
        if "--write" in sys.argv:
            vector["cost_nanodollars"] = expected
        elif vector.get("cost_nanodollars") != expected:
            wrong += 1
            print(f"{vector['name']}: {vector.get('cost_nanodollars')} in the file, {expected} computed")
    if "--write" in sys.argv:
        head = {k: v for k, v in document.items() if k != "vectors"}
        text = json.dumps(head, indent=2, ensure_ascii=False)[:-2]
        rows = ",\n".join("    " + json.dumps(v, ensure_ascii=False) for v in document["vectors"])
        FILE.write_text(text + ',\n  "vectors": [\n' + rows + "\n  ]\n}\n")
    print(f"reference: vectors={len(names)} wrong={wrong}")
    sys.exit(wrong != 0)


main()

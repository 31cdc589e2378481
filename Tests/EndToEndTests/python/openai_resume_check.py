"""What the official client, unchanged, puts together from a stream that broke off and was gone on with.

    openai_resume_check.py --base-url URL --key KEY --model MODEL

Prints one JSON object: the final message as the client accumulated it.
"""

import argparse
import json

import openai

parser = argparse.ArgumentParser()
for name in ("base-url", "key", "model"):
    parser.add_argument(f"--{name}", required=True)
options = parser.parse_args()

client = openai.OpenAI(base_url=options.base_url, api_key=options.key, max_retries=0)
request = {"model": options.model, "messages": [{"role": "user", "content": "hello"}]}
with client.chat.completions.stream(**request, stream_options={"include_usage": True}) as stream:
    final = stream.get_final_completion()
choice = final.choices[0]
print(
    json.dumps(
        {
            "content": choice.message.content,
            "role": choice.message.role,
            "finishReason": choice.finish_reason,
            "choices": len(final.choices),
            "completionTokens": final.usage.completion_tokens,
        }
    )
)

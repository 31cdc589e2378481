"""What the official client, unchanged, makes of every kind of error: its exception class, and whether it asks again by itself.

    openai_error_checks.py --base-url URL --ops-url URL --key KEY --poor KEY --daily KEY

Models are named after what befalls them. The keys: one that may do anything, one whose budget is spent, one that may make one
request a day and has made it. How often the client asked is what the client says in its last request and what Weir counted, which have to
agree. Prints one JSON object like openai_client_checks.py, with the `requests` of each check; the exit status is 0 when every
check held.
"""

import argparse
import json
import sys
import time
import traceback
import urllib.request

import openai

MESSAGES = [{"role": "user", "content": "What can go wrong?"}]

# name, model, key, exception, status, code, retries allowed to the client, requests that it makes, x-should-retry
CASES = [
    ("bad request", "invalid", "key", openai.BadRequestError, 400, None, 2, 1, None),
    ("context length", "too-long", "key", openai.BadRequestError, 400, "context_length_exceeded", 2, 1, None),
    ("unprocessable", "unprocessable", "key", openai.UnprocessableEntityError, 422, None, 2, 1, None),
    ("caller's key", "invalid", "wrong", openai.AuthenticationError, 401, "invalid_api_key", 2, 1, "false"),
    ("unknown model", "no-such-model", "key", openai.NotFoundError, 404, "model_not_found", 2, 1, None),
    ("conflict", "conflict", "key", openai.ConflictError, 409, None, 0, 1, None),
    ("rate limit upstream", "limited", "key", openai.RateLimitError, 429, "upstream_rate_limited", 2, 3, None),
    ("server error", "failing", "key", openai.InternalServerError, 502, "upstream_error", 1, 2, None),
    ("first token timeout", "silent", "key", openai.InternalServerError, 504, "upstream_timeout", 1, 2, None),
    ("credential", "rejected", "key", openai.InternalServerError, 502, "upstream_credential_rejected", 2, 1, "false"),
    ("permission", "forbidden", "key", openai.InternalServerError, 502, "upstream_credential_rejected", 2, 1, "false"),
    ("quota", "quota", "key", openai.InternalServerError, 503, "upstream_quota_exhausted", 2, 1, "false"),
    ("certificate", "distrusted", "key", openai.InternalServerError, 502, "upstream_certificate_refused", 2, 1, "false"),
    ("not implemented", "unable", "key", openai.InternalServerError, 502, "upstream_error", 2, 1, "false"),
    ("total timeout", "endless", "key", openai.InternalServerError, 504, "upstream_timeout", 2, 1, "false"),
    ("budget", "good", "poor", openai.APIStatusError, 402, "budget_exceeded", 2, 1, "false"),
    ("limit of a day", "good", "daily", openai.RateLimitError, 429, "rate_limit_exceeded", 2, 1, "false"),
]


class Weir:
    def __init__(self, options):
        self.options = options

    def requests(self):
        """How many requests Weir has answered."""
        with urllib.request.urlopen(f"{self.options.ops_url}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return int(sum(float(line.split()[-1]) for line in lines if line.startswith("weir_loop_requests_total{")))

    def requests_since(self, before, least):
        """The same, once there are at least so many more; an answer may be counted a moment after it was sent."""
        deadline = time.monotonic() + 5
        while self.requests() - before < least and time.monotonic() < deadline:
            pass
        return self.requests() - before

    def client(self, key, retries):
        return openai.OpenAI(base_url=self.options.base_url, api_key=key, max_retries=retries, timeout=30)


def check(weir, case):
    name, model, key, exception, status, code, retries, requests, should_retry = case
    text = {"key": weir.options.key, "poor": weir.options.poor, "daily": weir.options.daily}.get(key, "weir_wrong")
    before = weir.requests()
    try:
        weir.client(text, retries).chat.completions.create(model=model, messages=MESSAGES, max_tokens=213)
    except openai.APIStatusError as error:
        assert type(error) is exception, f"{type(error).__name__}: {error}"
        assert error.status_code == status, (error.status_code, error.body)
        assert error.code == code, (error.code, error.body)
        assert error.request_id, "no request ID on the error"
        assert error.response.headers.get("x-should-retry") == should_retry, error.response.headers
        made = int(error.request.headers["x-stainless-retry-count"]) + 1
    else:
        raise AssertionError("it was served")
    assert made == requests, f"the client made {made} requests, want {requests}"
    counted = weir.requests_since(before, requests)
    assert counted == requests, f"Weir answered {counted} requests, want {requests}"
    return requests


def broken_stream(weir):
    before = weir.requests()
    chunks = 0
    try:
        for chunk in weir.client(weir.options.key, 2).chat.completions.create(
            model="breaking", messages=MESSAGES, stream=True
        ):
            chunks += 1
    except openai.APIError as error:
        assert type(error) is openai.APIError, f"{type(error).__name__}: {error}"
        assert error.code == "stream_interrupted", (error.code, error.body)
    else:
        raise AssertionError(f"it ended as if it were whole, after {chunks} chunks")
    assert chunks >= 2, f"{chunks} chunks came before the error"
    counted = weir.requests_since(before, 1)
    assert counted == 1, f"Weir answered {counted} requests, want 1"
    return 1


def recovery(weir):
    """A provider that has no room for a moment: the client's own repetition is served."""
    before = weir.requests()
    raw = weir.client(weir.options.key, 2).chat.completions.with_raw_response.create(
        model="once", messages=MESSAGES, max_tokens=5
    )
    assert raw.parse().choices, "no answer"
    made = raw.retries_taken + 1
    assert made == 2, f"the client made {made} requests, want 2"
    counted = weir.requests_since(before, 2)
    assert counted == 2, f"Weir answered {counted} requests, want 2"
    return 2


def main():
    parser = argparse.ArgumentParser()
    for name in ("base-url", "ops-url", "key", "poor", "daily"):
        parser.add_argument(f"--{name}", required=True)
    weir = Weir(parser.parse_args())
    # First, because it is what the provider does to the next request whosever that is.
    checks = [("short rate limit, then an answer", lambda: recovery(weir))]
    checks += [(case[0], lambda case=case: check(weir, case)) for case in CASES]
    checks.append(("stream that breaks", lambda: broken_stream(weir)))
    results = []
    for name, run in checks:
        try:
            results.append({"name": name, "failure": None, "skipped": False, "requests": run()})
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            reason = f"{type(error).__name__}: {error} ({where.name}:{where.lineno})"
            results.append({"name": name, "failure": reason, "skipped": False, "requests": None})
    json.dump({"checks": results, "answers": []}, sys.stdout, indent=1)
    print()
    sys.exit(any(result["failure"] for result in results))


if __name__ == "__main__":
    main()

"""What the official client, unchanged, makes of Weir's answers about allowances: exception classes, codes, headers.

    openai_allowance_checks.py --base-url URL --poor KEY --rated KEY --busy KEY --slots KEY --clamped KEY

The keys have: a budget too small for any request; two requests a minute; a budget for one request at a time; one slot; a
budget that lowers the bound of the answer. Prints one JSON object like openai_client_checks.py; the exit status is 0 when
every check held.
"""

import argparse
import json
import sys
import time
import traceback

import openai

MESSAGES = [{"role": "user", "content": "What may I spend?"}]


class Checks:
    def __init__(self, options):
        self.options = options

    def _client(self, key, retries=0):
        return openai.OpenAI(base_url=self.options.base_url, api_key=key, max_retries=retries, timeout=30)

    def spent_budget_is_an_error_that_is_not_repeated(self):
        # With retries allowed: the client's first pause is half a second at least.
        client = self._client(self.options.poor, retries=3)
        began = time.monotonic()
        try:
            client.chat.completions.create(model="chat", messages=MESSAGES, max_tokens=213)
        except openai.APIStatusError as error:
            assert error.status_code == 402, error.status_code
            assert error.code == "budget_exceeded" and error.type == "budget_exceeded", (error.code, error.type)
            assert error.body["scope"] == "virtual_key" and error.body["limit_usd"] == "0.001", error.body
            assert error.body["spent_usd"] == "0.00" and error.body["resets_at"] is None, error.body
            assert error.request_id, "no request ID on the error"
        else:
            raise AssertionError("a request passed that nothing was left for")
        assert time.monotonic() - began < 0.4, "the client tried again"

    def rate_limit_is_a_rate_limit_error(self):
        client = self._client(self.options.rated)
        for remaining in ("1", "0"):
            raw = client.chat.completions.with_raw_response.create(model="chat", messages=MESSAGES, max_tokens=5)
            assert raw.headers["x-ratelimit-limit-requests"] == "2", raw.headers
            assert raw.headers["x-ratelimit-remaining-requests"] == remaining, raw.headers
            assert raw.headers["x-ratelimit-reset-requests"].endswith("ms"), raw.headers
        try:
            client.chat.completions.create(model="chat", messages=MESSAGES, max_tokens=5)
        except openai.RateLimitError as error:
            assert error.code == "rate_limit_exceeded" and error.type == "requests", (error.code, error.type)
            headers = error.response.headers
            assert 1 <= int(headers["retry-after"]) <= 61, headers
            assert 1 <= int(headers["retry-after-ms"]) <= 61_000, headers
            assert headers["x-ratelimit-remaining-requests"] == "0", headers
        else:
            raise AssertionError("a third request passed")

    def busy_budget_is_an_internal_server_error(self):
        client = self._client(self.options.busy)
        with client.chat.completions.create(model="slow", messages=MESSAGES, max_tokens=213, stream=True) as stream:
            next(iter(stream))
            try:
                client.chat.completions.create(model="slow", messages=MESSAGES, max_tokens=213)
            except openai.InternalServerError as error:
                assert error.status_code == 503 and error.code == "budget_busy", (error.status_code, error.code)
                assert error.response.headers["retry-after"] == "1", error.response.headers
            else:
                raise AssertionError("two passed where one fits")

    def taken_slot_is_a_rate_limit_error(self):
        client = self._client(self.options.slots)
        with client.chat.completions.create(model="slow", messages=MESSAGES, max_tokens=213, stream=True) as stream:
            next(iter(stream))
            try:
                client.chat.completions.create(model="slow", messages=MESSAGES, max_tokens=5)
            except openai.RateLimitError as error:
                assert error.code == "concurrency_limit_exceeded", error.code
                assert error.body["limit"] == 1 and error.body["used"] == 1, error.body
            else:
                raise AssertionError("two were in flight where one may be")

    def client_that_repeats_gets_the_slot_when_it_is_free(self):
        client = self._client(self.options.slots, retries=5)
        with client.chat.completions.create(model="slow", messages=MESSAGES, max_tokens=100, stream=True) as stream:
            next(iter(stream))
            answer = client.chat.completions.create(model="slow", messages=MESSAGES, max_tokens=5)
        assert answer.choices[0].finish_reason in ("stop", "length")

    def clamped_answer_ends_by_length_within_the_bound(self):
        client = self._client(self.options.clamped)
        raw = client.chat.completions.with_raw_response.create(model="chat", messages=MESSAGES)
        bound = int(raw.headers["x-weir-clamped-max-tokens"])
        answer = raw.parse()
        assert 0 < answer.usage.completion_tokens <= bound < 213, (answer.usage, bound)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--base-url", required=True)
    for name in ("poor", "rated", "busy", "slots", "clamped"):
        parser.add_argument(f"--{name}", required=True)
    checks = Checks(parser.parse_args())
    results = []
    for name in [name for name in vars(Checks) if not name.startswith("_")]:
        try:
            getattr(checks, name)()
            results.append({"name": name, "failure": None, "skipped": False})
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            reason = f"{type(error).__name__}: {error} ({where.name}:{where.lineno})"
            results.append({"name": name, "failure": reason, "skipped": False})
    json.dump({"checks": results, "answers": []}, sys.stdout, indent=1)
    print()
    sys.exit(any(result["failure"] for result in results))


if __name__ == "__main__":
    main()

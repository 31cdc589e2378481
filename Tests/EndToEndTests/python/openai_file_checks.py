"""Drives OpenAI's files and batches with the official client, unchanged, as a caller would.

    openai_file_checks.py --base-url URL --key KEY --other-key KEY --chat MODEL --embedding MODEL
        [--route ROUTE] [--denied MODEL] [--unsaid MODEL] [--weir]

Prints what openai_client_checks.py prints; `answers` has the batches, each with the identity of the request that ordered it and the
tokens that it came to. The keys must be new: what they have is compared with what was sent. Without --weir it is a provider that
answers, one that has another account for each key.
"""

import argparse
import json
import time

import openai

from openai_client_checks import SKIPPED, Checks, run

#: Long enough to go through every buffer in pieces, and full of what ends the parts of forms.
LARGE = b"\r\n--\x00river\r\n" * (3_000_000 // 12)
#: Of metadata, and of the names of files, in more than one alphabet.
WORDS = "r\u00edver \u2014 \u00fcber \U0001f30a"
#: How often a batch is looked at before it is given up, and how long between: a provider that is no stub takes its time.
LOOKS = 60


class FileChecks(Checks):
    def __init__(self, options):
        super().__init__(options)
        self.other = None
        if options.other_key:
            self.other = openai.OpenAI(base_url=options.base_url, api_key=options.other_key, max_retries=0, timeout=30)
        #: What an upload says besides: to Weir, the route it is for.
        self.fields = {"x-weir-route": options.route} if options.route else {}

    def _upload(self, name, content, purpose="user_data", client=None, **more):
        return (client or self.client).files.create(
            file=(name, content), purpose=purpose, extra_headers=self.fields, **more
        )

    def _order(self, lines, endpoint="/v1/chat/completions", **more):
        """The batch of these requests, or of these bytes, and the header fields of the answer."""
        if isinstance(lines, list):
            lines = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)
        file = self._upload("requests.jsonl", lines, "batch")
        raw = self.client.batches.with_raw_response.create(
            input_file_id=file.id, endpoint=endpoint, completion_window="24h", **more
        )
        return raw.parse(), raw.headers

    def _chats(self, count, model=None):
        return [
            {
                "custom_id": f"chat-{number}",
                "method": "POST",
                "url": "/v1/chat/completions",
                "body": {
                    "model": model or self.options.chat,
                    "messages": [{"role": "user", "content": f"river {number}: {WORDS}"}],
                    "max_tokens": 5 + number,
                },
            }
            for number in range(count)
        ]

    def _end(self, batch):
        """The batch when it is over, and all that it was meanwhile."""
        seen = []
        for look in range(LOOKS):
            batch = self.client.batches.retrieve(batch.id)
            seen.append(batch.status)
            if batch.status in ("completed", "failed", "expired", "cancelled"):
                return batch, seen
            if look > 3:
                time.sleep(1)
        raise AssertionError(f"the batch is not over: {seen}")

    def _lines(self, file_id):
        return [json.loads(line) for line in self.client.files.content(file_id).read().splitlines()]

    def _record_batch(self, kind, headers, batch):
        self._check_identity(headers)
        self.answers.append(
            {
                "kind": kind,
                "requestID": headers.get("x-request-id"),
                "target": headers.get("x-weir-target"),
                "costUSD": headers.get("x-weir-cost-usd"),
                "promptTokens": batch.usage.input_tokens if batch.usage else None,
                "completionTokens": batch.usage.output_tokens if batch.usage else None,
                "cachedTokens": batch.usage.input_tokens_details.cached_tokens if batch.usage else 0,
            }
        )

    def _check_identity(self, headers):
        assert headers.get("x-request-id"), "no x-request-id"

    def _is_unknown(self, call):
        """What is not there, and what is somebody else's, look the same."""
        try:
            call()
        except openai.NotFoundError as error:
            assert error.type == "invalid_request_error", error.body
            return error.message
        raise AssertionError("it is there")

    def _is_refused(self, call, *words):
        try:
            call()
        except openai.BadRequestError as error:
            assert error.type == "invalid_request_error", error.body
            for word in words:
                assert word in error.message, error.message
            return error
        raise AssertionError("it was taken")

    def _is_not_begun(self, lines, code, line):
        """OpenAI says so when the batch is looked at; Weir at once where it cannot know what the batch may cost."""
        try:
            batch, _ = self._order(lines)
        except openai.BadRequestError as error:
            assert self.options.weir, "the provider takes it and fails afterwards"
            assert f"line {line}" in error.message.lower(), error.message
            return
        assert not (self.options.weir and code == "invalid_json_line"), "a batch was taken whose cost nobody knows"
        batch, _ = self._end(batch)
        assert batch.status == "failed" and batch.failed_at and batch.output_file_id is None, batch
        found = batch.errors.data[0]
        assert (found.code, found.line) == (code, line) and found.message, found

    # The checks, in the order in which they run.

    def nothing_is_there_at_first(self):
        for client in (self.client, self.other):
            if client:
                page = client.files.list()
                assert page.data == [] and not page.has_more, page
                page = client.batches.list()
                assert page.data == [] and not page.has_more, page

    def files_are_kept_as_they_came(self):
        for name, content, purpose in (
            (f"{WORDS}.txt", "a river\n\u00fcber Stein".encode(), "user_data"),
            ("river (1) [a]; b=c.bin", LARGE, "user_data"),
            ("requests.jsonl", b'{"custom_id": "a"}\n', "batch"),
        ):
            raw = self.client.files.with_raw_response.create(
                file=(name, content), purpose=purpose, extra_headers=self.fields
            )
            self._check_identity(raw.headers)
            file = raw.parse()
            assert file.object == "file" and file.id.startswith("file-"), file
            assert (file.filename, file.bytes, file.purpose) == (name, len(content), purpose), file
            assert abs(file.created_at - time.time()) < 600 and file.status in ("uploaded", "processed"), file
            found = self.client.files.retrieve(file.id)
            assert found.to_dict() == file.to_dict(), (found, file)
            raw = self.client.files.with_raw_response.content(file.id)
            assert raw.content == content, f"{len(raw.content)} bytes of {len(content)}"
            assert "weir" not in raw.headers.get("content-disposition", ""), raw.headers
            assert self.client.files.delete(file.id).to_dict() == {"id": file.id, "object": "file", "deleted": True}

    def files_say_when_they_go(self):
        file = self._upload("a.txt", b"a", expires_after={"anchor": "created_at", "seconds": 3_600})
        assert file.expires_at == file.created_at + 3_600, file
        self.client.files.delete(file.id)
        for seconds in (3_599, 2_592_001):
            self._is_refused(
                lambda: self._upload("a.txt", b"a", expires_after={"anchor": "created_at", "seconds": seconds})
            )

    def files_are_listed_a_page_at_a_time(self):
        mine = []
        for number in range(5):
            mine.append(self._upload(f"{number}.txt", b"mine"))
            if self.other:
                self._upload(f"other-{number}.txt", b"not mine", client=self.other)
        mine.append(self._upload("requests.jsonl", b"{}\n", "batch"))
        for order in ("asc", "desc"):
            wanted = [file.id for file in (mine if order == "asc" else reversed(mine))]
            for limit in (2, 3, 6, 100):
                found = list(self.client.files.list(limit=limit, order=order))
                assert [file.id for file in found] == wanted, (order, limit, found)
            page = self.client.files.list(limit=2, order=order)
            assert [file.id for file in page.data] == wanted[:2] and page.has_more, page
            page = self.client.files.list(limit=2, order=order, after=wanted[3])
            assert [file.id for file in page.data] == wanted[4:] and not page.has_more, page
        names = [file.filename for file in self.client.files.list(order="asc", limit=2)]
        assert names == [file.filename for file in mine], names
        assert [file.id for file in self.client.files.list()] == [file.id for file in reversed(mine)]
        raw = self.client.get("/files?limit=2&order=asc", cast_to=object)
        assert (raw["first_id"], raw["last_id"], raw["has_more"]) == (mine[0].id, mine[1].id, True), raw
        found = list(self.client.files.list(purpose="batch", limit=1))
        assert [file.id for file in found] == [mine[-1].id], found
        if self.other:
            found = list(self.other.files.list(limit=2, order="asc"))
            assert [file.filename for file in found] == [f"other-{number}.txt" for number in range(5)], found
            for file in found:
                self.other.files.delete(file.id)
        for file in mine:
            self.client.files.delete(file.id)
        assert list(self.client.files.list()) == []

    def deleted_files_are_gone(self):
        file = self._upload("a.txt", b"a")
        assert self.client.files.delete(file.id).deleted
        for call in (self.client.files.retrieve, self.client.files.content, self.client.files.delete):
            assert file.id in self._is_unknown(lambda: call(file.id)), "the error says which"

    def files_of_others_are_unknown(self):
        if not self.other:
            return SKIPPED
        file = self._upload("a.txt", b"a")
        assert self.other.files.list().data == []
        for call in (self.other.files.retrieve, self.other.files.content, self.other.files.delete):
            theirs = self._is_unknown(lambda: call(file.id))
            nobodys = self._is_unknown(lambda: call("file-nobodys"))
            assert theirs.replace(file.id, "") == nobodys.replace("file-nobodys", ""), (theirs, nobodys)
        assert self.client.files.content(file.id).read() == b"a"
        self.client.files.delete(file.id)

    def identities_are_no_use_in_pieces(self):
        if not self.options.weir or not self.other:
            return SKIPPED
        mine, theirs = self._upload("a.txt", b"a"), self._upload("b.txt", b"b", client=self.other)
        (bare, mark), (other, otherMark) = (file.id.rsplit("-weir", 1) for file in (mine, theirs))
        for client in (self.client, self.other):
            self._is_unknown(lambda: client.files.content(bare))
            self._is_unknown(lambda: client.files.content(other))
        if mark != otherMark:
            self._is_unknown(lambda: self.other.files.content(f"{bare}-weir{otherMark}"))
        self._is_unknown(lambda: self.client.files.content(f"{mine.id}x"))
        self.client.files.delete(mine.id)
        self.other.files.delete(theirs.id)

    def bad_uploads_are_refused(self):
        self._is_refused(lambda: self._upload("a.txt", b"a", "rivers"), "rivers")
        self._is_refused(lambda: self._upload("a.txt", b"a", extra_body={"colour": "blue"}), "colour")
        # Whatever Weir writes into a name, its ending stays.
        self._is_refused(lambda: self._upload("a.txt", b"{}\n", "batch"), "jsonl")
        self._is_refused(lambda: self.client.files.list(limit=0), "limit")
        self._is_refused(lambda: self.client.files.list(limit=10_001), "limit")
        self._is_refused(lambda: self.client.files.list(order="up"), "up")
        assert list(self.client.files.list()) == [], "what was refused is not kept"

    def a_batch_answers_every_request(self):
        lines = self._chats(20)
        metadata = {"river": WORDS, "empty": "", **{f"key-{number}": "v" * 512 for number in range(12)}}
        batch, headers = self._order(lines, metadata=metadata)
        assert batch.object == "batch" and batch.id.startswith("batch_") and batch.status == "validating", batch
        assert batch.completion_window == "24h" and batch.endpoint == "/v1/chat/completions", batch
        assert batch.metadata == metadata, batch.metadata
        assert batch.expires_at == batch.created_at + 86_400 and batch.output_file_id is None, batch
        # One of these is the input: the identity that the caller knows.
        assert batch.input_file_id in [file.id for file in self.client.files.list()], batch.input_file_id
        done, seen = self._end(batch)
        assert self.options.weir or seen == ["in_progress", "completed"], seen
        assert done.status == "completed" and done.completed_at and done.error_file_id is None, done
        assert (done.id, done.input_file_id, done.metadata) == (batch.id, batch.input_file_id, metadata), done
        counts = done.request_counts
        assert (counts.total, counts.completed, counts.failed) == (20, 20, 0), counts
        answers = self._lines(done.output_file_id)
        assert [answer["custom_id"] for answer in answers] == [line["custom_id"] for line in lines], answers
        for line, answer in zip(lines, answers):
            assert answer["error"] is None and answer["response"]["status_code"] == 200, answer
            body = answer["response"]["body"]
            assert body["object"] == "chat.completion" and body["choices"][0]["message"]["content"], body
            assert 0 < body["usage"]["completion_tokens"] <= line["body"]["max_tokens"], body
        usages = [answer["response"]["body"]["usage"] for answer in answers]
        assert done.usage.input_tokens == sum(usage["prompt_tokens"] for usage in usages), done.usage
        assert done.usage.output_tokens == sum(usage["completion_tokens"] for usage in usages), done.usage
        assert done.usage.total_tokens == done.usage.input_tokens + done.usage.output_tokens, done.usage
        output = self.client.files.retrieve(done.output_file_id)
        assert output.purpose == "batch_output" and output.filename.endswith("_output.jsonl"), output
        if not self.options.weir:
            alone = self.client.post("/chat/completions", body=lines[7]["body"], cast_to=object)
            assert alone["usage"] == usages[7], "it is answered as if it had come by itself"
        again = self.client.batches.retrieve(batch.id)
        assert again.to_dict() == done.to_dict(), "what is over stays as it is"
        self._record_batch("batch", headers, done)
        if self.other:
            for call in (self.other.files.retrieve, self.other.files.content, self.other.files.delete):
                self._is_unknown(lambda: call(done.output_file_id))

    def requests_that_fail_stand_in_a_file_of_their_own(self):
        lines = self._chats(3)
        lines[1]["body"]["messages"] = []
        batch, headers = self._order(lines)
        done, _ = self._end(batch)
        counts = done.request_counts
        assert (done.status, counts.total, counts.completed, counts.failed) == ("completed", 3, 2, 1), done
        assert [answer["custom_id"] for answer in self._lines(done.output_file_id)] == ["chat-0", "chat-2"]
        (failed,) = self._lines(done.error_file_id)
        assert failed["custom_id"] == "chat-1" and failed["response"]["status_code"] == 400, failed
        assert failed["response"]["body"]["error"]["param"] == "messages", failed
        self._record_batch("batch", headers, done)

    def a_batch_of_embeddings_has_vectors(self):
        lines = [
            {
                "custom_id": f"vector-{number}",
                "method": "POST",
                "url": "/v1/embeddings",
                "body": {"model": self.options.embedding, "input": ["a river", f"{number} rivers"]},
            }
            for number in range(4)
        ]
        batch, headers = self._order(lines, "/v1/embeddings")
        done, _ = self._end(batch)
        answers = self._lines(done.output_file_id)
        assert [len(answer["response"]["body"]["data"]) for answer in answers] == [2] * 4, answers
        assert done.usage.output_tokens == 0 and done.usage.input_tokens > 0, done.usage
        self._record_batch("batch-embeddings", headers, done)

    def a_batch_of_responses_has_output(self):
        if self.options.weir:
            return SKIPPED  # What Weir has routes for is told by other names.
        body = {"model": self.options.chat, "input": "a river", "max_output_tokens": 16}
        line = {"custom_id": "a", "method": "POST", "url": "/v1/responses", "body": body}
        done, _ = self._end(self._order([line], "/v1/responses")[0])
        (answer,) = self._lines(done.output_file_id)
        assert answer["response"]["body"]["object"] == "response", answer
        assert done.usage.output_tokens == answer["response"]["body"]["usage"]["output_tokens"] > 0, done

    def a_batch_may_say_nothing_of_its_usage(self):
        model = self.options.unsaid or (None if self.options.weir else f"{self.options.chat}+missing-batch-usage")
        if not model:
            return SKIPPED
        batch, headers = self._order(self._chats(2, model))
        done, _ = self._end(batch)
        assert done.status == "completed" and done.usage is None, done
        assert all(answer["response"]["body"]["usage"] for answer in self._lines(done.output_file_id))
        self._record_batch("batch-unsaid", headers, done)

    def a_batch_is_cancelled(self):
        batch, headers = self._order(self._chats(2), metadata={"river": "a"})
        if self.other:
            self._is_unknown(lambda: self.other.batches.cancel(batch.id))
        cancelled = self.client.batches.cancel(batch.id)
        assert cancelled.status in ("cancelling", "cancelled") and cancelled.metadata == {"river": "a"}, cancelled
        done, _ = self._end(batch)
        assert done.status == "cancelled" and done.cancelled_at and done.cancelling_at, done
        assert done.output_file_id is None and done.request_counts.completed == 0, done
        try:
            self.client.batches.cancel(batch.id)
        except openai.ConflictError as error:
            assert "cancelled" in error.message, error.message
        else:
            raise AssertionError("it was cancelled twice")
        self._record_batch("batch-cancelled", headers, done)

    def batches_are_listed_a_page_at_a_time(self):
        ids = [batch.id for batch in self.client.batches.list()]
        assert len(ids) >= 4 and len(set(ids)) == len(ids), ids
        for limit in (1, 2, 100):
            assert [batch.id for batch in self.client.batches.list(limit=limit)] == ids, limit
        page = self.client.batches.list(limit=2)
        assert [batch.id for batch in page.data] == ids[:2] and page.has_more, page
        newest, _ = self._order(self._chats(1), metadata={"river": "the newest"})
        found = self.client.batches.list(limit=1).data[0]
        assert (found.id, found.metadata) == (newest.id, {"river": "the newest"}), found
        self.client.batches.cancel(newest.id)
        for batch in self.client.batches.list():
            assert not any(name.startswith("weir") for name in batch.metadata or {}), batch.metadata
        self._is_refused(lambda: self.client.batches.list(limit=101), "limit")

    def batches_of_others_are_unknown(self):
        if not self.other:
            return SKIPPED
        assert self.other.batches.list().data == [] and self.other.files.list().data == []
        batch = self.client.batches.list(limit=1).data[0]
        for call in (self.other.batches.retrieve, self.other.batches.cancel):
            theirs = self._is_unknown(lambda: call(batch.id))
            nobodys = self._is_unknown(lambda: call("batch_nobodys"))
            assert theirs.replace(batch.id, "") == nobodys.replace("batch_nobodys", ""), (theirs, nobodys)

    def files_of_others_are_no_input(self):
        if not self.other:
            return SKIPPED
        content = b"".join(json.dumps(line).encode() + b"\n" for line in self._chats(1))
        theirs = self._upload("requests.jsonl", content, "batch", client=self.other)
        for file_id in (theirs.id, "file-nobodys"):
            order = {"input_file_id": file_id, "endpoint": "/v1/chat/completions", "completion_window": "24h"}
            if self.options.weir:
                try:
                    self.client.batches.create(**order)
                except (openai.BadRequestError, openai.NotFoundError) as error:
                    assert error.type == "invalid_request_error", error.body
                else:
                    raise AssertionError("a batch of another's file was taken")
            else:
                done, _ = self._end(self.client.batches.create(**order))
                assert done.status == "failed" and done.errors.data[0].param == "input_file_id", done
        self.other.files.delete(theirs.id)

    def bad_orders_are_refused(self):
        file = self._upload("requests.jsonl", json.dumps(self._chats(1)[0]).encode(), "batch")

        def order(**changes):
            good = {"input_file_id": file.id, "endpoint": "/v1/chat/completions", "completion_window": "24h"}
            return lambda: self.client.batches.create(**{**good, **changes})

        self._is_refused(order(endpoint="/v1/audio/speech"), "/v1/audio/speech")
        self._is_refused(order(completion_window="1h"))
        self._is_refused(order(metadata={f"key-{number}": "v" for number in range(17)}), "metadata")
        if self.options.weir:
            # Two pairs are Weir's own.
            self._is_refused(order(metadata={f"key-{number}": "v" for number in range(15)}), "metadata")
        self._is_refused(order(metadata={"k" * 65: "v"}), "metadata")
        self._is_refused(order(metadata={"key": "v" * 513}), "metadata")
        self._is_refused(order(metadata={"key": 1}), "metadata")
        self._is_refused(order(extra_body={"colour": "blue"}), "colour")
        self.client.files.delete(file.id)

    def nobody_names_another_owner(self):
        if not self.options.weir or not self.other:
            return SKIPPED
        file = self._upload("requests.jsonl", json.dumps(self._chats(1)[0]).encode(), "batch")
        for name in ("weir_key", "weir_request"):
            try:
                batch = self.client.batches.create(
                    input_file_id=file.id,
                    endpoint="/v1/chat/completions",
                    completion_window="24h",
                    metadata={name: "somebody"},
                )
            except openai.BadRequestError as error:
                assert name in error.message, error.message
            else:
                assert self.client.batches.retrieve(batch.id).id == batch.id
                self._is_unknown(lambda: self.other.batches.retrieve(batch.id))
                self.client.batches.cancel(batch.id)
        self.client.files.delete(file.id)

    def bad_input_is_named_by_its_line(self):
        lines = self._chats(3)
        texts = [json.dumps(line).encode() for line in lines]
        self._is_not_begun(b"\n".join([texts[0], b'{"custom_id": ', texts[2]]), "invalid_json_line", 2)
        wrong = {**lines[2], "url": "/v1/embeddings"}
        self._is_not_begun([lines[0], lines[1], wrong], "invalid_url", 3)
        self._is_not_begun([lines[0], lines[1], lines[0]], "duplicate_custom_id", 3)
        wrong = {name: value for name, value in lines[1].items() if name != "body"}
        self._is_not_begun([lines[0], wrong], "missing_required_parameter", 2)
        wrong = {**lines[1], "body": {**lines[1]["body"], "model": self.options.embedding}}
        self._is_not_begun([lines[0], wrong], "mismatched_model", 2)

    def models_that_the_key_may_not_use_are_refused(self):
        if not self.options.denied:
            return SKIPPED
        try:
            self._order(self._chats(2, self.options.denied))
        except (openai.BadRequestError, openai.NotFoundError, openai.PermissionDeniedError) as error:
            assert self.options.denied in error.message, error.message
        else:
            raise AssertionError("a batch of a model that the key may not use was taken")

    def what_a_batch_made_can_be_deleted(self):
        for file in self.client.files.list():
            assert self.client.files.delete(file.id).deleted
        assert list(self.client.files.list()) == []
        for batch in self.client.batches.list():
            for file_id in filter(None, (batch.input_file_id, batch.output_file_id, batch.error_file_id)):
                try:
                    self.client.files.delete(file_id)
                except openai.NotFoundError:
                    pass
                self._is_unknown(lambda: self.client.files.retrieve(file_id))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--other-key", help="of somebody else; without it nothing is checked of what others see")
    parser.add_argument("--chat", required=True, help="a model for chat, by the name that stands in the lines of a batch")
    parser.add_argument("--embedding", required=True)
    parser.add_argument("--route", help="the route that uploads are for")
    parser.add_argument("--denied", help="a model that the key may not use")
    parser.add_argument("--unsaid", help="a model whose batches say nothing of their usage")
    parser.add_argument("--weir", action="store_true")
    parser.add_argument("--only", help="names of checks, separated by commas")
    options = parser.parse_args()
    inherited = set(vars(Checks))
    names = [name for name in vars(FileChecks) if not name.startswith("_") and name not in inherited]
    if options.only:
        names = [name for name in names if name in options.only.split(",")]
    run(FileChecks(options), names)


if __name__ == "__main__":
    main()

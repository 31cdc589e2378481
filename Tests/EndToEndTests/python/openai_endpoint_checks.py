"""Drives OpenAI's endpoints besides chat and embeddings with the official client, unchanged, as a caller would.

    openai_endpoint_checks.py --base-url URL --key KEY --completion MODEL [--weir]

Prints what openai_client_checks.py prints.
"""

import argparse
import base64
import json

import openai

from openai_client_checks import Checks, run


class EndpointChecks(Checks):
    def completions_go_on_with_prompts(self):
        raw = self.client.completions.with_raw_response.create(
            model=self.options.completion, prompt=["Once", "Twice upon a time"], n=2, best_of=3, max_tokens=7
        )
        answer = raw.parse()
        assert answer.object == "text_completion"
        assert [choice.index for choice in answer.choices] == [0, 1, 2, 3]
        assert all(choice.text for choice in answer.choices)
        assert answer.usage.completion_tokens > 4 * 7, "what is made and not shown is billed"
        self.check_headers(raw.headers)
        self.record("completion", raw.headers, answer.usage)
        raw = self.client.completions.with_raw_response.create(model=self.options.completion, prompt=[1, 2, 3])
        self.record("completion-tokens", raw.headers, raw.parse().usage)

    def completions_stream_with_and_without_usage(self):
        for wants in (False, True):
            more = {"stream_options": {"include_usage": True}} if wants else {}
            with self.client.completions.with_streaming_response.create(
                model=self.options.completion, prompt="Once", max_tokens=9, stream=True, **more
            ) as raw:
                text, usage, finish = "", None, None
                for chunk in raw.parse():
                    assert wants or chunk.choices, "a chunk without choices reached a caller who did not ask for usage"
                    for choice in chunk.choices:
                        text += choice.text
                        finish = choice.finish_reason or finish
                    usage = chunk.usage or usage
                assert text and finish in ("stop", "length")
                assert (usage is not None) == wants
                self.check_headers(raw.headers, stream=True)
                self.record("completion-stream", raw.headers, usage)

    def completions_are_not_served_by_models_for_embeddings(self):
        try:
            self.client.completions.create(model="embedding", prompt="Once")
        except openai.BadRequestError as error:
            assert error.code == "model_not_supported", error.code
        else:
            raise AssertionError("a model for embeddings completed a prompt")

    def moderations_judge_texts_and_images(self):
        raw = self.client.moderations.with_raw_response.create(model="moderation", input=["a river", "two rivers"])
        answer = raw.parse()
        assert len(answer.results) == 2 and answer.results[0].flagged in (True, False)
        assert "x-weir-cost-usd" not in raw.headers, "it has no price"
        self.check_headers(raw.headers, stream=True)
        self.record("moderation", raw.headers, None)
        image = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
        answer = self.client.moderations.create(model="moderation", input=[{"type": "text", "text": "a"}, image])
        assert len(answer.results) == 2

    def images_are_made_with_and_without_tokens(self):
        raw = self.client.images.with_raw_response.generate(model="gpt-image", prompt="a river", n=2)
        answer = raw.parse()
        assert len(answer.data) == 2 and all(len(base64.b64decode(image.b64_json)) == 1500 for image in answer.data)
        assert answer.usage.output_tokens == 2 * 272, answer.usage
        self.check_headers(raw.headers)
        self.record("image", raw.headers, None)
        raw = self.client.images.with_raw_response.generate(
            model="dall-e", prompt="a river", n=3, response_format="b64_json"
        )
        assert len(raw.parse().data) == 3
        self.record("image-pieces", raw.headers, None)

    def images_are_shown_before_they_are_finished(self):
        with self.client.images.with_streaming_response.generate(
            model="gpt-image", prompt="a river", stream=True, partial_images=2, n=2
        ) as raw:
            events = list(raw.parse())
            kinds = [event.type for event in events]
            one = ["image_generation.partial_image"] * 2 + ["image_generation.completed"]
            assert kinds == one * 2, kinds
            assert all(len(base64.b64decode(event.b64_json)) == 1500 for event in events)
            self.check_headers(raw.headers, stream=True)
            self.record("image-stream", raw.headers, None)

    def speech_comes_as_it_is_or_in_events(self):
        words = "\u00fcber Stock & Stein \U0001f30a"
        for model in ("tts", "speech"):
            with self.client.audio.speech.with_streaming_response.create(
                model=model, input=words, voice="alloy"
            ) as raw:
                sound = b"".join(raw.iter_bytes())
                assert len(sound) == 5 * 400, len(sound)
                assert raw.headers["content-type"] == "audio/mpeg", raw.headers
                self.check_headers(raw.headers, stream=True)
                self.record(f"speech-{model}", raw.headers, None)
        with self.client.audio.speech.with_streaming_response.create(
            model="speech", input=words, voice="alloy", stream_format="sse"
        ) as raw:
            events = [json.loads(line[6:]) for line in raw.iter_lines() if line.startswith("data: ")]
            assert [event["type"] for event in events] == ["speech.audio.delta"] * 5 + ["speech.audio.done"]
            assert events[-1]["usage"]["output_tokens"] == 5, events[-1]
            self.record("speech-events", raw.headers, None)

    def recordings_are_written_down(self):
        for size in (3_000, 900_000):
            recording = ("a.mp3", b"\x00\r\n--" * (size // 5), "audio/mpeg")
            for model in ("whisper", "transcribe"):
                raw = self.client.audio.transcriptions.with_raw_response.create(
                    model=model, file=recording, prompt="rivers"
                )
                answer = raw.parse()
                assert answer.usage, answer
                if model == "transcribe":
                    assert answer.text and answer.usage.input_tokens == size // 1_000, answer
                self.check_headers(raw.headers)
                self.record(f"transcription-{model}", raw.headers, None)
        raw = self.client.audio.translations.with_raw_response.create(model="transcribe", file=recording)
        self.record("transcription-transcribe", raw.headers, None)
        stream = self.client.audio.transcriptions.create(model="transcribe", file=recording, stream=True)
        events = list(stream)
        assert events[-1].type == "transcript.text.done" and len(events) > 2, events[-1]

    def images_are_edited(self):
        picture = ("a.png", b"\x89PNG" * 50_000, "image/png")
        raw = self.client.images.with_raw_response.edit(
            model="gpt-image", image=[picture, picture], prompt="a river", n=2
        )
        answer = raw.parse()
        assert len(answer.data) == 2 and answer.usage.output_tokens == 2 * 272, answer.usage
        self.record("image", raw.headers, None)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--completion", required=True)
    parser.add_argument("--weir", action="store_true")
    options = parser.parse_args()
    inherited = set(vars(Checks))
    names = [name for name in vars(EndpointChecks) if not name.startswith("_") and name not in inherited]
    run(EndpointChecks(options), names)


if __name__ == "__main__":
    main()

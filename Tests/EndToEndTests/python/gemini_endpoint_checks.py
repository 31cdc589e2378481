"""Drives Gemini's endpoints besides content with the official client, unchanged, as a caller would.

    gemini_endpoint_checks.py --base-url http://HOST:PORT --key KEY --model MODEL [--weir]

See client_checks.py for the report and the other options.
"""

from google.genai import types

from client_checks import QUESTION, main
from gemini_client_checks import GeminiChecks


class GeminiEndpointChecks(GeminiChecks):
    def _embed(self, kind, contents, **config):
        answer = self.client.models.embed_content(
            model=self.options.model, contents=contents, config=types.EmbedContentConfig(**config)
        )
        self.record(kind, answer.sdk_http_response.headers, None, 0)
        return answer.embeddings

    def one_content_is_embedded(self):
        embeddings = self._embed("embedding", QUESTION)
        assert len(embeddings) == 1 and len(embeddings[0].values) == 64, embeddings

    def several_contents_are_embedded_at_once(self):
        embeddings = self._embed("embedding-batch", ["one river", "two rivers"], output_dimensionality=8)
        assert [len(embedding.values) for embedding in embeddings] == [8, 8], embeddings
        assert embeddings[0].values != embeddings[1].values


if __name__ == "__main__":
    main(GeminiEndpointChecks)

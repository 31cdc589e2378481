"""Writes a tiny llama model with random weights: small enough to make in a second, real enough for llama.cpp to serve.

    make_tiny_gguf.py PATH

The tokenizer is SentencePiece-like: 256 byte tokens, so that any text can be encoded, and a few hundred words, so that
its answers are text. Byte tokens and control tokens have zero output rows and words have large ones, so that an answer
consists of words, never of half a UTF-8 scalar. The seed is fixed: the same file every time.
"""

import sys

import gguf
import numpy

SEED = 20_240_131
CONTEXT = 4096
WIDTH = 64
LAYERS = 2
HEADS = 4
FEED_FORWARD = 128

WORDS = """
the a an of to in is was it for on with as at by from this that these those and or but if then when where who what how why
be been are were has have had do does did can could will would should may might must not no yes one two three four five six
seven eight nine ten first second next last new old long short high low good bad big small open close read write start stop
cloud server model token stream answer question budget price key route team light water river stone tree leaf road house
door window paper letter number line word page book story song day night morning year time hour minute world city country
people child friend hand eye head heart voice name place part side end way work case point fact group system program
network signal engine wheel bridge tower garden forest mountain ocean island storm wind rain snow summer winter spring
red green blue white black silver gold quick slow calm bright dark warm cold deep wide narrow heavy clear simple exact
""".split()

CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<' + message['role'] + '> ' + (message['content'] or '') + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<assistant> ' }}{% endif %}"
)


def vocabulary():
    """(text, score, type) per token, in the order of their IDs."""
    tokens = [("<unk>", 0.0, gguf.TokenType.UNKNOWN), ("<s>", 0.0, gguf.TokenType.CONTROL), ("</s>", 0.0, gguf.TokenType.CONTROL)]
    tokens += [(f"<0x{byte:02X}>", 0.0, gguf.TokenType.BYTE) for byte in range(256)]
    words = list(dict.fromkeys(WORDS))
    # Merges are built from pairs, so each prefix of a word has to be a token for the word to be reachable.
    pieces = {"\u2581"}
    for word in words:
        for length in range(1, len(word) + 1):
            pieces.add("\u2581" + word[:length])
        pieces.update(word)
    wholes = {"\u2581" + word for word in words}
    for rank, piece in enumerate(sorted(pieces, key=lambda piece: (-len(piece), piece))):
        tokens.append((piece, -float(rank + 1), gguf.TokenType.NORMAL))
    return tokens, wholes


def main(path):
    random = numpy.random.default_rng(SEED)
    tokens, wholes = vocabulary()

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("weir-test")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("llama")
    writer.add_token_list([text.encode() for text, _, _ in tokens])
    writer.add_token_scores([score for _, score, _ in tokens])
    writer.add_token_types([kind for _, _, kind in tokens])
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(True)
    writer.add_chat_template(CHAT_TEMPLATE)

    def matrix(rows, columns, scale):
        return (random.standard_normal((rows, columns)) * scale).astype(numpy.float32)

    writer.add_tensor("token_embd.weight", matrix(len(tokens), WIDTH, 1.0))
    output = matrix(len(tokens), WIDTH, 0.5)
    for index, (text, _, _) in enumerate(tokens):
        if text not in wholes:
            output[index] = 0
    writer.add_tensor("output.weight", output)
    writer.add_tensor("output_norm.weight", numpy.ones(WIDTH, dtype=numpy.float32))
    for layer in range(LAYERS):
        prefix = f"blk.{layer}."
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(prefix + name + ".weight", numpy.ones(WIDTH, dtype=numpy.float32))
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            writer.add_tensor(prefix + name + ".weight", matrix(WIDTH, WIDTH, WIDTH**-0.5))
        for name in ("ffn_gate", "ffn_up"):
            writer.add_tensor(prefix + name + ".weight", matrix(FEED_FORWARD, WIDTH, WIDTH**-0.5))
        writer.add_tensor(prefix + "ffn_down.weight", matrix(WIDTH, FEED_FORWARD, FEED_FORWARD**-0.5))

    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main(sys.argv[1])

"""Serves a GGUF file with llama.cpp's own HTTP server on a free port until it is told to stop.

    llama_server.py MODEL PORT_FILE [--embedding]

Writes the port to PORT_FILE once the server answers. With --embedding it serves /v1/embeddings, else chat: llama.cpp
serves one or the other per process.
"""

import os
import signal
import sys
import urllib.parse

import xllamacpp


def main():
    # Blocked before the server starts its threads, so that they inherit the mask and sigwait gets the signal.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    model, port_file = sys.argv[1:3]
    params = xllamacpp.CommonParams()
    params.model.path = model
    params.model_alias = {"weir-test"}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = 4096
    params.n_parallel = 2
    params.n_batch = 512
    params.n_ubatch = 512
    params.cpuparams.n_threads = 1
    params.warmup = False
    params.use_jinja = True
    if "--embedding" in sys.argv:
        params.embedding = True
        params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    server = xllamacpp.Server(params)
    port = urllib.parse.urlsplit(server.listening_address).port
    with open(port_file + ".partial", "w") as file:
        file.write(str(port))
    os.rename(port_file + ".partial", port_file)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    # The library's own tear-down joins threads that may be in the middle of an answer.
    os._exit(0)


if __name__ == "__main__":
    main()

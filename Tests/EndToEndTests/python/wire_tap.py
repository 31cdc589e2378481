"""Stands between a client and an HTTP endpoint, passes on what both say, and keeps what the client was told."""

import http.client
import json
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: Of one connection only; the tap closes each behind its answer.
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "host"}


class Exchange:
    """A request and its answer, as far as it came."""

    def __init__(self, path, body):
        self.path, self.body = path, body
        self.status, self.headers, self.answer = None, {}, b""

    @property
    def request(self):
        return json.loads(self.body)

    @property
    def events(self):
        """Of a stream of server-sent events."""
        lines = self.answer.decode().splitlines()
        return [json.loads(line.removeprefix("data:")) for line in lines if line.startswith("data:")]

    def names(self, field):
        """Those that a field of the answer's head lists."""
        return {name.strip() for name in self.headers.get(field, "").split(",") if name.strip()}


class WireTap:
    def __init__(self, target):
        self.exchanges = []
        tap, place = self, urllib.parse.urlsplit(target)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                exchange = Exchange(self.path, self.rfile.read(int(self.headers.get("content-length", 0))))
                tap.exchanges.append(exchange)
                self.close_connection = True
                upstream = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
                headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
                upstream.request(self.command, self.path, body=exchange.body or None, headers=headers)
                answer = upstream.getresponse()
                exchange.status = answer.status
                exchange.headers = {name.lower(): value for name, value in answer.getheaders()}
                self.send_response_only(answer.status)
                for name, value in exchange.headers.items():
                    if name not in HOP_BY_HOP:
                        self.send_header(name, value)
                self.send_header("connection", "close")
                self.end_headers()
                while piece := answer.read1(65536):
                    exchange.answer += piece
                    self.wfile.write(piece)
                    self.wfile.flush()
                upstream.close()

            do_GET = do_HEAD = do_POST

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

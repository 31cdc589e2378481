#!/usr/bin/env python3
"""What the probe counts in a running weir-data: allocations of a request, or what its loops share; see README.md beside this file.

    probe.py allocations --probe FILE --pid N --port N --key KEY --model NAME [--requests N] [--streams N] [--sites N]
    probe.py shared --probe FILE --pid N --port N --key KEY --model NAME --load PATH [--seconds N] [--places N]
    probe.py hooks EXECUTABLE

`hooks` prints what PROBE_RETAINS has to be for an executable. The file's layout is that of Probe/include/probe.h.
"""
import argparse
import bisect
import collections
import json
import mmap
import os
import socket
import struct
import subprocess
import sys

MAGIC, THREADS, SITES, DEPTH, OBJECTS = 0x31626F7270726557, 256, 65536, 13, 131072
THREAD, SITE, OBJECT = struct.Struct("<8Q"), struct.Struct(f"<{3 + DEPTH}Q"), struct.Struct("<5Q")
SITES_AT = 64 + THREADS * THREAD.size
OBJECTS_AT = SITES_AT + SITES * SITE.size
HOOKS = ["_swift_retain", "_swift_retain_n", "_swift_release", "_swift_release_n", "_ZL21_swift_retain_adapter",
         "_swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly"]
CHAT = {"messages": [{"role": "user", "content": "Which shelf has the book about the first woman who flew over the Atlantic?"}],
        "temperature": 0.7, "max_tokens": 256}


class Symbols:
    """Names for addresses in a running process, by the symbol tables of what it has mapped."""

    def __init__(self, pid):
        self.ranges, self.tables, self.names = [], {}, {}
        with open(f"/proc/{pid}/maps") as file:
            for line in file:
                fields = line.split(maxsplit=5)
                if len(fields) == 6 and fields[5].startswith("/"):
                    start, end = (int(text, 16) for text in fields[0].split("-"))
                    self.ranges.append((start, end, fields[5].strip()))
        self.bases = {}
        for start, _, path in self.ranges:
            self.bases[path] = min(start, self.bases.get(path, start))

    def table(self, path):
        if path not in self.tables:
            found = []
            for option in ([], ["-D"]):
                output = subprocess.run(["nm", *option, "--defined-only", path], capture_output=True, text=True).stdout
                found += [(int(parts[0], 16), parts[2].split("@")[0]) for parts in map(str.split, output.splitlines())
                          if len(parts) == 3 and parts[1] not in "aAN"]
                if found:
                    break
            # Of several names for one place the longest says most.
            found.sort(key=lambda entry: (entry[0], len(entry[1])))
            self.tables[path] = ([entry[0] for entry in found], [entry[1] for entry in found])
        return self.tables[path]

    def mangled(self, address):
        for start, end, path in self.ranges:
            if start <= address < end:
                addresses, names = self.table(path)
                index = bisect.bisect_right(addresses, address - self.bases[path]) - 1
                return names[index] if index >= 0 else os.path.basename(path)
        return hex(address)

    def demangle(self, names):
        missing = sorted({name for name in names if name not in self.names})
        if missing:
            output = subprocess.run(["swift", "demangle", "--compact", "--simplified"], input="\n".join(missing),
                                    capture_output=True, text=True).stdout
            self.names.update(zip(missing, output.splitlines()))
        return [self.names.get(name, name) for name in names]


class Probe:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if struct.unpack_from("<Q", self.map)[0] != MAGIC:
            sys.exit(f"{path} is not the probe's: was the process started with it?")

    def threads(self):
        """Thread ID: allocations, bytes, retains and releases."""
        entries = (THREAD.unpack_from(self.map, 64 + index * THREAD.size) for index in range(THREADS))
        return {entry[0]: entry[1:4] for entry in entries if entry[0]}

    def sites(self):
        """Thread ID and return addresses: allocations, bytes."""
        found = {(entry[0], *entry[3:]): entry[1:3] for entry in SITE.iter_unpack(self.map[SITES_AT:OBJECTS_AT]) if entry[0]}
        if len(found) == SITES:
            print("probe: there were more places than fit in its table: some are missing", file=sys.stderr)
        return found

    def objects(self):
        """(thread ID, address, place): metadata, retains and releases."""
        return {entry[:3]: entry[3:] for entry in OBJECT.iter_unpack(self.map[OBJECTS_AT:OBJECTS_AT + OBJECTS * OBJECT.size])
                if entry[0]}


def loops(pid):
    """The threads that serve callers."""
    found = {}
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/comm") as file:
            name = file.read().strip()
        if name.startswith("weir-data-"):
            found[int(thread)] = name
    return found


class Caller:
    """One connection that asks the same again and again and reads whole answers."""

    def __init__(self, port, key, model, is_streamed):
        body = json.dumps(dict(CHAT, model=model, stream=is_streamed), separators=(",", ":"))
        self.request = (f"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
                        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()
        self.is_streamed = is_streamed
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, count):
        for _ in range(count):
            self.socket.sendall(self.request)
            answer = b""
            while not self.is_whole(answer):
                part = self.socket.recv(65536)
                if not part:
                    sys.exit("probe: the connection was closed")
                answer += part
            if not answer.startswith(b"HTTP/1.1 200"):
                sys.exit(f"probe: {answer[:300]!r}")

    def is_whole(self, answer):
        head, found, body = answer.partition(b"\r\n\r\n")
        if not found:
            return False
        length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), None)
        return body.endswith(b"0\r\n\r\n") if length is None else len(body) >= length


def is_machinery(name):
    """Frames that allocate for whoever called them."""
    return name.startswith(("swift_", "swift::", "operator new", "_swift", "__swift", "Swift.", "generic specialization of Swift",
                            "specialized Swift", "specialized Array", "specialized ContiguousArray", "specialized _",
                            "specialized static Array", "specialized Unsafe", "Array.", "static Array.", "_malloc", "malloc",
                            "outlined ")) or "ContiguousArrayBuffer" in name


def allocations(options):
    probe, symbols = Probe(options.probe), Symbols(options.pid)
    figures, lists = {}, []
    for name, is_streamed, count in (("plain", False, options.requests), ("stream", True, options.streams)):
        caller = Caller(options.port, options.key, options.model, is_streamed)
        caller.ask(count)  # Buffers and tables grow to what they need.
        serving = loops(options.pid)
        best = None
        for _ in range(5):  # The quietest of five: timers and leases only ever add.
            before, sites_before = probe.threads(), probe.sites()
            caller.ask(count)
            after, sites_after = probe.threads(), probe.sites()
            made = sum(after[thread][0] - before[thread][0] for thread in serving if thread in after and thread in before)
            if best is None or made < best[0]:
                best = (made, {frames: tuple(now - then for now, then in zip(value, sites_before.get(frames, (0, 0))))
                               for frames, value in sites_after.items() if frames[0] in serving})
        figures[name] = best[0] / count
        lists.append((name, count, best[1]))
    for name, count, sites in lists if options.sites else []:
        by_place = collections.Counter()
        size = collections.Counter()
        for frames, (made, bytes_) in sites.items():
            if made:
                # Return addresses: the call is before them.
                names = symbols.demangle([symbols.mangled(frame - 1) for frame in frames[1:] if frame])
                chain = [text for text in names if not is_machinery(text)][:3] or names[:3]
                by_place[tuple(chain)] += made
                size[tuple(chain)] += bytes_
        print(f"{name}: per request, bytes each, where from")
        for chain, made in by_place.most_common(options.sites):
            if made / count >= 0.01:
                print(f"  {made / count:7.2f} {size[chain] / made:9,.0f}  {chain[0]}")
                for caller_name in chain[1:]:
                    print(f"  {'':17}    <- {caller_name}")
        print()
    print(f"allocations: plain={figures['plain']:.2f} stream={figures['stream']:.2f} per request")
    if figures["plain"] > options.plain_max or figures["stream"] > options.stream_max:
        sys.exit(f"probe: more than plain={options.plain_max} stream={options.stream_max}; PLACES=30 says where they come from")


def shared(options):
    """Objects whose reference counts more than one loop writes."""
    probe, symbols = Probe(options.probe), Symbols(options.pid)
    serving = loops(options.pid)
    command = [options.load, "run", f"--port={options.port}", f"--key={options.key}", f"--model={options.model}",
               "--connections=32"]
    subprocess.run([*command, "--seconds=1"], check=True, capture_output=True)
    before, before_threads = probe.objects(), probe.threads()
    run = subprocess.run([*command, f"--seconds={options.seconds}"], check=True, capture_output=True, text=True)
    after, after_threads = probe.objects(), probe.threads()
    answers = json.loads(run.stdout)["answers"]

    by_thread = collections.defaultdict(collections.Counter)
    places = collections.defaultdict(collections.Counter)
    metadata = {}
    for (thread, address, place), (kind, count) in after.items():
        count -= before.get((thread, address, place), (0, 0))[1]
        if count > 0 and thread in serving:
            by_thread[address][thread] += count
            places[address][place] += count
            metadata[address] = kind
    counted = sum(after_threads[thread][2] - before_threads[thread][2] for thread in serving if thread in before_threads)
    print(f"{counted / answers:.1f} retains and releases per request on {len(serving)} loops, {answers} requests; per request, of what more than one loop writes:")

    with open(f"/proc/{options.pid}/mem", "rb") as memory:
        def word(address):
            try:
                memory.seek(address)
                return struct.unpack("<Q", memory.read(8))[0]
            except (OSError, struct.error):  # Gone meanwhile.
                return 0

        def name_of(kind):
            # A class has its descriptor behind its sizes; other boxes are named by their metadata alone.
            descriptor = symbols.mangled(word(kind + 40))
            name = symbols.demangle([descriptor if descriptor.endswith("Mn") else symbols.mangled(kind)])[0]
            return name.replace("nominal type descriptor for ", "")

        kinds, kind_places = collections.Counter(), collections.defaultdict(collections.Counter)
        for address, threads in by_thread.items():
            # The count of what lives for ever, such as the empty array, is read and not written.
            if word(address + 8) & 0xFFFFFFFF == 0xFFFFFFFF:
                continue
            # Below one in a hundred requests it is no business of the request.
            if len(threads) > 1 and min(threads.values()) * len(serving) >= answers / 100:
                name = name_of(metadata[address])
                kinds[name] += sum(threads.values()) / answers
                for place, count in places[address].items():
                    kind_places[name][symbols.demangle([symbols.mangled(place - 1)])[0]] += count / answers
    # Counts of different objects, each of one loop, in one line of the cache: as bad, and not to be seen in the code.
    lines = collections.defaultdict(dict)
    for address, threads in by_thread.items():
        if len(threads) == 1 and sum(threads.values()) * len(serving) >= answers / 100:
            lines[(address + 8) >> 6].setdefault(next(iter(threads)), []).append(address)
    together = {line: threads for line, threads in lines.items() if len(threads) > 1}

    total = sum(kinds.values())
    for name, each in kinds.most_common():
        print(f"  {each:7.2f}  {name}")
        for place, count in kind_places[name].most_common(options.places):
            if count >= 0.01:
                print(f"  {'':7}    {count:7.2f}  {place}")
    print(f"shared: retains_and_releases_of_shared_objects_per_request={total:.2f} lines_with_objects_of_several_loops={len(together)}")


def hooks(options):
    output = subprocess.run(["nm", options.executable], capture_output=True, text=True, check=True).stdout
    places = {parts[2]: parts[0] for parts in map(str.split, output.splitlines()) if len(parts) == 3}
    print(",".join(places[name] for name in HOOKS))


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    for command in ("allocations", "shared"):
        sub = commands.add_parser(command)
        sub.add_argument("--probe", required=True)
        sub.add_argument("--pid", type=int, required=True)
        sub.add_argument("--port", type=int, required=True)
        sub.add_argument("--key", required=True)
        sub.add_argument("--model", required=True)
    commands.choices["allocations"].add_argument("--requests", type=int, default=1000)
    commands.choices["allocations"].add_argument("--streams", type=int, default=30)
    commands.choices["allocations"].add_argument("--sites", type=int, default=0, help="show so many places")
    for name in ("--plain-max", "--stream-max"):
        commands.choices["allocations"].add_argument(name, type=float, default=float("inf"))
    commands.choices["shared"].add_argument("--load", required=True)
    commands.choices["shared"].add_argument("--seconds", type=int, default=3)
    commands.choices["shared"].add_argument("--places", type=int, default=0, help="show so many for each kind of object")
    commands.add_parser("hooks").add_argument("executable")
    options = parser.parse_args()
    {"allocations": allocations, "shared": shared, "hooks": hooks}[options.command](options)


if __name__ == "__main__":
    main()

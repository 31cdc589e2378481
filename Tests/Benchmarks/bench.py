#!/usr/bin/env python3
"""Measures Weir and nginx in turn on one core; see README.md beside this file. Started by bench.sh, which sets the scene.

    bench.py --load PATH --upstream-port N --nginx-port N --nginx-pid N --weir-port N --weir-pid N --key KEY ...
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time

GATEWAY_CPU = 0
LOAD_CPU = 1
# Connections, buffers and leases are made in it, on both sides: no part of the quantiles, and said by itself.
WARM_UP_MILLISECONDS = 500
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")

# name, options of the load generator. `seconds` is left to the command line.
SCENARIOS = {
    "plain": ["--connections=64"],
    "single": ["--connections=1"],
    "stream": ["--connections=64", "--stream"],
}


def processes(root):
    """The process and its descendants: nginx is a master and a worker."""
    found, parents = [root], {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parents.setdefault(int(stat_fields(entry)[1]), []).append(int(entry))
            except OSError:
                pass
    for pid in found:
        found += parents.get(pid, [])
    return found


def stat_fields(pid):
    """/proc/PID/stat from the third field on; the name before it may hold anything."""
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()


def cpu_ns(root):
    """Run time of all threads in nanoseconds: the scheduler's own account, not ticks."""
    total = 0
    for pid in processes(root):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/schedstat") as file:
                total += int(file.read().split()[0])
    return total


def rss_mib(root):
    return sum(int(stat_fields(pid)[21]) for pid in processes(root)) * PAGE / 2**20


def busy_seconds(cpu):
    with open("/proc/stat") as file:
        for line in file:
            if line.startswith(f"cpu{cpu} "):
                values = [int(value) for value in line.split()[1:]]
                return (sum(values[:3]) + sum(values[5:8])) / TICKS
    return 0.0


class PeakMemory(threading.Thread):
    def __init__(self, root):
        super().__init__(daemon=True)
        self.root, self.peak, self.done = root, 0.0, threading.Event()

    def run(self):
        while not self.done.wait(0.2):
            self.peak = max(self.peak, rss_mib(self.root))

    def stop(self):
        self.done.set()
        self.join()
        return self.peak


class Subject:
    def __init__(self, name, port, pid):
        self.name, self.port, self.pid = name, port, pid

    def measure(self, load, options, seconds, key, ca_file=None):
        command = ["taskset", "-c", str(LOAD_CPU), load, "run", f"--port={self.port}", f"--key={key}", f"--seconds={seconds}",
                   f"--warm-up-milliseconds={WARM_UP_MILLISECONDS}"]
        if ca_file and self.pid:  # The provider itself speaks plain HTTP.
            command.append(f"--ca-file={ca_file}")
        memory = PeakMemory(self.pid) if self.pid else None
        before = cpu_ns(self.pid) if self.pid else 0
        busy_before, started = busy_seconds(GATEWAY_CPU), time.monotonic()
        if memory:
            memory.start()
        run = subprocess.run(command + options, capture_output=True, text=True)
        wall = time.monotonic() - started
        if run.returncode not in (0, 1) or not run.stdout:
            sys.exit(f"bench: the load generator failed on {self.name}: {run.stderr.strip()}")
        result = json.loads(run.stdout)
        if self.pid:
            used = cpu_ns(self.pid) - before
            result["cpu_us"] = used / 1000 / max(1, result["answers"])
            result["core"] = used / 1e9 / wall
            result["foreign"] = max(0.0, (busy_seconds(GATEWAY_CPU) - busy_before) / wall - result["core"])
            result["rss_mib"] = memory.stop()
        return result


def median(rounds, field):
    values = [result[field] for result in rounds if field in result]
    return statistics.median(values) if values else float("nan")


def table(results, subjects, rounds):
    rows = [("", "requests/s", "CPU us/request", "core", "p50 us", "p99 us", "added p50", "added p99", "RSS MiB", "lost")]
    for scenario in SCENARIOS:
        direct = results[scenario, "direct"]
        # Of a stream what counts is when it begins and not how long its chunks are paced.
        p50, p99 = ("first_byte_p50_us", "first_byte_p99_us") if scenario == "stream" else ("p50_us", "p99_us")
        for subject in subjects:
            own = results[scenario, subject.name]
            measured = subject.pid is not None
            rows.append((
                f"{scenario} {subject.name}",
                f"{median(own, 'answers_per_second'):,.0f}",
                f"{median(own, 'cpu_us'):.1f}" if measured else "",
                f"{median(own, 'core'):.2f}" if measured else "",
                f"{median(own, p50):,.0f}",
                f"{median(own, p99):,.0f}",
                f"{median(own, p50) - median(direct, p50):,.0f}" if measured else "",
                f"{median(own, p99) - median(direct, p99):,.0f}" if measured else "",
                f"{max(result['rss_mib'] for result in own):.1f}" if measured else "",
                f"{sum(result['faults'] for result in own)}",
            ))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) if column == 0 else cell.rjust(width)
                        for column, (cell, width) in enumerate(zip(row, widths))))
    print(f"\nMedians of {rounds} rounds; RSS is the highest seen. Stream: 64 at once, 50 chunks each; its p50 and p99 are to the first byte.")
    beginning = ", ".join(f"{subject.name} {median(results['stream', subject.name], 'warm_up_first_byte_p99_us'):,.0f}" for subject in subjects)
    print(f"Not in p50 and p99: the first {WARM_UP_MILLISECONDS} ms of each load. First byte p99 of streams in them, us: {beginning}.")


def main():
    parser = argparse.ArgumentParser()
    for name in ("--load", "--key"):
        parser.add_argument(name, required=True)
    for name in ("--upstream-port", "--nginx-port", "--nginx-pid", "--weir-port", "--weir-pid"):
        parser.add_argument(name, type=int, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--answers", help="write to this file how many answers Weir gave in all")
    parser.add_argument("--ca-file", help="callers speak TLS and trust these authorities")
    parser.add_argument("--json", help="write every figure of every round to this file")
    options = parser.parse_args()

    os.sched_setaffinity(0, {LOAD_CPU})
    subjects = [
        Subject("direct", options.upstream_port, None),
        Subject("nginx", options.nginx_port, options.nginx_pid),
        Subject("weir", options.weir_port, options.weir_pid),
    ]
    results = {(scenario, subject.name): [] for scenario in SCENARIOS for subject in subjects}
    weir_answers = 0
    for subject in subjects:  # Connections to the upstream, caches and buffers as they are in service.
        for scenario in SCENARIOS.values():
            result = subject.measure(options.load, scenario, 1, options.key, options.ca_file)
            weir_answers += result["answers"] if subject.name == "weir" else 0
    for number in range(1, options.rounds + 1):
        for scenario, load_options in SCENARIOS.items():
            # In turn, and each round the other way round, so that a slow phase of the machine hits both.
            for subject in subjects if number % 2 else reversed(subjects):
                result = subject.measure(options.load, load_options, options.seconds, options.key, options.ca_file)
                results[scenario, subject.name].append(result)
                note = "".join(f", {count} {kind}" for kind, count in result["fault_kinds"].items())
                if result.get("foreign", 0) > 0.1:
                    note += f", disturbed: {result['foreign']:.2f} of the core went to others"
                print(f"  round {number}: {scenario} {subject.name}: {result['answers_per_second']:,.0f}/s"
                      + (f", {result['cpu_us']:.1f} us" if "cpu_us" in result else "") + note, file=sys.stderr)

    print()
    table(results, subjects, options.rounds)
    if options.answers:
        weir_answers += sum(result["answers"] for scenario in SCENARIOS for result in results[scenario, "weir"])
        with open(options.answers, "w") as file:
            file.write(str(weir_answers))
    if options.json:
        with open(options.json, "w") as file:
            json.dump({f"{scenario} {name}": rounds for (scenario, name), rounds in results.items()}, file, indent=1)
    lost = sum(result["faults"] for rounds in results.values() for result in rounds)

    def ratio(scenario):
        # Of each round, then the median: a slow phase moves both halves of a round's ratio.
        pairs = zip(results[scenario, "weir"], results[scenario, "nginx"])
        return statistics.median(weir["cpu_us"] / nginx["cpu_us"] for weir, nginx in pairs)

    print(f"bench: lost={lost}")
    print(f"bench: cpu_ratio_plain={ratio('plain'):.2f} cpu_ratio_stream={ratio('stream'):.2f}")
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    main()

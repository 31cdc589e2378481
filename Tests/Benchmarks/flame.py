#!/usr/bin/env python3
"""Draws what `perf record -g` saw as a flame graph, and sums it up: flame.py PERF.DATA PICTURE.svg --title TEXT [--us-per-request N]

Width is share of the samples; a frame stands on the one that called it. Frames below --least of all samples are left out of the picture.
"""
import argparse
import collections
import html
import re
import subprocess

WIDTH, ROW, CHARACTER = 1180, 17, 6.15
KINDS = {  # name: colour, as in the legend
    "Weir": "#f2a65a", "Swift's runtime": "#f7d488", "libraries": "#a8d5a2", "kernel": "#a9c1dd", "thread": "#d8d8d8",
}
# Frames that say nothing: the ways into a system call, and of a job from the loop to its task.
SILENT = {"entry_SYSCALL_64_after_hwframe", "do_syscall_64", "x64_sys_call", "__x64_sys_sendto", "__x64_sys_recvfrom", "syscall", "[unknown]",
          "_ZN5swift34runJobInEstablishedExecutorContextEPNS_3JobE", "swift_job_runImpl", "swift_job_run", "start_thread", "clone3", "__clone3"}
NOISE = re.compile(r"^(?:\(\d+\) (?:suspend|await) resume partial function for |specialized |merged |partial apply for |thunk for "
                   r"|(?:implicit )?closure #\d+ (?:\([^)]*\) )?in |generic specialization <.*?> of |@objc |static )+")


def samples(path):
    """Stacks as lists of (symbol, binary), outermost first, the thread in front; with how often."""
    script = subprocess.run(["perf", "script", "-i", path, "-F", "comm,ip,sym,dso", "--no-inline", "--no-demangle"],
                            capture_output=True, text=True, check=True).stdout
    found = collections.Counter()
    for block in script.split("\n\n"):
        lines = block.strip("\n").split("\n")
        if len(lines) < 2:
            continue
        stack = []
        for line in lines[1:]:
            match = re.match(r"\s*[0-9a-f]+ (.*) \((.*)\)$", line)
            if match:
                stack.append((match[1].strip(), match[2]))
        thread = re.sub(r"-\d+$", "", lines[0].split()[0])
        found[((thread, "thread"), *reversed(stack))] += 1
    return found


def demangled(names):
    names = sorted(names)
    output = subprocess.run(["swift", "demangle", "--compact", "--simplified"], input="\n".join(names), capture_output=True,
                            text=True, check=True).stdout.splitlines()
    output = subprocess.run(["c++filt", "-p"], input="\n".join(output), capture_output=True, text=True, check=True).stdout.splitlines()
    return dict(zip(names, output))


def kind(symbol, binary, readable):
    if binary == "thread":
        return "thread"
    if "kernel" in binary or binary.startswith("["):
        return "kernel"
    if not binary.endswith("weir-data"):
        return "libraries"
    # The runtime is linked into the executable.
    if symbol.startswith(("swift_", "_swift", "__swift", "_ZN5swift", "_ZL", "_ZN12_GLOBAL", "_Z", "$ss", "$sS")) or readable.startswith("outlined "):
        return "Swift's runtime"
    return "Weir"


def fold(raw):
    names = demangled({symbol for stack in raw for symbol, _ in stack})
    folded = collections.Counter()
    for stack, count in raw.items():
        frames = []
        for symbol, binary in stack:
            if symbol in SILENT:
                continue
            readable = NOISE.sub("", names[symbol]) or names[symbol]
            frame = (re.sub(r"\(.*\)( const)?$", "", readable) if symbol.startswith("_Z") else readable, kind(symbol, binary, readable))
            # What is one function to a reader is several to the compiler.
            if not frames or frames[-1] != frame:
                frames.append(frame)
        folded[tuple(frames)] += count
    return folded


class Node:
    def __init__(self):
        self.count, self.children = 0, collections.defaultdict(Node)


def tree(folded):
    root = Node()
    for stack, count in folded.items():
        node = root
        node.count += count
        for frame in stack:
            node = node.children[frame]
            node.count += count
    return root


def draw(root, title, least):
    boxes, deepest = [], 0

    def place(node, x, depth):
        nonlocal deepest
        for (name, kind_), child in sorted(node.children.items(), key=lambda entry: entry[0]):
            if child.count >= least * root.count:
                deepest = max(deepest, depth)
                boxes.append((name, kind_, x, depth, child.count))
                place(child, x, depth + 1)
            x += child.count

    place(root, 0, 0)
    height = (deepest + 1) * ROW + 46
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH + 20}" height="{height}" viewBox="0 0 {WIDTH + 20} {height}" '
           f'font-family="ui-monospace,Menlo,Consolas,monospace" font-size="10.2">',
           f'<rect width="100%" height="100%" fill="#ffffff"/><text x="10" y="18" font-size="13">{html.escape(title)}</text>']
    x = 10
    for name, colour in list(KINDS.items())[:-1]:
        out.append(f'<rect x="{x}" y="25" width="10" height="10" fill="{colour}"/><text x="{x + 14}" y="34">{html.escape(name)}</text>')
        x += 30 + len(name) * CHARACTER
    for name, kind_, start, depth, count in boxes:
        left, width = 10 + WIDTH * start / root.count, WIDTH * count / root.count
        top = height - 4 - (depth + 1) * ROW
        room = int((width - 5) / CHARACTER)
        label = name if len(name) <= room else name[:room - 1] + "…" if room > 3 else ""
        text = f'<text x="{left + 3:.1f}" y="{top + 12}">{html.escape(label)}</text>' if label else ""
        out.append(f'<g><title>{html.escape(name)}: {100 * count / root.count:.1f} %</title><rect x="{left:.1f}" y="{top}" '
                   f'width="{max(0.4, width - 0.5):.1f}" height="{ROW - 1}" fill="{KINDS[kind_]}"/>{text}</g>')
    out.append("</svg>\n")
    return "\n".join(out)


def innermost(stack, wanted):
    return next((name for name, kind_ in reversed(stack) if kind_ == wanted), None)


def sum_up(folded, us, rows):
    total = sum(folded.values())
    groups, system, own, foreign = (collections.Counter() for _ in range(4))
    for stack, count in folded.items():
        last = stack[-1][1]
        groups[last] += count
        if last == "kernel":
            # The first frame of the kernel names the call; what of it is the peer's side of the loopback is in there too.
            system[next(name for name, kind_ in stack if kind_ == "kernel")] += count
        else:
            own[innermost(stack, "Weir") or stack[0][0]] += count
            if last != "Weir":
                foreign[stack[-1][0]] += count

    def show(counter, limit):
        for name, count in counter.most_common(limit):
            each = f" {us * count / total:6.2f} us" if us else ""
            if count >= total * 0.003:
                print(f"  {100 * count / total:5.1f} %{each}  {name}")

    print("by kind:")
    show(groups, 10)
    print("kernel, by call:")
    show(system, 12)
    print("Swift's runtime and libraries, by function:")
    show(foreign, 12)
    print("outside the kernel, by the innermost function of Weir:")
    show(own, rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("picture")
    parser.add_argument("--title", required=True)
    parser.add_argument("--us-per-request", type=float, default=0)
    parser.add_argument("--least", type=float, default=0.003)
    parser.add_argument("--rows", type=int, default=40)
    options = parser.parse_args()
    folded = fold(samples(options.data))
    with open(options.picture, "w") as file:
        file.write(draw(tree(folded), f"{options.title}: {sum(folded.values()):,} samples", options.least))
    sum_up(folded, options.us_per_request, options.rows)


if __name__ == "__main__":
    main()

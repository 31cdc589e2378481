"""Keeps of a profile (text of llvm-profdata) what is worth keeping: the functions that requests run, with the path of the build taken out.

What runs once at the start would be taken for rarely needed and compiled to be small, as would what this load does not use at all: without a profile
it is compiled as usual.

A function that counts more than most, for its loops or because it is called for each piece of a stream, has its counts scaled down to what is usual: what a
function does often stays known, and beside it the rest of a request's path is not taken for rarely needed.
"""

import argparse
import statistics
import sys


class Record:
    """A function: its name, a hash of its branches, and their counts."""

    def __init__(self, text):
        self.lines = text.split("\n")
        at = self.lines.index("# Num Counters:")
        self.begin = at + 3
        self.end = self.begin + int(self.lines[at + 1])

    @property
    def count_max(self):
        return max(map(int, self.lines[self.begin : self.end]), default=0)

    def scale_down(self, bound):
        """At least 1 stays of what was taken at all."""
        most = self.count_max
        if most > bound:
            counts = map(int, self.lines[self.begin : self.end])
            self.lines[self.begin : self.end] = [str(count and max(1, count * bound // most)) for count in counts]

    @property
    def text(self):
        # A line that begins with `$` is a number of bytes for the reader, as names in Swift are not: that there are none is said.
        return "\n".join(self.lines[: self.end] + ["# Num Bitmap Bytes:", "$0"] + self.lines[self.end :])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("profile")
    parser.add_argument("--objects", required=True, help="the folder of the build whose paths are taken out")
    parser.add_argument("--count-min", type=int, required=True, help="functions with no count as high are left out")
    arguments = parser.parse_args()
    with open(arguments.profile, encoding="utf-8") as file:
        head, _, rest = file.read().replace(arguments.objects, "@build@").partition(":ir\n")
    records = [Record(text.strip("\n")) for text in rest.split("\n\n") if text.strip()]
    kept = [record for record in records if record.count_max >= arguments.count_min]
    if not kept:
        sys.exit("the profile has no function that was run as often")
    usual = int(statistics.median(record.count_max for record in kept))
    for record in kept:
        record.scale_down(usual)
    print(head + ":ir\n" + "\n\n".join(sorted(record.text for record in kept)) + "\n")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes the inputs of the matrix of dialects: what callers send and what providers reply.

    make_inputs.py            writes them all; running it again changes nothing
    make_inputs.py --check    says which files are not as it would write them

Nothing here is shared with Weir's own code, so that a mistake has to be made twice to stay unseen. The outputs beside the
inputs (requests.json, answers.json, streams.txt) are Weir's, and are written by its tests.
"""
import pathlib
import shutil
import sys

import callers
import conversations
import replies
import settings
import streams
from model import CannotSay, DIALECTS, pretty

HERE = pathlib.Path(__file__).parent
OUTPUTS = {"requests.json", "answers.json", "streams.txt", "lacking.json"}


def cases():
    return (conversations.talk() + conversations.media() + conversations.tools() + conversations.agent()
            + settings.drawing() + settings.thinking() + settings.endings())


def inputs(case):
    """The files of one case, by name."""
    files, reasons = {}, []
    for dialect in ("openai", "anthropic", "gemini"):
        try:
            files[f"callers/{dialect}.json"] = pretty(callers.request(case, dialect)) + "\n"
        except CannotSay as reason:
            reasons.append(f"- `{dialect}` cannot say it: {reason}.")
    for dialect in DIALECTS:
        body, status = replies.whole(case, dialect)
        files[f"providers/{dialect}.json"] = body
        if status:
            files[f"providers/{dialect}.status"] = f"{status}\n"
        ending = "frames" if dialect == "bedrock" else "sse"
        files[f"providers/{dialect}.{ending}"] = streams.stream(case, dialect)
    if case.stream:
        files["callers/gemini.path"] = f"/v1beta/models/{callers.MODELS['gemini']}:streamGenerateContent?alt=sse\n"
    files["case.md"] = f"# {case.name}\n\n{case.about}\n" + ("\n" + "\n".join(reasons) + "\n" if reasons else "")
    return {name: text if isinstance(text, bytes) else text.encode() for name, text in files.items()}


def stale(folder, files):
    """The files of a case that are not, or not any more, as they would be written."""
    known = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    extra = [name for name in known if name not in files and name not in OUTPUTS]
    return extra + [name for name, data in files.items() if name not in known or known[name].read_bytes() != data]


def write(folder, files):
    for name in stale(folder, files):
        path = folder / name
        if name in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(files[name])
        else:
            path.unlink()


def main():
    known = {case.name: inputs(case) for case in cases()}
    assert len(known) == len(cases()), "two cases have one name"
    gone = [folder for folder in HERE.iterdir() if folder.is_dir() and folder.name not in known
            and folder.name != "__pycache__"]
    if "--check" in sys.argv:
        wrong = [f"{folder.name}/" for folder in gone]
        wrong += [f"{name}/{file}" for name, files in known.items() for file in stale(HERE / name, files)]
        sys.exit("\n".join(["these files are not as they would be written:"] + wrong) if wrong else 0)
    for folder in gone:
        shutil.rmtree(folder)
    for name, files in known.items():
        write(HERE / name, files)
    print(f"dialects: inputs of {len(known)} cases")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes the inputs of the matrix of dialects: what callers send and what providers reply.

    make_inputs.py      writes them all; running it again changes nothing

Nothing here is shared with Weir's own code, so that a mistake has to be made twice to stay unseen. The outputs beside the
inputs (requests.json, answers.json, streams.txt) are Weir's, and are written by its tests.
"""
import pathlib
import shutil

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


def write(folder, files):
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in files and name not in OUTPUTS:
            path.unlink()
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)


def main():
    known = cases()
    names = [case.name for case in known]
    assert len(names) == len(set(names)), "two cases have one name"
    for folder in HERE.iterdir():
        if folder.is_dir() and folder.name not in names and folder.name != "__pycache__":
            shutil.rmtree(folder)
    for case in known:
        write(HERE / case.name, inputs(case))
    print(f"dialects: inputs of {len(known)} cases")


if __name__ == "__main__":
    main()

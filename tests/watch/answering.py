"""A process that answers as it is told to: `main` is what `Runs` starts in the place of the one that checks."""

import sys

import msgspec

from grader.watch.runs import Answer, Question


def main() -> None:
    for line in sys.stdin.buffer:
        question = msgspec.json.decode(line, type=Question)
        if question.file == "dies":
            sys.exit(7)
        if question.file == "hangs":
            sys.stdin.buffer.read()
            return
        sys.stdout.buffer.write(msgspec.json.encode(Answer(refused=question.file)) + b"\n")
        sys.stdout.buffer.flush()

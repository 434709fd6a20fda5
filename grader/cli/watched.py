"""In the process that `grader watch` has check: questions read from standard input, each answered with a verdict.

It ends when its standard input does, in the middle of a check too, and with it all that the check has started.
"""

import os
import signal
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import IO

import msgspec

from grader.errors import GraderError
from grader.watch.runs import Answer, Question

# There no child can be started as it is elsewhere; this process is one already, which may be ended as well.
_ISOLATION = "in-process" if sys.platform == "win32" else "child"


def main() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    questions: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=[questions, threading.main_thread().ident], daemon=True).start()
    try:
        with _only_for_answers() as answers:
            while line := questions.get():
                answers.write(msgspec.json.encode(answer(msgspec.json.decode(line, type=Question))) + b"\n")
                answers.flush()
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)


def _listen(questions: "SimpleQueue[bytes]", main_thread: int) -> None:
    # of `sys.stdin` a lock would be held when the interpreter ends
    with open(0, "rb", buffering=0, closefd=False) as lines:
        for line in lines:
            questions.put(line)
    questions.put(b"")
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main_thread, signal.SIGINT)
    else:
        signal.raise_signal(signal.SIGINT)


def _only_for_answers() -> IO[bytes]:
    """Our own standard output; whatever else is printed goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    return answers


def answer(question: Question) -> Answer:
    try:
        return Answer(verdict=msgspec.Raw(_verdict(question)))
    except GraderError as error:
        return Answer(refused=str(error))
    except Exception as error:
        from grader.cli.ending import logged

        return Answer(fault=logged(error))


def _verdict(question: Question) -> bytes:
    from grader.cli.check import graded
    from grader.course.load import load_exercise
    from grader.verdict import encode

    exercise = load_exercise(question.folder)
    return encode(graded(exercise, Path(question.file), question.seed, _ISOLATION, hidden=False, patient=False))

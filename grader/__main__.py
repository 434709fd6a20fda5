"""The `grader` command, also as `python -m grader`: how it ends while it is not there yet, and when it is over.

Ctrl-C before anything else is loaded is an interrupt as well, and one when all is said does not change the exit code.
"""

import signal
import sys


def main() -> None:
    """Runs the command and ends the process."""
    try:
        from grader.cli import main as command

        command()
    except KeyboardInterrupt:
        print("grader: interrupted", file=sys.stderr)
        sys.exit(130)
    finally:
        # a Python handler would be taken away before the end, and the next interrupt would be an end by a signal
        signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    main()

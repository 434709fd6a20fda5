"""Ctrl-C while the process that forks is started: it comes when that process is known, or could not be started."""

import signal

import pytest

from grader.run.interrupts import put_off


@pytest.mark.parametrize("failure", [None, OSError("no process is left")])
def test_ctrl_c_waits_for_the_end_and_is_not_lost(failure: OSError | None) -> None:
    done, before = list[str](), signal.getsignal(signal.SIGINT)

    def start() -> None:
        with put_off():
            signal.raise_signal(signal.SIGINT)
            done.append("all")
            if failure is not None:
                raise failure

    with pytest.raises(KeyboardInterrupt):
        start()
    assert done == ["all"]
    assert signal.getsignal(signal.SIGINT) is before

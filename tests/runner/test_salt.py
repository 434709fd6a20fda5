"""The order in which a run's tasks stand comes from its seed, as Python itself draws from one."""

import _random
import random

import pytest

from grader.runner.play_case import _number_of


@pytest.mark.parametrize("seed", ["", "a", "say-after/ada", "ä€😀", "f" * 64])
def test_it_is_what_python_draws_first_from_the_seed(seed: str) -> None:
    assert _random.Random(_number_of(seed)).getrandbits(64) == random.Random(seed).getrandbits(64)

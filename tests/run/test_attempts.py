"""What a cell in the isolated child tries that is not there, and of which its program minds no error."""

from grader.run.levels import level_of
from grader.run.outside import Code, run_cells

_TRIES = "import os\ntry:\n    {}\nexcept Exception:\n    pass"
REACHED: dict[str, list[str]] = {
    _TRIES.format("os.system('ls')"): ["os.system is refused"],
    _TRIES.format("open('/nowhere')"): ["/nowhere: No such file or directory"],
    _TRIES.format("os.link('a', 'b')"): ["os.link is refused"],
    _TRIES.format("while True: os.open('.', os.O_RDONLY)"): [".: Too many open files"],
    "os.closerange(10, 3000)": [],
    _TRIES.format("open('missing')"): [],
    "os.listdir('.')\nos.close(os.open(os.path.abspath('.'), os.O_RDONLY))": [],
    "1 / 0": [],
    "os.system('ls')": ["RefusedError: os.system needs a real process", "os.system is refused"],
}


def test_what_a_cell_reached_for_is_told_where_it_minds_no_error_too() -> None:
    codes = [Code(number, text, False) for number, text in enumerate(REACHED, 1)]
    ran = run_cells(codes, {}, level_of("child"), seconds=2, seed="a seed")
    assert [ran.reached.get(number, []) for number in range(1, len(REACHED) + 1)] == [
        [("sure", said) for said in one] for one in REACHED.values()
    ]

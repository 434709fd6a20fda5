"""IPython's own shell, where a notebook asks for more of it than what is displayed: magics do here what they do in a kernel.

What a cell puts out is still told by what the cells have no name for: what the shell shows is displayed, and no value of a
cell. No process is begun: a line for another shell does nothing, and that it was asked for is told.
"""

import builtins
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib import import_module
from typing import Any

from grader.runner import ipython
from grader.runner.cells import captured, commands

Tells = Callable[[str], object]
_WORD = re.compile(r"[ \t]*([A-Za-z_]\w*)")
# of ipykernel, which is not there: nothing of them stays
_OF_A_KERNEL = (
    "edit",
    "less",
    "more",
    "man",
    "connect_info",
    "qtconsole",
    "autosave",
    "clear",
    "subshell",
    "gui",
    "rehashx",
)
# which IPython has as well, and which would begin a process, or look for programs
_NOT_HERE = frozenset({"edit", "rehashx"})
_SCRIPTS = ("script", "bash", "sh", "perl", "ruby", "pypy", "python", "python2", "python3")
_INLINE = "module://matplotlib_inline.backend_inline"
# a command that changes nothing, and of which nobody has the answer
_ONLY_SHOWS = re.compile(
    r"\s*(?:ls|pwd|cat|head|tail|echo|date|whoami|which|nvidia-smi|lscpu|tree|wc|python3? (?:-V|--version))\b[^|&;<>`$]*"
)
_PROCESSES = ("system", "system_raw", "system_piped")


class StandIn:
    """Where nothing of the kind is asked for: lines of a magic are comments already."""

    def __init__(self, versions: Mapping[str, str]):
        ipython.put_in_place()
        ipython.known_as(versions)

    def stand_in(self, names: dict[str, Any], display: Any, clear_output: Any, failed: Any) -> None:
        ipython.stand_in(names, captured.put_in_place(display), clear_output)

    def interactivity(self) -> str:
        return ipython.interactivity()

    def began(self, number: int) -> None:
        ipython.counts(number)

    def heard(self) -> AbstractContextManager[None]:
        return nullcontext()

    def plain(self, number: int, text: str) -> str:
        return text

    def text(self, text: str) -> str:
        return text


class Shell:
    """`raw`: the texts of the cells as they were written, by their numbers. `tells` hears of each process that is asked for."""

    def __init__(self, module: Any, raw: Mapping[int, str], versions: Mapping[str, str], tells: Tells):
        names = vars(module)
        sys.dont_write_bytecode = True  # of modules that come when they are asked for; it would count as the cell's
        _without_stand_ins(versions)
        self._real = _shell_of(module, tells)
        self._raw = raw
        self._names = names

    def plain(self, number: int, text: str) -> str:
        """As IPython has it before it is compiled; asked of all before any is run, so that no cell has a hand in another."""
        try:
            return str(self._real.input_transformer_manager.transform_cell(self._raw.get(number, text)))
        except Exception:  # it is no Python, which is said when it is compiled
            return text

    def stand_in(self, names: dict[str, Any], display: Any, clear_output: Any, failed: Any) -> None:
        real = self._real
        real.display_pub.shows, real.display_pub.clears, real.fails = display, clear_output, failed
        vars(builtins).update(get_ipython=real.get_ipython, __IPYTHON__=True)
        names.update(get_ipython=real.get_ipython, **ipython.IN_A_NOTEBOOK)
        manager = real.history_manager
        manager.input_hist_parsed = manager.input_hist_raw = names["In"]
        manager.output_hist = names["Out"]

    def interactivity(self) -> str:
        return str(self._real.ast_node_interactivity)

    def began(self, number: int) -> None:
        self._real.execution_count = number + 1  # the next one's, as a kernel has it

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Whoever asked to be told of each cell is told, as IPython has it."""
        trigger = self._real.events.trigger
        trigger("pre_execute")
        trigger("pre_run_cell", _Info())
        try:
            yield
        finally:
            trigger("post_execute")
            trigger("post_run_cell", _Result())

    def text(self, text: str) -> str:
        """One line of a learner's may be a magic without its `%`, or a macro: IPython has another text of it."""
        word = _WORD.match(text)
        if word is None or len(text.splitlines()) != 1:
            return text
        real, name = self._real, word[1]
        if real.find_line_magic(name) is None and type(self._names.get(name)).__name__ != "Macro":
            return text
        return str(real.prefilter_manager.prefilter_lines(text))


class _Info:
    """What is told of a cell that begins."""

    raw_cell, store_history, silent, shell_futures, cell_id = "", True, False, True, None


class _Result:
    """What is told of a cell that is over."""

    info, result, success = _Info(), None, True
    execution_count = error_before_exec = error_in_exec = None

    def raise_error(self) -> None:
        """There was none."""


def _without_stand_ins(versions: Mapping[str, str]) -> None:
    ipython.put_in_place(without="IPython")
    ipython.known_as({name: version for name, version in versions.items() if name != "IPython"})


def made(module: Any, raw: Mapping[int, str], versions: Mapping[str, str], tells: Tells) -> "Shell | StandIn":
    """IPython's own where there are `raw` texts, and it can be had."""
    if raw:
        try:
            return Shell(module, raw, versions, tells)
        except Exception as error:  # an IPython that is another than those that are known
            tells(f"IPython's shell cannot be had: {type(error).__name__}: {error}")
    return StandIn(versions)


def _shell_of(module: Any, tells: Tells) -> Any:
    config: Any = import_module("traitlets.config")
    kind = _kind(tells)
    kind.clear_instance()
    shell = kind.instance(
        user_module=module,
        ipython_dir=".",
        profile_dir=_profile(),
        config=config.Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}}),
    )
    shell.kernel = ipython.Anything()
    shell.extension_manager.load_extension("storemagic")
    _refuse(shell, tells)
    _of_no_file()
    shell.builtin_trap.__enter__()  # for good: they are those of each cell
    shell.display_trap.__enter__()
    return shell


def _of_no_file() -> None:
    """Of the grader's own modules: what reads modules anew that have changed would say that it cannot read these."""
    for name, module in [*sys.modules.items()]:
        if name.partition(".")[0] == "grader" and module is not None:
            vars(module).pop("__file__", None)


def _profile() -> Any:
    """Where its files would lie: made when there are any."""
    application: Any = import_module("IPython.core.profiledir")

    class Profile(application.ProfileDir):  # type: ignore[misc]
        def check_dirs(self) -> None:
            """None is needed."""

        def _location_changed(self, change: Any) -> None:
            """Nor made."""

    made = Profile()
    made._trait_values["location"] = os.path.abspath(os.path.join(os.pardir, "ipython"))
    return made


def _kind(tells: Tells) -> Any:
    shells: Any = import_module("IPython.core.interactiveshell")
    publishers: Any = import_module("IPython.core.displaypub")
    hooks: Any = import_module("IPython.core.displayhook")
    traits: Any = import_module("traitlets")

    class Publisher(publishers.DisplayPublisher):  # type: ignore[misc]
        shows: Any = None
        clears: Any = None

        def publish(self, data: Any, metadata: Any = None, *args: Any, update: bool = False, **named: Any) -> None:
            if not update and self.shows is not None:
                self.shows({key: value for key, value in data.items() if isinstance(value, str)}, raw=True)

        def clear_output(self, wait: bool = False) -> None:
            if self.clears is not None:
                self.clears(wait)

    class Hook(hooks.DisplayHook):  # type: ignore[misc]
        def write_output_prompt(self) -> None:
            """There is none."""

        def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
            self.shell.display_pub.publish(format_dict)

    class ZMQInteractiveShell(shells.InteractiveShell):  # type: ignore[misc]
        fails: Any = None
        kernel = traits.Any()
        display_pub_class = traits.Type(Publisher)
        displayhook_class = traits.Type(Hook)

        def init_ipython_dir(self, ipython_dir: Any) -> None:
            """There is no folder of its own."""

        def init_virtualenv(self) -> None:
            """Modules lie where the notebook finds them."""

        def init_environment(self) -> None:
            """It is as it was made."""

        def _showtraceback(self, etype: Any, evalue: BaseException, stb: Any) -> None:
            if self.fails is not None:
                self.fails(evalue)

        def show_usage_error(self, error: Any) -> None:
            sys.stderr.write(f"UsageError: {error}\n")

        def enable_matplotlib(self, gui: Any = None) -> Any:
            """What draws below a cell draws nothing here; a kernel asks the packages that are installed for it."""
            import_module("matplotlib")
            return (gui, _INLINE) if gui in (None, "inline", "agg") else super().enable_matplotlib(gui)

        def enable_gui(self, gui: Any = None) -> None:
            """Nobody has one."""

        def ask_exit(self) -> None:
            """It goes on."""

        def ask_yes_no(self, *args: Any, **named: Any) -> bool:
            return bool(ipython.nobody_there())

        def set_next_input(self, *args: Any, **named: Any) -> None:
            """Nobody would see it."""

    ZMQInteractiveShell.__module__ = "ipykernel.zmqshell"
    return ZMQInteractiveShell


def _refuse(shell: Any, tells: Tells) -> None:
    """Processes do not begin; of what a kernel adds there is what does no harm."""
    listed: Any = import_module("IPython.utils.text").SList

    def lines(command: str) -> list[str] | None:
        """Names of where the line stands are put in, as IPython does it."""
        return commands.done(shell.var_expand(command, depth=2).strip())

    def system(command: str) -> None:
        found = lines(command)
        if found is None and not _ONLY_SHOWS.fullmatch(command):
            tells(f"!{command}")
        print(*(found or ()), sep="\n", end="\n" if found else "")
        shell.user_ns["_exit_code"] = 0

    def getoutput(command: str, split: bool = True, **named: Any) -> Any:
        found = lines(command)
        if found is None:
            tells(f"!{command}")
        return listed(found or []) if split else "\n".join(found or [])

    vars(shell).update(dict.fromkeys(_PROCESSES, system) | {"getoutput": getoutput})
    for name in _SCRIPTS:
        shell.register_magic_function(_another(name, tells), "cell", name)
    for name in _OF_A_KERNEL:
        if name in _NOT_HERE or shell.find_line_magic(name) is None:
            shell.register_magic_function(ipython.nothing, "line", name)


def _another(name: str, tells: Tells) -> Callable[[str, str], None]:
    def magic(line: str, cell: str) -> None:
        tells(f"%%{name} {line}".strip())

    return magic

"""Cells of one notebook that ask for IPython's shell, in their order, and what each would earn of two points in a kernel."""

from tests.notebooks.parity import Graded

MAGICS = {
    "a variable of the environment": Graded("import os\n%env SAID=two words\nassert os.environ['SAID'] == 'two words'"),
    "asked for": Graded("x = %env SAID\nassert x == 'two words'"),
    "set from a name": Graded("n = 3\n%set_env SAID={n + 1}\nassert os.environ['SAID'] == '4'"),
    "all of them": Graded("assert (lambda d: isinstance(d, dict) and d['SAID'] == '4')(get_ipython().ev('%env'))", 0),
    "one that is not there": Graded("%env OF_NOBODY\nbehind = 1", 0),
    "ends the cell": Graded("assert 'behind' not in globals()"),
    "in a function": Graded("def f():\n    %env SAID=7\n    return os.environ['SAID']\nassert f() == '7'"),
    "in a block": Graded("for n in range(3):\n    %env SAID={n}\nassert os.environ['SAID'] == '2'"),
    "without its sign": Graded("env SAID=9"),
    "does the same": Graded("assert os.environ['SAID'] == '9'"),
    "a file": Graded(
        "%%writefile helper.py\nimport sys\nname, args, there = __name__, sys.argv[1:], globals().get('n')\n"
    ),
    "is imported": Graded("import helper\nassert helper.name == 'helper'"),
    "is run": Graded("%run helper.py a b\nassert (name, args, there) == ('__main__', ['a', 'b'], None)"),
    "among the names that are there": Graded("%run -i helper\nassert there == 2"),
    "more of it": Graded("%%file -a helper.py\nmore = 1\n"),
    "is there when it is read anew": Graded("import importlib\nassert importlib.reload(helper).more == 1"),
    "a program that is not there": Graded("%run missing.py", 0),
    "a program that fails": Graded("%%writefile fails.py\nkept = 1\n1 / 0"),
    "is seen to": Graded("%run fails.py", 0),
    "and has kept what it had": Graded("assert kept == 1"),
    "time of a line": Graded("%time timed = sum(range(10))\nassert timed == 45"),
    "of a cell": Graded("%%time\ntimed = 7\n0.5", 0.5),
    "of a cell that waits": Graded("%%time\nimport asyncio\nawait asyncio.sleep(0)", 0),
    "many times": Graded("r = %timeit -o -n 10 -r 3 f()\nassert r.loops == 10 and len(r.all_runs) == 3"),
    "leaves no names": Graded("%%timeit -n1 -r1\nleft = 1\n"),
    "none": Graded("assert 'left' not in globals()"),
    "what is printed": Graded("%%capture said\nprint('a'); display(3)\ninside = 4"),
    "is kept": Graded("assert said.stdout == 'a\\n' and len(said.outputs) == 1 and inside == 4"),
    "other texts": Graded("%%html\n<b>1</b>"),
    "of other kinds": Graded("%%javascript\nx = 1"),
    "an unknown one": Graded("%no_such_magic\nbehind = 1", 0),
    "of a cell too": Graded("%%no_such_magic\nbehind = 1", 0),
    "which is not run": Graded("assert 'behind' not in globals()"),
    "one of one's own": Graded(
        "from IPython.core.magic import register_cell_magic, register_line_magic\n"
        "@register_line_magic\ndef twice(line): return 2 * int(line)\n"
        "@register_cell_magic\ndef skip(line, cell): return None\nx = %twice 4\nassert x == 8"
    ),
    "that skips": Graded("%%skip\nbehind = 1"),
    "skips": Graded("assert 'behind' not in globals()"),
    "an extension of one's own": Graded(
        "open('own.py', 'w').write('def load_ipython_extension(shell):\\n    shell.user_ns[\"loaded\"] = 1\\n')\n"
        "%load_ext own\nassert loaded == 1"
    ),
    "no extension": Graded("%load_ext no_such_extension", 0),
    "modules read anew": Graded("%load_ext autoreload\n%autoreload 2\nimport own"),
    "when they are changed": Graded("open('own.py', 'a').write('changed = 1\\n');"),
    "without a word": Graded("assert own.changed == 1"),
    "the shell runs a cell": Graded(
        "r = get_ipython().run_cell('ran = 1\\nran + 1')\nassert r.result == 2 and ran == 1"
    ),
    "and tells what failed": Graded("r = get_ipython().run_cell('1 / 0')", 0),
    "in its answer": Graded("assert isinstance(r.error_in_exec, ZeroDivisionError)"),
    "runs a line": Graded("get_ipython().ex('ran = 5')\nassert get_ipython().ev('ran + 1') == 6"),
    "takes names": Graded("get_ipython().push({'ran': 7})\nassert ran == 7 == get_ipython().user_ns['ran']"),
    "knows magics": Graded(
        "assert get_ipython().find_line_magic('time') and not get_ipython().find_line_magic('nobodys')"
    ),
    "runs one by its name": Graded("get_ipython().run_line_magic('env', 'SAID=5')\nassert os.environ['SAID'] == '5'"),
    "has an answer for it": Graded("names = %who_ls int\nassert 'ran' in names"),
    "is a kernel's": Graded(
        "assert type(get_ipython()).__name__ == 'ZMQInteractiveShell' and get_ipython().has_trait('kernel')"
    ),
    "counts": Graded("assert get_ipython().execution_count == len(In)"),
    "is told of cells": Graded("heard = []\nget_ipython().events.register('post_run_cell', lambda r: heard.append(1))"),
    "and tells": Graded("assert heard == [1]"),
    "names that are kept": Graded("stored = 5\n%store stored\ndel stored\n%store -r stored\nassert stored == 5"),
    "names that are gone": Graded("gone = 1\n%xdel gone\nassert 'gone' not in globals()"),
    "a part of what was run": Graded("%macro last 1\nassert 'SAID' in last.value"),
    "what is displayed has a handle": Graded(
        "shown = display(1, display_id=True)\nshown.update(2)\nassert shown.display_id"
    ),
    "a part of IPython's": Graded("from IPython.lib.pretty import pretty\nassert pretty([1]) == '[1]'"),
    "each value of a cell": Graded("%config InteractiveShell.ast_node_interactivity = 'all'"),
    "is shown": Graded("0.5\n1.5", 0.5),
    "or the last one": Graded("%config InteractiveShell.ast_node_interactivity = 'last_expr'"),
    "a folder of another shell's": Graded("!mkdir -p out/in\n!touch out/a1.txt\nassert os.listdir('out/in') == []"),
    "a line of its": Graded("said = !echo one   two\nassert said == ['one two'] == said.l and said.n == 'one two'"),
    "files of its": Graded(
        "!cp out/a1.txt out/a2.txt\nnames = !ls out/*.txt\nassert names == ['out/a1.txt', 'out/a2.txt']"
    ),
    "a text of its": Graded(
        "open('out/a3.txt', 'w').write('a\\nb\\n')\ndef read(name):\n    lines = !cat $name\n    return lines\n"
        "assert read('out/a3.txt') == ['a', 'b']"
    ),
    "moved and gone": Graded("!mv out/a3.txt out/in\n!rm out/a1.txt\nassert os.path.exists('out/in/a3.txt')"),
    "by an alias": Graded("%mkdir other\n%cp out/in/a3.txt other\n%rm out/a2.txt\nassert os.listdir('out') == ['in']"),
    "in a cell": Graded("%%sx\necho a"),
    "with an answer": Graded("assert _ == ['a']"),
    "the folder": Graded("%pwd\nos.mkdir('below')\n%cd below"),
    "is another": Graded("assert os.path.basename(os.getcwd()) == 'below' == os.path.basename(_dh[-1])"),
}
# a command of another shell does nothing here, and the cell goes on
PROCESSES = {
    "!ls": "",
    "!mkdir -p out": "",
    "!mkdir": "!mkdir",
    "!cat missing.txt > a.txt": "!cat missing.txt > a.txt",
    "there = !ls *": "!ls *",
    "books = !ls *.ipynb": "!ls *.ipynb",
    "!rm -rf out": "!rm -rf out",
    "files = !ls": "!ls",
    "!echo 1 > a.txt": "!echo 1 > a.txt",
    "%pip install nobodys-package": "pip install nobodys-package",
    "%%bash\nls": "%%bash",
    "%%script python\n1": "%%script python",
    "get_ipython().system('make')": "!make",
}

"""What a notebook can do so that a kernel says something else than what was found. Each stands above a solution that is none,
of first-await.
"""

TRICKS = {
    "input transformer": """\
        def everything_is_right(lines):
            return ["4.0"] if any("earned" in line for line in lines) else lines
        get_ipython().input_transformers_post.append(everything_is_right)
        get_ipython().input_transformers_cleanup.append(everything_is_right)
    """,
    "display hook": """\
        import sys
        sys.displayhook = lambda value: print(10.0)
        get_ipython().display_formatter.format = lambda *a, **k: ({"text/plain": "4.0"}, {})
    """,
    "__eq__": """\
        class Same(list):
            def __eq__(self, other):
                return True
            def __hash__(self):
                return 0
        async def greet_twice(say_after, name):
            await say_after(1, f"hello {name}")
            await say_after(2, f"goodbye {name}")
            return Same()
    """,
    "builtins": """\
        import builtins
        builtins.float = builtins.min = lambda *a, **k: 4.0
    """,
    "the grader's own functions": """\
        import grader.notebooks, grader.notebooks.practice, grader.notebooks.marking
        grader.notebooks.practice.earned = grader.notebooks.earned = grader.notebooks.marking.score = lambda *a, **k: 4.0
    """,
    "the gradebook": """\
        import sqlite3
        book = sqlite3.connect("../../../gradebook.db", timeout=20)
        book.execute("UPDATE grade SET manual_score = 10")
        book.commit()
    """,
}

# what a kernel itself does not live through
MORE = {
    "builtins that everybody needs": """\
        import builtins
        builtins.float = builtins.repr = builtins.print = builtins.min = lambda *a, **k: 10.0
        builtins.__import__ = lambda *a, **k: None
    """,
}

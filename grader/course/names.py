"""Names that are the same in every course: of its files, and of what an exercise's operations may stand for or fail with."""

COURSE, EXERCISE, HIDDEN, WORLD = "course.yaml", "exercise.yaml", "hidden.yaml", "world.py"
SLEEP = "asyncio.sleep"
OVERLOADED = "Overloaded"

"""The tables of a gradebook as they are now; how an older one comes to be so stands in `migrations`.

Rows are added and never taken away. What counts among them is said by a column, and a unique index keeps it one.
Moments are texts in UTC, all of one length (`moments`), so they sort as they are and read the same in every database.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

# `name` is the id that a platform or a roster gives. `called` and `email`: the name and the address that were last told for
# it, null where none ever was. `untaken`: what they handed in for the last run, in words, if nothing of it could be graded.
learners = Table(
    "learners",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("called", Text),
    Column("email", Text),
    Column("untaken", Text),
    UniqueConstraint("name", name="one_learner_a_name"),
)

# What was handed in: the nth attempt of a learner on an exercise. `sha256` is empty where the file could not be read,
# `submitted` null where nobody knows when; `seen` is when the grader first met it.
# `late` is the platform's own flag, null where it has none.
submissions = Table(
    "submissions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("learner_id", ForeignKey("learners.id"), nullable=False),
    Column("exercise", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("submitted", Text),
    Column("seen", Text, nullable=False),
    Column("late", Boolean),
    Index("submissions_of_a_learner", "learner_id", "exercise"),
    Index("submissions_of_an_exercise", "exercise"),
)

# What was handed in under another name, of a learner or of an exercise, and the submission that it is at the name of now.
followed = Table(
    "followed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False),
    Column("copy_id", ForeignKey("submissions.id"), nullable=False),
    UniqueConstraint("submission_id", "copy_id", name="one_follows_once"),
)

# One verdict for a key; further rounds are regrades. One that is not `final` is graded again the next time.
verdicts = Table(
    "verdicts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("exercise", Text, nullable=False),
    Column("course", Text, nullable=False),
    Column("grader", Text, nullable=False),
    Column("seed", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("final", Boolean, nullable=False),
    Column("isolation", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("points", Float, nullable=False),
    Column("max_points", Float, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("made", Text, nullable=False),
    UniqueConstraint("exercise", "sha256", "seed", "course", "grader", "round", name="one_verdict_a_key_and_round"),
)

# Which verdicts a submission has had, in their order; the one that `counts` is one at most.
gradings = Table(
    "gradings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False),
    Column("verdict_id", ForeignKey("verdicts.id"), nullable=False),
    Column("counts", Boolean, nullable=False),
    Column("given", Text, nullable=False),
    Index("gradings_of_a_submission", "submission_id"),
    Index(
        "one_grading_counts",
        "submission_id",
        unique=True,
        sqlite_where=text("counts"),
        postgresql_where=text("counts"),
    ),
)

# Scores set by hand. The last row of a learner and an exercise is the one that holds; null points take it back.
# `max_points`: how many the exercise had then, null where that is not known. `follows`: the row that this one is a copy of,
# which was set under another name of the learner or of the exercise.
scores = Table(
    "scores",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("learner_id", ForeignKey("learners.id"), nullable=False),
    Column("exercise", Text, nullable=False),
    Column("points", Float),
    Column("comment", Text, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", Text, nullable=False),
    Column("max_points", Float),
    Column("follows", Integer),
    Index("scores_of_a_learner", "learner_id", "exercise"),
)

# The extensions that runs have named: for an exercise, a unit, or all of it (""). The last row of a learner and what it is for
# tells what they had, in words; null `said` says that it was in the list no more. Nothing counts by this.
extensions = Table(
    "extensions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("learner_id", ForeignKey("learners.id"), nullable=False),
    Column("exercise", Text, nullable=False),
    Column("said", Text),
    Column("given", Text, nullable=False),
    Index("extensions_of_a_learner", "learner_id", "exercise"),
)

# Which of several attempts runs were told to count, by exercise: first, last or best. The last row of an exercise is what was
# named last. Nothing counts by this.
choices = Table(
    "choices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("exercise", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("given", Text, nullable=False),
    Index("choices_on_an_exercise", "exercise"),
)

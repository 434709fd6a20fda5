"""Learners, what they handed in, and the verdicts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "learners",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.UniqueConstraint("name", name="one_learner_a_name"),
    )
    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("learner_id", sa.Integer, sa.ForeignKey("learners.id"), nullable=False),
        sa.Column("exercise", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("submitted", sa.Text),
        sa.Column("seen", sa.Text, nullable=False),
    )
    op.create_index("submissions_of_a_learner", "submissions", ["learner_id", "exercise"])
    op.create_index("submissions_of_an_exercise", "submissions", ["exercise"])
    _create_verdicts()
    _create_gradings()


def _create_verdicts() -> None:
    key = ("exercise", "sha256", "seed", "course", "grader", "round")
    op.create_table(
        "verdicts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("exercise", sa.Text, nullable=False),
        sa.Column("course", sa.Text, nullable=False),
        sa.Column("grader", sa.Text, nullable=False),
        sa.Column("seed", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("final", sa.Boolean, nullable=False),
        sa.Column("isolation", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("points", sa.Float, nullable=False),
        sa.Column("max_points", sa.Float, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("made", sa.Text, nullable=False),
        sa.UniqueConstraint(*key, name="one_verdict_a_key_and_round"),
    )


def _create_gradings() -> None:
    op.create_table(
        "gradings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("submission_id", sa.Integer, sa.ForeignKey("submissions.id"), nullable=False),
        sa.Column("verdict_id", sa.Integer, sa.ForeignKey("verdicts.id"), nullable=False),
        sa.Column("counts", sa.Boolean, nullable=False),
        sa.Column("given", sa.Text, nullable=False),
    )
    op.create_index("gradings_of_a_submission", "gradings", ["submission_id"])
    op.create_index(
        "one_grading_counts",
        "gradings",
        ["submission_id"],
        unique=True,
        sqlite_where=sa.text("counts"),
        postgresql_where=sa.text("counts"),
    )

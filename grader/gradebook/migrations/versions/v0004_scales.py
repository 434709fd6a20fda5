"""How many points an exercise had when a score was set, what followed to another name, and who an id was."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_KNOWN_THEN = """
UPDATE scores SET max_points = (
    SELECT verdicts.max_points FROM verdicts
    WHERE verdicts.exercise = scores.exercise AND verdicts.made <= scores.set_at
    ORDER BY verdicts.made DESC, verdicts.id DESC LIMIT 1
) WHERE points IS NOT NULL
"""

# It may have been given others between that verdict and the score; the first verdict after the score tells.
_IF_STILL_THOSE = """
UPDATE scores SET max_points = NULL WHERE max_points <> COALESCE((
    SELECT verdicts.max_points FROM verdicts
    WHERE verdicts.exercise = scores.exercise AND verdicts.made > scores.set_at
    ORDER BY verdicts.made, verdicts.id LIMIT 1
), -1)
"""

# Then the exercise had others already, and no verdict says how many.
_NOT_THOSE = "UPDATE scores SET max_points = NULL WHERE max_points < points"


def upgrade() -> None:
    op.add_column("scores", sa.Column("max_points", sa.Float))
    op.execute(_KNOWN_THEN)
    op.execute(_IF_STILL_THOSE)
    op.execute(_NOT_THOSE)
    op.add_column("scores", sa.Column("follows", sa.Integer))
    op.create_table(
        "followed",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("submission_id", sa.Integer, sa.ForeignKey("submissions.id"), nullable=False),
        sa.Column("copy_id", sa.Integer, sa.ForeignKey("submissions.id"), nullable=False),
        sa.UniqueConstraint("submission_id", "copy_id", name="one_follows_once"),
    )
    op.add_column("learners", sa.Column("called", sa.Text))
    op.add_column("learners", sa.Column("email", sa.Text))

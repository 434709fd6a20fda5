"""Who had more time in the runs before."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "extensions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("learner_id", sa.Integer, sa.ForeignKey("learners.id"), nullable=False),
        sa.Column("exercise", sa.Text, nullable=False),
        sa.Column("said", sa.Text),
        sa.Column("given", sa.Text, nullable=False),
    )
    op.create_index("extensions_of_a_learner", "extensions", ["learner_id", "exercise"])

"""Which of several attempts runs were told to count."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "choices",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("exercise", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("given", sa.Text, nullable=False),
    )
    op.create_index("choices_on_an_exercise", "choices", ["exercise"])

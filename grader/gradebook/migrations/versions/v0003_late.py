"""Whether the platform itself called a submission late."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("submissions", sa.Column("late", sa.Boolean))

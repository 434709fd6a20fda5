"""What learners handed in of which nothing could be made."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("learners", sa.Column("untaken", sa.Text))

"""What Alembic runs: the changes go through the connection of the caller, in the caller's transaction."""

from alembic import context

from grader.gradebook.tables import metadata
from grader.gradebook.upgrade import TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=TABLE,
    transactional_ddl=True,
)
context.run_migrations()

"""`grader notebooks`: the course in Jupyter."""

import click

from grader.cli.notebooks_extract import extract


@click.group("notebooks", short_help="Notebooks into exercise files, and back.")
def command() -> None:
    """The course in Jupyter."""


command.add_command(extract)

"""`grader schema`: the JSON Schema of a course's files, for editors, and of exported grades, for programs."""

import click


@click.command("schema", short_help="Print the JSON Schema of a course's files.")
@click.argument("kind", type=click.Choice(["exercise", "course", "hidden", "grades"]), default="exercise")
def command(kind: str) -> None:
    """Print the JSON Schema of exercise.yaml, course.yaml or hidden.yaml, or of what `grader export --format json` writes.

    \b
    grader schema > exercise.schema.json
    grader schema course
    """
    import json

    from grader.course.schema import schema_of
    from grader.exports.record import grades_schema

    schema = grades_schema() if kind == "grades" else schema_of(kind)
    click.echo(json.dumps(schema, indent=2, ensure_ascii=False))

"""`grader schema`: the JSON Schema of a course's files, for editors."""

import click


@click.command("schema", short_help="Print the JSON Schema of a course's files.")
@click.argument("kind", type=click.Choice(["exercise", "course", "hidden"]), default="exercise")
def command(kind: str) -> None:
    """Print the JSON Schema of exercise.yaml, course.yaml or hidden.yaml.

    \b
    grader schema > exercise.schema.json
    grader schema course
    """
    import json

    from grader.course.schema import schema_of

    click.echo(json.dumps(schema_of(kind), indent=2, ensure_ascii=False))

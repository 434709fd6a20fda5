"""Per exercise: how many have it, which checks hold them up, and which misconceptions were seen, by count."""

from collections import Counter
from collections.abc import Sequence

from grader.feedback.grades import Column, Grades
from grader.feedback.markup import Html, joined, tag
from grader.verdict import Verdict

_Check = tuple[str, str]


def exercises(book: Grades) -> Html:
    return tag("section", tag("h2", "Exercises"), *(_exercise(book, column) for column in book.columns), id="exercises")


def _exercise(book: Grades, column: Column) -> Html:
    lines = book.of_exercise(column.slug)
    marked = [line.verdict for line in lines if line.verdict is not None and line.standing != "error"]
    passed = sum(verdict.status == "passed" for verdict in marked)
    summary = tag(
        "summary",
        tag("span", column.title, class_="name"),
        tag("code", column.slug),
        _meter(passed, len(marked)),
        tag("span", f"{passed} of {len(marked)} have full marks", class_="said"),
    )
    return tag("details", summary, _inside(marked), id=f"exercise-{column.slug}", class_="card")


def _inside(marked: Sequence[Verdict]) -> Html:
    if not marked:
        return tag("p", "Nothing was handed in.", class_="quiet")
    return tag("div", _checks(marked), _misconceptions(marked), class_="pair")


def _checks(marked: Sequence[Verdict]) -> Html:
    results = [_held(verdict) for verdict in marked]
    several = len({entry for held in results for entry, _ in held}) > 1
    head = tag("tr", tag("th", "Check", scope="col"), tag("th", "Holds for", scope="col"))
    rows = [_check(check, results, several) for check in dict.fromkeys(check for held in results for check in held)]
    return tag("table", tag("thead", head), tag("tbody", *rows), class_="list")


def _held(verdict: Verdict) -> dict[_Check, bool]:
    """Whether each check held in every case that has its entry."""
    held: dict[_Check, bool] = {}
    for check in verdict.checks:
        key = (check.entry, check.id)
        held[key] = held.get(key, True) and check.status == "passed"
    return held


def _check(check: _Check, results: Sequence[dict[_Check, bool]], several: bool) -> Html:
    asked = [held[check] for held in results if check in held]
    name = joined(tag("code", check[1]), tag("small", f" in {check[0]}") if several else None)
    said = tag("span", f"{sum(asked)} of {len(asked)}", class_="said")
    return tag("tr", tag("th", name, scope="row"), tag("td", _meter(sum(asked), len(asked)), said))


def _misconceptions(marked: Sequence[Verdict]) -> Html:
    said = {verdict.explanation.id: verdict.explanation.says for verdict in marked if verdict.explanation}
    counts = Counter(verdict.explanation.id for verdict in marked if verdict.explanation)
    if not counts:
        return tag("p", "No misconception was recognised.", class_="quiet")
    head = tag("tr", tag("th", "Misconception", scope="col"), tag("th", "Learners", scope="col"))
    rows = [
        tag(
            "tr",
            tag("th", tag("code", name), tag("p", said[name]), scope="row"),
            tag("td", str(count), class_="number"),
        )
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    return tag("table", tag("thead", head), tag("tbody", *rows), class_="list")


def _meter(part: int, whole: int) -> Html:
    share = 100 * part / whole if whole else 0
    return tag("span", tag("i", style=f"width:{share:.1f}%"), class_="meter", aria_hidden="true")

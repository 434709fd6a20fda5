"""The report: one page, whole, and safe to open."""

from html.parser import HTMLParser

from grader.feedback.grades import Column, Grades, Line, grades
from grader.report.page import page
from tests.feedback.test_text import one_entry_stopped
from tests.report.conftest import verdict

VOID = {"meta", "br", "hr", "col"}


class Reader(HTMLParser):
    """Reads a page strictly: every tag that opens must close, in order."""

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_every_tag_that_opens_closes(book: Grades) -> None:
    assert Reader(page(book)).named("html") == [{"lang": "en"}]


def test_nothing_from_a_learner_is_markup(book: Grades) -> None:
    read = Reader(page(book))
    assert read.named("script") == []
    assert read.named("img") == []
    assert "<script>alert('name')</script>" in read.text
    assert "</pre><img src=x onerror=alert(1)>" in read.text
    assert not [name for _, attributes in read.tags for name in attributes if name.startswith("on")]


def test_the_page_may_load_and_run_nothing(book: Grades) -> None:
    policy = {"http-equiv": "Content-Security-Policy"}
    policy["content"] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    read = Reader(page(book))
    assert read.tags[3] == ("meta", policy)
    assert not [attributes for _, attributes in read.tags if "src" in attributes]
    assert "url(" not in page(book)
    assert "@import" not in page(book)


def test_links_lead_to_ids_of_the_page_or_to_documentation(book: Grades) -> None:
    read = Reader(page(book))
    ids = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [link["href"] or "" for link in read.named("a")]
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert all(link.startswith(("#", "https://docs.python.org/")) for link in links)


def test_tables_say_what_their_headers_head(book: Grades) -> None:
    heads = Reader(page(book)).named("th")
    assert {head.get("scope") for head in heads} == {"col", "row"}


def test_pictures_have_names(book: Grades) -> None:
    pictures = Reader(page(book)).named("svg")
    assert {picture["aria-label"] for picture in pictures} == {"What this program did", "What is possible"}
    assert {picture["role"] for picture in pictures} == {"img"}


def test_the_first_link_skips_to_the_results(book: Grades) -> None:
    read = Reader(page(book))
    assert read.named("a")[0] == {"href": "#results", "class": "skip"}
    assert read.named("main") == [{"id": "results"}]


def test_values_of_hidden_cases_are_not_in_it(book: Grades) -> None:
    text = page(book)
    assert "zq17" not in text
    assert "ab12&#x27;" not in text
    assert "hidden case drawn: its values are not shown" in text


def test_an_entry_that_was_stopped_stands_above_the_checks_of_the_one_that_is_shown() -> None:
    stopped = one_entry_stopped(verdict("sequential"))
    columns = [Column("say-after", "Say after", 10)]
    shown = page(grades("c", columns, ["ann"], [Line("ann", "say-after", "a.py", "ab" * 32, stopped)]))
    crash = shown.index("in one_after_the_other: your program waits for something that can never come")
    assert crash < shown.index("Not yet right")
    assert shown.count("waits for something that can never come") == 1


def test_what_could_not_be_graded_is_said(book: Grades) -> None:
    text = Reader(page(book)).text
    assert "Grading was interrupted: 1 file was not graded." in text
    assert "ann/<b>.txt" in text
    assert "The grader failed here, not the learner." in text


def test_learners_come_in_order_with_their_totals(book: Grades) -> None:
    text = page(book)
    order = [text.index(f">{name}<small>") for name in ("ann", "bob", "carla", "Émile", "zoe", "李小龍")]
    assert order == sorted(order)
    assert "bob<small>9 of 30 points</small>" in text


def test_an_exercise_counts_checks_and_misconceptions(book: Grades) -> None:
    text = page(book)
    assert "await-await-thought-parallel</code><p>It took first + second." in text
    assert "1 of 7 have full marks" in text


def test_the_order_of_grading_leaves_no_trace(book: Grades) -> None:
    shuffled = grades(
        book.course, book.columns, reversed(book.learners), reversed(book.lines), book.strays, book.waiting
    )
    assert page(shuffled) == page(book)


def test_an_empty_class_is_a_page_too() -> None:
    assert "<h1>nobody</h1>" in page(grades("nobody", [], [], []))

"""nbgrader's own autograde on what was built: who is right has the points, and nobody earns any by what a kernel believes."""

from tests.notebooks.classroom import FIRST, SAY, Classroom


def test_who_is_right_has_all_points(room: Classroom) -> None:
    room.hand_in("ann", first_await=FIRST, say_after=SAY)
    room.autograde("ann")
    assert room.scores("ann") == {"first-await": 10.0, "say-after": 10.0}
    assert "first-await: 10 of 10 points" in room.said("ann", "first-await")


def test_what_was_handed_out_and_not_touched_earns_nothing(room: Classroom) -> None:
    room.hand_in("bob")
    room.autograde("bob")
    assert room.scores("bob") == {"first-await": 0.0, "say-after": 0.0}

"""Where a numbered thing stands in a set."""

from grader.clock.places import place


def test_one_salt_gives_one_order_and_no_two_places_alike() -> None:
    places = [place(number, 7) for number in range(-100, 1000)]
    assert places == [place(number, 7) for number in range(-100, 1000)]
    assert len(set(places)) == len(places)


def test_a_place_is_a_hash_that_python_takes_as_it_is() -> None:
    assert all(0 <= place(number, 2**64 - 1) < 2**60 for number in range(1000))


def test_of_two_things_either_comes_first_under_half_of_the_salts() -> None:
    first = sum(place(1, salt) % 8 < place(2, salt) % 8 for salt in range(1000))
    last = sum(place(1, salt) % 8 > place(2, salt) % 8 for salt in range(1000))
    assert 350 < first < 550
    assert 350 < last < 550


def test_a_place_is_the_same_on_every_machine() -> None:
    assert [place(1, 0), place(2, 0), place(1, 1)] == [1018388026041162970, 497517907637147231, 653201023700051404]

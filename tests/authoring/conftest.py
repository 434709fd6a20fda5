"""A small course that can be spoiled in one place."""

from tests.course.conftest import folder as folder
from tests.course.conftest import spoil as spoil

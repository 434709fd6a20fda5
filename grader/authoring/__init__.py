"""For those who write exercises: the proof that a course holds what it promises."""

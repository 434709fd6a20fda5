"""Grading: an exercise and a submission give a verdict, and nothing else is kept."""

from grader.grading.judge import grade, grade_with

__all__ = ["grade", "grade_with"]

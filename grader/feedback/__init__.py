"""Feedback: a verdict in words and pictures, for a terminal and for a page."""

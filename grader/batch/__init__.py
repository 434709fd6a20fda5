"""A class: its files taken in, graded on all cores, and written down."""

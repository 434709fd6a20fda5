"""Event loops on virtual time: what they share, the one that stands alone, the one with a real outside, time by hand."""

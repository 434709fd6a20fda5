"""Threads on the clock: who takes part and whose turn it is, what they wait for, and how they are interrupted."""

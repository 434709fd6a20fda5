"""A learner's file checked anew each time it is saved: what changed, which keys were pressed, and what is shown for it.

What it waits with, the files, the keys and the process that checks are given to it, so all that it decides can be played.
"""

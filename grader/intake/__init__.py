"""From what was handed in to what is graded: layouts of downloads, archives, notebooks, a roster, several attempts.

Nothing outside the folders that were named is read, and every file met is taken or listed with the reason.
"""

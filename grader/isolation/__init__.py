"""Isolation: a stranger's program in a process that can do nothing but compute and speak through one socket.

Linux only, and of the standard library only, since all of it lies in the memory of the process that the program gets.
"""

IN_PROCESS = "in-process"
ISOLATIONS = (IN_PROCESS, "child", "A", "B", "none")  # what can be asked for; `child` is the best level that can be had

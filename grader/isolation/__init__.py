"""Isolation: a stranger's program in a process that can do nothing but compute and speak through one socket.

Linux only, and of the standard library only, since all of it lies in the memory of the process that the program gets.
"""

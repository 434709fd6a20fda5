"""The ends of runs that had to be stopped, or that stopped their process: nobody knows what would have come."""

from grader.door.messages import AT_IMPORT

RUNAWAY = frozenset({"busy_loop", "livelock", "virtual_limit", "time_out", "died"}).union(AT_IMPORT.values())

TIME_OUTS = frozenset({"time_out", AT_IMPORT["time_out"]})

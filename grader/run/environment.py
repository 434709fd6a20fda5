"""The environment of every process that runs a learner's program: the same on each machine, and nothing of anybody's."""

# one arena: each thread's own would take a quarter of the address space that a job may have. And no threads of numpy's,
# of which there is one for each processor, with 32 MB: where there are many it could not be imported
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",
    "OMP_NUM_THREADS": "1",
}

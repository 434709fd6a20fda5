"""More than one machine: chunks of work for the workers of a dask.distributed cluster, which are trusted as this machine is.

Nothing that a submission made is ever unpickled: its verdict comes back as JSON, decoded strictly.
"""

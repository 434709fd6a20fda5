"""The modules of CPython's tests of asyncio that are played on the loop, and those that are not, with the reason."""

# name: how many of its tests build the loop, at least, on every supported Python
PLAYED = {
    "test_base_events": 50,
    "test_buffered_proto": 1,
    "test_context": 1,
    "test_eager_task_factory": 35,
    "test_events": 200,
    "test_futures2": 3,
    "test_locks": 65,
    "test_queues": 40,
    "test_runners": 0,
    "test_sendfile": 55,
    "test_server": 2,
    "test_sock_lowlevel": 35,
    "test_ssl": 20,
    "test_sslproto": 20,
    "test_staggered": 5,
    "test_streams": 60,
    "test_subprocess": 110,
    "test_taskgroups": 30,
    "test_tasks": 240,
    "test_threads": 6,
    "test_timeouts": 30,
    "test_unix_events": 45,
    "test_waitfor": 14,
}
SINCE = {"test_eager_task_factory": "3.12", "test_staggered": "3.13"}  # the first Python that has it

# they need nothing from outside, so they are played on a loop that stands alone as well, which takes its turns another way
ALONE = (
    "test_context",
    "test_eager_task_factory",
    "test_futures2",
    "test_locks",
    "test_queues",
    "test_staggered",
    "test_taskgroups",
    "test_tasks",
    "test_threads",
    "test_timeouts",
    "test_waitfor",
)
KINDS = [("outside", module) for module in PLAYED] + [("alone", module) for module in ALONE]

NOT_PLAYED = {
    "test_futures": "builds no loop: it has loops of its own that stand still",
    "test_pep492": "builds no loop",
    "test_proactor_events": "about the inside of another loop",
    "test_protocols": "builds no loop",
    "test_selector_events": "about the inside of asyncio's own loop, on sockets that are mock objects",
    "test_transports": "builds no loop",
    "test_windows_events": "about the inside of another loop",
    "test_windows_utils": "builds no loop",
}

"""What the clock relies on in the standard library beyond its documentation: each name, who relies on it, and why."""

from typing import NamedTuple


class Reliance(NamedTuple):
    """`of` is the module in `grader/clock`; `why` completes "relies on it: ..."; a name is `module:dotted`."""

    of: str
    why: str
    names: tuple[str, ...]


def _in(where: str, names: str) -> tuple[str, ...]:
    return tuple(where + name for name in names.split())


_LOOP = "asyncio.base_events:BaseEventLoop."
_SELECTOR = "asyncio.selector_events:BaseSelectorEventLoop."
_UNIX = "asyncio.unix_events:_UnixSelectorEventLoop."

RELIED_ON = (
    Reliance(
        "loops/outside",
        "the start and the end of a loop are put off or left out",
        _in(_LOOP, "__init__ close run_in_executor")
        + _in(_SELECTOR, "__init__ close _make_self_pipe _close_self_pipe _process_events")
        + _in(_UNIX, "__init__ close _make_subprocess_transport"),
    ),
    Reliance(
        "loops/light",
        "what it makes is made once, for all loops",
        (
            *_in(_LOOP, "__init__ close _asyncgen_firstiter_hook _asyncgen_finalizer_hook shutdown_asyncgens"),
            "asyncio.coroutines:_is_debug_mode",
            "os:_Environ.__contains__",
        ),
    ),
    Reliance(
        "loops/memory",
        "it is called with sockets that are in memory",
        _in(_LOOP, "create_connection _create_connection_transport start_tls sendfile subprocess_exec subprocess_shell")
        + _in(_SELECTOR, "sock_connect sock_recv sock_recv_into sock_sendall add_reader remove_reader remove_writer")
        + _in(_SELECTOR, "_add_reader _remove_reader _add_writer _remove_writer _ensure_fd_no_transport _start_serving")
        + _in(_SELECTOR, "_accept_connection _accept_connection2 _make_ssl_transport")
        + _in("asyncio.base_events:", "Server _check_ssl_socket"),
    ),
    Reliance(
        "world/transports",
        "its transports are asyncio's, and have no loop any more once a connection is lost",
        _in("asyncio.selector_events:", "_SelectorTransport _SelectorSocketTransport"),
    ),
    Reliance(
        "loops/memory",
        "its sockets are made in memory instead",
        _in(_LOOP, "_connect_sock create_server _ensure_resolved _make_subprocess_transport")
        + _in(_UNIX, "create_unix_connection create_unix_server"),
    ),
    Reliance(
        "world/programs",
        "the parent's side of a program is asyncio's own",
        _in(
            "asyncio.", "base_subprocess:BaseSubprocessTransport subprocess:SubprocessStreamProtocol subprocess:Process"
        ),
    ),
    Reliance(
        "loops/core",
        "it is replaced by one that does the same in virtual time",
        _in(_LOOP, "_run_once"),
    ),
    Reliance(
        "loops/scheduling",
        "it is replaced by one that does the same in virtual time",
        _in(_LOOP, "call_soon call_later call_at create_task create_future _timer_handle_cancelled _check_thread"),
    ),
    Reliance(
        "loops/core",
        "it is called, and calls back into the loop",
        _in(_LOOP, "run_forever run_until_complete _call_soon call_soon_threadsafe call_exception_handler")
        + _in(
            _LOOP, "_check_running _check_closed _check_thread _check_callback shutdown_default_executor _do_shutdown"
        ),
    ),
    Reliance(
        "loops/core",
        "its text is shown for a callback that failed",
        ("asyncio.format_helpers:_format_callback_source",),
    ),
    Reliance(
        "loops/watched",
        "its text is shown for a callback that was slow",
        _in("asyncio.base_events:", "_format_handle logger"),
    ),
    Reliance(
        "loops/scheduling",
        "who is run until complete stops the loop by it, and that is taken back when the run is ended",
        ("asyncio.base_events:_run_until_complete_cb",),
    ),
    Reliance(
        "reasons/going",
        "its timer wakes whoever waits in it",
        _in("asyncio.", "timeouts:Timeout.reschedule tasks:_wait tasks:_release_waiter"),
    ),
    Reliance(
        "loops/light",
        "it does nothing where there is nothing to be shut down",
        _in(_LOOP, "shutdown_asyncgens shutdown_default_executor"),
    ),
    Reliance(
        "loops/scheduling",
        "it only stops the loop, so the loop ends without it",
        ("asyncio.base_events:_run_until_complete_cb",),
    ),
    Reliance(
        "library/handlers",
        "it is replaced by one that asks less, and looked up by its name",
        _in("signal:", "_int_to_enum _enum_to_int signal getsignal"),
    ),
    Reliance("lines", "what it calls the loop was told to call", ("asyncio.events:Handle._run",)),
    Reliance(
        "loops/scheduling",
        "a sleeper is its own timer, and is woken without a turn of its own",
        ("asyncio.tasks:sleep", "asyncio.futures:_set_result_unless_cancelled"),
    ),
    Reliance(
        "loops/scheduling",
        "the future that it makes is in no set that a program sees",
        _in("asyncio.queues:Queue.", "get put")
        + _in("asyncio.locks:", "Lock.acquire Semaphore.acquire Event.wait Condition.wait"),
    ),
    Reliance(
        "handles",
        "handles are made without what only debug mode asks for",
        _in("asyncio.events:Handle.", "__slots__ __init__ cancel _run")
        + _in("asyncio.events:TimerHandle.", "__slots__ __init__ cancel"),
    ),
    Reliance(
        "surroundings",
        "new loops are on the clock of their thread",
        _in("asyncio.", "events:get_event_loop_policy events:new_event_loop events:on_fork tasks:as_completed")
        + _in(
            "asyncio.events:BaseDefaultEventLoopPolicy.", "__init__ get_event_loop set_event_loop new_event_loop _Local"
        ),
    ),
    Reliance(
        "threads/threads",
        "a thread takes its seat when it starts, and its turn before anything of the program's",
        _in("threading:Thread.", "__init__ start _bootstrap _bootstrap_inner join is_alive"),
    ),
    Reliance(
        "threads/threads",
        "it makes its locks by the names that are replaced",
        (
            *_in("threading:", "Condition.__init__ Semaphore.__init__ Event.__init__"),
            *("queue:Queue.__init__", "concurrent.futures._base:Future.__init__"),
        ),
    ),
    Reliance(
        "threads/real_locks",
        "what it took of its lock is looked up in that again",
        _in("threading:Condition.", "__init__ __enter__ wait _acquire_restore"),
    ),
    Reliance(
        "threads/pools",
        "a worker that waits for work there is idle",
        ("concurrent.futures.thread:_worker",),
    ),
    Reliance(
        "threads/aside",
        "threads give their turn away in it",
        _in("selectors:", "SelectSelector.select PollSelector.select EpollSelector.select")
        + _in("socket:socket.", "accept recv __mro__")
        + _in("ssl:SSLSocket.", "read write send do_handshake unwrap")
        + ("subprocess:Popen._try_wait",),
    ),
    Reliance(
        "threads/selects",
        "a loop of asyncio's own that runs in a thread waits in it",
        _in(_LOOP, "_run_once") + _in("selectors:", "SelectSelector.select PollSelector.select EpollSelector.select"),
    ),
    Reliance(
        "threads/transfers",
        "it is done by functions that stand in `os`, and are its defaults",
        _in("multiprocessing.connection:", "Connection._recv Connection._send wait"),
    ),
    Reliance(
        "threads/inside",
        "who serves in a thread that is on no clock stands in it",
        ("socketserver:BaseServer.serve_forever",),
    ),
    Reliance(
        "threads/semaphores",
        "it is built on a semaphore of C's",
        _in("multiprocessing.synchronize:", "SemLock.__enter__ SemLock._make_methods Condition.wait Event.wait"),
    ),
    Reliance(
        "library/timepatch",
        "the function that tells the time is its default",
        ("sched:scheduler.__init__", *_in("timeit:", "Timer.__init__ timeit repeat")),
    ),
    Reliance(
        "findings/cancels",
        "a group that cancels its own parent is told by its frame",
        _in("asyncio.taskgroups:TaskGroup.", "__aexit__ _on_task_done"),
    ),
    Reliance(
        "library/blocking",
        "whoever waits for a child comes to it, and the start of a child does not",
        _in("subprocess:", "run call Popen.wait Popen.communicate Popen._execute_child"),
    ),
    Reliance(
        "reasons/takers",
        "a lock that is free is taken at once, and by an async with in another function",
        _in("asyncio.locks:", "Lock.acquire Lock.release _ContextManagerMixin.__aenter__"),
    ),
    Reliance(
        "reasons/slots",
        "who takes a place of a semaphore, and gives it back, is noted around these",
        _in("asyncio.locks:", "Semaphore.acquire Semaphore.release _ContextManagerMixin.__aexit__")
        + _in("threading:Semaphore.", "acquire release __exit__"),
    ),
    Reliance(
        "reasons/jobs",
        "a job of a pool has its line from where it is made, and its worker is known by the frame of its run",
        _in("concurrent.futures.thread:", "_WorkItem.__init__ _WorkItem.run ThreadPoolExecutor.submit"),
    ),
    Reliance(
        "threads/adopted",
        "the jobs of a pool whose threads are elsewhere are given to another pool that is made like it",
        _in("concurrent.futures.thread:ThreadPoolExecutor.", "__init__ submit shutdown"),
    ),
    Reliance(
        "loops/generators",
        "what keeps the generators that have begun is another, which keeps their order",
        _in(_LOOP, "_asyncgen_firstiter_hook _asyncgen_finalizer_hook shutdown_asyncgens"),
    ),
    Reliance(
        "findings/strangers",
        "who uses these in a wrong thread is found around them",
        _in("asyncio.queues:Queue.", "put_nowait get_nowait task_done")
        + _in("asyncio.locks:", "Event.set Event.clear Lock.release Semaphore.release Condition.notify"),
    ),
    Reliance(
        "findings/origins",
        "a gather that is over is known by its callback, and what an executor's future becomes by its maker",
        _in("asyncio.", "tasks:gather futures:wrap_future"),
    ),
    Reliance(
        "findings/jobs",
        "who asks a future how it ended reads one attribute, and what asyncio takes over is known by its callback",
        (
            *_in("concurrent.futures._base:Future.", "__init__ result exception set_exception"),
            "concurrent.futures.thread:_WorkItem.run",
            "asyncio.futures:_chain_future",
        ),
    ),
    Reliance(
        "findings/deliveries",
        "a time-out whose body went on is told by its frames",
        _in("asyncio.timeouts:Timeout.", "__aexit__ _on_timeout"),
    ),
    Reliance(
        "findings/deliveries",
        "a task is shown with the coroutine that it is asked for, and not with the one that it runs",
        _in("asyncio.base_tasks:", "_task_repr _task_get_stack _task_print_stack"),
    ),
    Reliance(
        "reasons/waits",
        "what a task or thread waits for is read from its frame",
        _in("asyncio.", "queues:Queue.join locks:Barrier.wait tasks:_wait tasks:gather taskgroups:TaskGroup.__aexit__")
        + _in("asyncio.", "streams:StreamReader._wait_for_data futures:_chain_future tasks:_cancel_and_wait")
        + _in(_LOOP, "shutdown_default_executor")
        + _in("queue:Queue.", "get put join")
        + _in("threading:", "Condition.wait Event.wait Barrier.wait Semaphore.acquire")
        + ("concurrent.futures._base:Future.result",),
    ),
)

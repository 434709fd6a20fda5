"""Small programs that use asyncio, or Python, in ways that do not work: one way each, and what each Python says of it differs.

They are judged alike by every Python. What only some Pythons have (a new syntax, a new method) is left out.
"""

from collections.abc import Iterator
from textwrap import indent

_BODIES = {
    # what is awaited
    "gather_of_a_generator": "return tuple(await asyncio.gather(get(url) for url in (url1, url2)))",
    "gather_of_a_list": "return tuple(await asyncio.gather([get(url1), get(url2)]))",
    "gather_of_a_set": "return tuple(await asyncio.gather({get(url1), get(url2)}))",
    "gather_of_a_tuple": "return tuple(await asyncio.gather((get(url1), get(url2))))",
    "gather_of_a_list_of_tasks": "tasks = [asyncio.create_task(get(url1))]\nreturn await asyncio.gather(tasks)",
    "gather_of_functions": "return tuple(await asyncio.gather(get, get))",
    "gather_of_nothing_to_await": "return tuple(await asyncio.gather(get(url1), None))",
    "gather_of_a_starred_coroutine": "return tuple(await asyncio.gather(*get(url1)))",
    "gather_with_an_old_argument": "return await asyncio.gather(get(url1), get(url2), loop=None)",
    "gather_over_lines": "return await asyncio.gather(\n    get(url1),\n    get(url2, 3),\n)",
    "gather_of_a_generator_in_a_name": "pages = (get(url) for url in (url1, url2))\nreturn await asyncio.gather(pages)",
    "gather_not_awaited": "first, second = asyncio.gather(get(url1), get(url2))\nreturn first, second",
    "wait_for_coroutines": "done, _ = await asyncio.wait([get(url1), get(url2)])\nreturn done",
    "wait_for_a_generator": "done, _ = await asyncio.wait(get(url) for url in (url1, url2))\nreturn done",
    "wait_for_one": "done, _ = await asyncio.wait(get(url1))\nreturn done",
    "wait_for_one_task": "done, _ = await asyncio.wait(asyncio.create_task(get(url1)))\nreturn done",
    "wait_for_none": "done, _ = await asyncio.wait([])\nreturn done",
    "wait_for_numbers": "done, _ = await asyncio.wait([1, 2])\nreturn done",
    "await_a_list": "return await [get(url1), get(url2)]",
    "await_a_tuple": "return await (get(url1), get(url2))",
    "await_a_generator": "return await (get(url) for url in (url1, url2))",
    "await_an_async_generator": "async def pages():\n    yield await get(url1)\nreturn await pages()",
    "await_nothing": "return await print('a')",
    "await_a_function": "return await get",
    "await_a_result": "text = await get(url1)\nreturn await text",
    "await_twice": "page = get(url1)\nreturn await page, await page",
    "await_twice_at_once": "page = get(url1)\nreturn await asyncio.gather(asyncio.create_task(page), asyncio.shield(page))",
    "shield_a_generator": "return await asyncio.shield(get(url) for url in (url1, url2))",
    "ensure_a_list": "return await asyncio.ensure_future([get(url1)])",
    "ensure_a_generator": "return await asyncio.ensure_future(get(url) for url in (url1, url2))",
    "as_completed_of_one": "return [await page for page in asyncio.as_completed(get(url1))]",
    "task_of_a_function": "return await asyncio.create_task(get)",
    "task_of_a_list": "return await asyncio.create_task([get(url1), get(url2)])",
    "task_of_a_generator": "return await asyncio.create_task(get(url) for url in (url1, url2))",
    "task_of_a_task": "return await asyncio.create_task(asyncio.create_task(get(url1)))",
    "task_of_a_gather": "return await asyncio.create_task(asyncio.gather(get(url1), get(url2)))",
    # contexts and loops
    "async_with_a_coroutine": "async with get(url1) as text:\n    return text",
    "async_with_a_class": "async with asyncio.Lock as lock:\n    return lock",
    "with_a_timeout": "with asyncio.timeout(9):\n    return await get(url1)",
    "with_a_group": "with asyncio.TaskGroup() as group:\n    group.create_task(get(url1))",
    "with_a_lock": "with asyncio.Lock():\n    return await get(url1)",
    "with_a_coroutine": "with get(url1) as text:\n    return text",
    "async_for_over_a_list": "async for url in [url1, url2]:\n    await get(url)",
    "async_for_over_a_coroutine": "async for text in get(url1):\n    return text",
    "async_for_over_a_gather": "return [text async for text in asyncio.gather(get(url1), get(url2))]",
    "for_over_a_coroutine": "for text in get(url1):\n    return text",
    "for_over_an_async_generator": (
        "async def pages():\n    yield await get(url1)\nfor text in pages():\n    return text"
    ),
    "group_of_a_function": "async with asyncio.TaskGroup() as group:\n    group.create_task(get)",
    "group_of_a_generator": (
        "async with asyncio.TaskGroup() as group:\n    group.create_task(get(url) for url in (url1, url2))"
    ),
    "group_not_entered": "group = asyncio.TaskGroup()\ntask = group.create_task(get(url1))\nreturn await task",
    "group_that_is_over": (
        "async with asyncio.TaskGroup() as group:\n    one = group.create_task(get(url1))\n"
        "two = group.create_task(get(url2))\nreturn await one, await two"
    ),
    "group_entered_twice": (
        "group = asyncio.TaskGroup()\nasync with group:\n    group.create_task(get(url1))\n"
        "async with group:\n    group.create_task(get(url2))"
    ),
    "group_with_a_failure": (
        "async def failing():\n    await get(url1)\n    return {}['a']\n"
        "async with asyncio.TaskGroup() as group:\n    group.create_task(failing())\n    group.create_task(get(url2))"
    ),
    "group_with_two_failures": (
        "async def failing(url):\n    return {}[url]\n"
        "async with asyncio.TaskGroup() as group:\n"
        "    group.create_task(failing(url1))\n    group.create_task(failing(url2))"
    ),
    "group_that_fails_itself": (
        "async with asyncio.TaskGroup() as group:\n    group.create_task(get(url1))\n    raise ValueError('no page')"
    ),
    "group_of_wrong_arguments": "async with asyncio.TaskGroup() as group:\n    group.create_task(get(url1, 3))",
    "a_group_of_exceptions": "raise ExceptionGroup('both', [ExceptionGroup('one', [KeyError('a')]), ValueError('b')])",
    "timeout_that_is_met": "async with asyncio.timeout(1):\n    return await get(url1)",
    "timeout_of_a_text": "async with asyncio.timeout('1'):\n    return await get(url1)",
    "timeout_twice": (
        "limit = asyncio.timeout(99)\nasync with limit:\n    await get(url1)\nasync with limit:\n    await get(url2)"
    ),
    "wait_for_that_is_met": "return await asyncio.wait_for(get(url1), 1)",
    "wait_for_without_a_time": "return await asyncio.wait_for(get(url1))",
    "wait_for_a_list": "return await asyncio.wait_for([get(url1), get(url2)], 9)",
    "wait_for_a_text": "return await asyncio.wait_for(get(url1), '9')",
    "sleep_a_text": "await asyncio.sleep('1')",
    "sleep_nothing": "await asyncio.sleep()",
    "cancelled_by_itself": "asyncio.current_task().cancel()\nreturn await get(url1)",
    "a_cancelled_task": "task = asyncio.create_task(get(url1))\ntask.cancel()\nreturn await task",
    # results too early, loops inside loops
    "result_too_early": "task = asyncio.create_task(get(url1))\nreturn task.result()",
    "exception_too_early": "task = asyncio.create_task(get(url1))\nreturn task.exception()",
    "run_inside": "return asyncio.run(get(url1))",
    "run_inside_of_a_gather": "return asyncio.run(asyncio.gather(get(url1), get(url2)))",
    "runner_inside": "with asyncio.Runner() as runner:\n    return runner.run(get(url1))",
    "loop_inside": "return asyncio.get_event_loop().run_until_complete(get(url1))",
    "result_of_a_coroutine": "return get(url1).result()",
    "value_of_a_task": "task = asyncio.create_task(get(url1))\nawait task\nreturn task.value",
    "misspelt_function": "return await asyncio.gater(get(url1), get(url2))",
    "empty_queue": "return asyncio.Queue().get_nowait()",
    "full_queue": "queue = asyncio.Queue(1)\nqueue.put_nowait(1)\nqueue.put_nowait(2)",
    "lock_that_is_not_held": "asyncio.Lock().release()",
    "condition_that_is_not_held": "await asyncio.Condition().wait()",
    "semaphore_below_zero": "asyncio.Semaphore(-1)",
    "task_done_too_often": "asyncio.Queue().task_done()",
    "a_task_that_fails_alone": (
        "async def failing():\n    return 1 / 0\ntask = asyncio.create_task(failing())\n"
        "return await asyncio.gather(get(url1), get(url2))"
    ),
    "a_callback_that_fails": (
        "task = asyncio.create_task(get(url1))\ntask.add_done_callback(lambda: None)\nreturn await task"
    ),
    "stop_iteration": "return next(iter([]))",
    "own_coroutine_without_arguments": "async def page(url):\n    return await get(url)\nreturn await page()",
    "own_function_of_another_name": "def page(url):\n    return url\nreturn page(ulr=url1)",
    # what an operation is called with
    "too_few_arguments": "return await get()",
    "too_many_arguments": "return await get(url1, url2)",
    "unknown_argument": "return await get(link=url1)",
    "argument_twice": "return await get(url1, url=url1)",
    "another_method_of_a_text": "return get.fetch(url1)",
    # plain Python
    "coroutine_and_text": "return get(url1) + 'a'",
    "text_and_coroutine": "return 'a' + get(url1)",
    "joined_coroutines": "return ''.join([get(url1), get(url2)])",
    "length_of_a_coroutine": "return len(get(url1))",
    "item_of_a_coroutine": "return get(url1)[0]",
    "item_of_a_function": "return await get[url1]",
    "sorted_coroutines": "return sorted([get(url1), get(url2)])",
    "unpacked_coroutine": "first, second = get(url1)\nreturn first, second",
    "text_and_number": "return 'a' + 1",
    "number_and_text": "return 1 + 'a'",
    "number_above_text": "return 1 > 'a'",
    "number_of_a_text": "return int('a')",
    "float_of_a_text": "return float('a')",
    "greatest_of_nothing": "return max([])",
    "greatest_of_a_generator": "return max(n for n in ())",
    "item_beyond_the_end": "return [1][3]",
    "pop_of_nothing": "return [].pop()",
    "removed_and_not_there": "[].remove(url1)",
    "unknown_key": "return {'a': 1}['b']",
    "unhashable_key": "return {[]: 1}",
    "nothing_called": "return None()",
    "nothing_indexed": "return None[0]",
    "nothing_iterated": "return [n for n in None]",
    "attribute_of_nothing": "return None.text",
    "unknown_name": "return await got(url1)",
    "name_before_its_value": "text = text + 'a'\nreturn text",
    "too_many_to_unpack": "one, two = [1, 2, 3]\nreturn one",
    "too_few_to_unpack": "one, two = [1]\nreturn one",
    "divided_by_nothing": "return 1 // 0",
    "without_end": "def again(n):\n    return again(n + 1)\nreturn again(0)",
    "awaits_without_end": "async def again(n):\n    return await again(n + 1)\nreturn await again(0)",
    "no_json": "import json\nreturn json.loads('{')",
    "no_file": "return open('nothing.txt').read()",
    "no_module": "import asynciox\nreturn asynciox",
    "no_such_import": "from asyncio import gater\nreturn gater",
    "raise_of_a_text": "raise 'a'",
    "raise_of_nothing": "raise",
    "raise_of_not_implemented": "raise NotImplemented",
    "assert_with_a_message": "text = await get(url1)\nassert text == 1, 'the text is ' + text",
    "assert_without_a_message": "text = await get(url1)\nassert text == 1",
    "own_exception": "class Missing(Exception):\n    pass\nraise Missing(f'{url1} is missing')",
    "own_exception_in_a_name": "error = ValueError('mine')\nraise error",
    "not_implemented": "raise NotImplementedError('later')",
    "decode_of_a_text": "return (await get(url1)).decode()",
    "bytes_of_no_text": "return b'\\xff'.decode()",
    # refused
    "a_thread": "import threading\nthreading.Thread(target=print).start()",
    "a_thread_for_a_function": "return await asyncio.to_thread(print, 'a')",
    "an_executor": "return await asyncio.get_running_loop().run_in_executor(None, print)",
    "a_pool": (
        "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor() as pool:\n"
        "    return list(pool.map(print, [1]))"
    ),
    "a_connection": "return await asyncio.open_connection('localhost', 80)",
    "a_socket": "import socket\nreturn socket.socket()",
    "a_page": "from urllib.request import urlopen\nreturn urlopen('http://localhost/').read()",
    "a_shell": "import os\nos.system('true')",
    "a_process": "import subprocess\nsubprocess.run(['true'])",
    "a_child": "return await asyncio.create_subprocess_shell('true')",
    "a_fork": "import multiprocessing\nmultiprocessing.Process(target=print).start()",
    "a_question": "return input('which? ')",
    "a_refusal_that_is_caught": (
        "import socket\ntry:\n    socket.socket()\nexcept Exception:\n    pass\nreturn await get(url1)"
    ),
}

_FILES = {
    # files that stop while they are loaded, and other shapes of the entry
    ("two-downloads", "task_in_the_file"): "import asyncio\n\nasync def f():\n    pass\n\nasyncio.create_task(f())\n",
    ("two-downloads", "gather_in_the_file"): "import asyncio\n\nasync def f():\n    pass\n\nasyncio.gather(f())\n",
    ("two-downloads", "loop_in_the_file"): "import asyncio\n\nloop = asyncio.get_running_loop()\n",
    ("two-downloads", "run_without_arguments"): "import asyncio\n\nasync def fetch_both(get):\n    pass\n\nasyncio.run(fetch_both())\n",
    ("two-downloads", "run_of_a_list"): "import asyncio\n\nasyncio.run([])\n",
    ("two-downloads", "run_of_a_function"): "import asyncio\n\nasync def f():\n    pass\n\nasyncio.run(f)\n",
    ("two-downloads", "await_in_the_file"): "import asyncio\n\nawait asyncio.sleep(1)\n",
    ("two-downloads", "await_in_def"): "import asyncio\n\ndef fetch_both(get, url1, url2):\n    return await get(url1)\n",
    ("two-downloads", "no_bracket"): "import asyncio\n\nasync def fetch_both(get, url1, url2):\n    return await asyncio.gather(get(url1)\n",
    ("two-downloads", "no_colon"): "async def fetch_both(get, url1, url2)\n    return await get(url1)\n",
    ("two-downloads", "no_quote"): "async def fetch_both(get, url1, url2):\n    return await get('url1)\n",
    ("two-downloads", "no_brace_in_a_text"): "async def fetch_both(get, url1, url2):\n    return await get(f'{url1')\n",
    ("two-downloads", "return_outside"): "async def fetch_both(get, url1, url2):\n    pass\nreturn 1\n",
    ("two-downloads", "deep_brackets"): "x = " + "(" * 500 + "1" + ")" * 500 + "\n",
    ("two-downloads", "too_few_parameters"): "async def fetch_both(url1, url2):\n    return url1, url2\n",
    ("two-downloads", "too_many_parameters"): "async def fetch_both(get, url1, url2, url3):\n    return url1, url2\n",
    ("two-downloads", "parameters_by_name"): "async def fetch_both(get, *, url1, url2):\n    return url1, url2\n",
    ("two-downloads", "no_parameters"): "async def fetch_both():\n    return 1\n",
    ("run-it-once", "generator_to_gather"): (
        "import asyncio\n\nasync def collect(fetch, urls):\n    results = await asyncio.gather(fetch(url) for url in urls)\n"
        "    return results\n\ndef main_program(fetch, urls):\n    return asyncio.run(collect(fetch, urls))\n"
    ),
    ("run-it-once", "run_of_a_gather"): (
        "import asyncio\n\nasync def collect(fetch, urls):\n    return await asyncio.gather(*[fetch(url) for url in urls])\n\n"
        "def main_program(fetch, urls):\n    return asyncio.run(asyncio.gather(*[fetch(url) for url in urls]))\n"
    ),
    ("run-it-once", "run_of_a_coroutine_function"): (
        "import asyncio\n\nasync def collect(fetch, urls):\n    return await asyncio.gather(*[fetch(url) for url in urls])\n\n"
        "def main_program(fetch, urls):\n    return asyncio.run(collect)\n"
    ),
    ("run-it-once", "run_of_a_list"): (
        "import asyncio\n\nasync def collect(fetch, urls):\n    return await asyncio.gather(*[fetch(url) for url in urls])\n\n"
        "def main_program(fetch, urls):\n    return asyncio.run([fetch(url) for url in urls])\n"
    ),
    ("run-it-once", "run_of_a_generator"): (
        "import asyncio\n\nasync def collect(fetch, urls):\n    return await asyncio.gather(*[fetch(url) for url in urls])\n\n"
        "def main_program(fetch, urls):\n    return asyncio.run(fetch(url) for url in urls)\n"
    ),
    ("run-it-once", "loop_by_hand_of_a_generator"): (
        "import asyncio\n\nasync def collect(fetch, urls):\n    return await asyncio.gather(*[fetch(url) for url in urls])\n\n"
        "def main_program(fetch, urls):\n    loop = asyncio.new_event_loop()\n"
        "    return loop.run_until_complete(fetch(url) for url in urls)\n"
    ),
    ("request-response", "generator_to_gather"): (
        "import asyncio\n\nasync def ask(session, request):\n    await session.send_request(request)\n"
        "    return await session.read_response()\n\nasync def ask_all(sessions, requests):\n"
        "    return await asyncio.gather(ask(s, r) for s, r in zip(sessions, requests))\n"
    ),
    ("request-response", "read_beside_send"): (
        "import asyncio\n\nasync def ask(session, request):\n    send = asyncio.create_task(session.send_request(request))\n"
        "    read = asyncio.create_task(session.read_response())\n    await send\n    return await read\n\n"
        "async def ask_all(sessions, requests):\n"
        "    return await asyncio.gather(*(ask(s, r) for s, r in zip(sessions, requests)))\n"
    ),
}


def programs() -> Iterator[tuple[str, str, bytes]]:
    """The slug of an exercise, the program's name, and its text."""
    for name, body in _BODIES.items():
        text = f"import asyncio\n\n\nasync def fetch_both(get, url1, url2):\n{indent(body, '    ')}\n"
        yield "two-downloads", name, text.encode()
    for (slug, name), text in _FILES.items():
        yield slug, name, text.encode()

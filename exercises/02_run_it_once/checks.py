"""What only a look at the whole run can say: how the learner's program got into an event loop, and what came out of it."""


def one_run(view):
    """asyncio.run was used once and brought the texts, and no other loop ran.

    asyncio.Runner is what asyncio.run is made of, so it will do, and its runs are counted as well.
    """
    facts, outcome = view.record.facts, view.record.outcome
    if facts.runs == 0:
        return "asyncio.run was not used"
    if facts.runs > 1:
        return f"asyncio.run, or a Runner, ran {facts.runs} coroutines one after the other; one is enough"
    if facts.loops != 1:
        return f"{facts.loops} event loops ran; one is enough"
    if outcome.kind != "result" or outcome.value != view.value("=texts"):
        return "asyncio.run was used once, and that counts only with the right result"
    return None

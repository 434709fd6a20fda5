"""What only a look at the whole run can say: how the learner's program got into an event loop."""


def one_run(view):
    """asyncio.run (or a Runner) was used, once, and no other loop ran."""
    facts = view.record.facts
    if facts.runs == 1 and facts.loops == 1:
        return None
    if facts.runs == 0:
        return "asyncio.run was not used"
    if facts.runs > 1:
        return f"asyncio.run was used {facts.runs} times; once is enough"
    return f"{facts.loops} event loops ran; one is enough"

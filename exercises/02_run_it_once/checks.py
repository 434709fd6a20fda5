"""What only a look at the whole run can say: how the learner's program got into an event loop."""


def one_run(view):
    """asyncio.run was used once, and no other loop ran. asyncio.Runner is what asyncio.run is made of, so it will do."""
    facts = view.record.facts
    runs = facts.runs or len(view.source.places("call:asyncio.Runner"))
    if runs == 0:
        return "asyncio.run was not used"
    if runs > 1:
        return f"asyncio.run was used {runs} times; once is enough"
    return None if facts.loops == 1 else f"{facts.loops} event loops ran; one is enough"

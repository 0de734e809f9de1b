"""Write docs/engines.md: what random scenarios use, and whether both engines wrote the same log for each.

``python scripts/engines_page.py [FILE]``; a test compares the page with a fresh one.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from hypothesis import HealthCheck, given, settings

from simulator.engine.compiled.engine import Compiled
from simulator.engine.compiled.flatten import flatten
from simulator.engine.log import log_hash
from simulator.engine.run import play_reference
from tests.support.random_scenarios import FEATURES, Case, cases
from tests.support.small import compiled

PAGE = Path(__file__).parent.parent / "docs" / "engines.md"
SCENARIOS = 150
HEAD = """\
# Engines

Written by `make docs`. The *reference* plays a scenario with SimPy, the *compiled* engine with machine code; `--engine
auto` takes the reference for small runs, where it is done before machine code is loaded. Each feature below was used by
some of {count} random scenarios (`tests/support/random_scenarios.py`, the same ones each time); *same log* says that
the hashes of both logs were equal in all of these.

| feature | reference | compiled |
|---|---|---|
"""
TAIL = """
A kind of rule that is not one of the built-in ones is played by the reference alone: `--engine auto` and `compiled`
then say so and take the reference.
"""


def page() -> str:
    """Return the page."""
    used: set[str] = set()
    differing: set[str] = set()

    @settings(max_examples=SCENARIOS, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    @given(cases())
    def compare(case: Case) -> None:
        model = compiled(case.raw, case.people).model
        logs = play_reference(model, 0), Compiled(flatten(model), 0).run()
        features = {name for name, uses in FEATURES.items() if uses(case)}
        used.update(features)
        if log_hash(logs[0], model, 0) != log_hash(logs[1], model, 0):
            differing.update(features)

    compare()
    words = {
        name: "**differs**" if name in differing else "same log" if name in used else "not met" for name in FEATURES
    }
    rows = "".join(f"| {name} | yes | {words[name]} |\n" for name in FEATURES)
    return HEAD.format(count=SCENARIOS) + rows + TAIL


if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else PAGE).write_text(page(), encoding="utf-8")

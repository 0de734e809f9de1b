"""The search: hypothesis makes cases and follows the goal upwards; the worst is cut down to what makes it so bad."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field

from scenarios.attack.cases import Arena, Case
from scenarios.attack.cutting import cut_down
from scenarios.attack.domain import Domain
from scenarios.attack.goals import Seen
from scenarios.attack.plans import Plan, case_of, neighbours, plans

Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Found:
    """The worst case found, cut down; ``tried`` cases were looked at, ``played`` different ones.

    ``settled``: no single change of the worst case makes it worse.
    """

    case: Case
    seen: Seen
    tried: int
    played: int
    settled: bool
    interrupted: bool


def search(arena: Arena, domain: Domain, examples: int, seed: int, tell: Tell) -> Found | None:
    """Return the worst of about twice ``examples`` cases, cut down; None where an interrupt came before the first.

    Hypothesis looks at ``examples`` cases and climbs towards worse ones; then each single choice of the worst case is
    tried in turn, ``examples`` more at most. The same arguments give the same result. ``tell`` hears how many cases
    were looked at. An interrupt keeps the worst so far.
    """
    hunt = Hunt(arena, domain, seed, tell)
    settled, interrupted = False, False
    try:
        hunt.explore(examples)
        settled = hunt.climb(examples)
        if arena.best is not None and arena.best[1].value > 0:
            cut_down(arena)
    except KeyboardInterrupt:
        interrupted = True
    return None if arena.best is None else Found(*arena.best, hunt.tried, arena.played, settled, interrupted)


@dataclass(slots=True)
class Hunt:
    """One search: where it plays, how many cases it has looked at, and the plan behind each case."""

    arena: Arena
    domain: Domain
    seed: int
    tell: Tell
    tried: int = 0
    plan_of: dict[Case, Plan] = field(default_factory=dict)

    def look(self, plan: Plan) -> Seen:
        """Return what the goal sees of a plan."""
        case = case_of(self.domain, plan)
        self.plan_of.setdefault(case, plan)
        seen = self.arena.measure(case)
        self.tried += 1
        self.tell(self.tried)
        return seen

    def explore(self, examples: int) -> None:
        """Let hypothesis look at cases and climb towards worse ones; which, depends on the seed and what it sees."""
        import hypothesis
        from hypothesis.configuration import set_hypothesis_home_dir

        def look(plan: Plan) -> None:
            seen = self.look(plan)
            hypothesis.target(float(seen.value), label="value")
            for label, hint in seen.hints.items():
                hypothesis.target(hint, label=label)

        settings = hypothesis.settings(
            max_examples=examples, deadline=None, database=None,
            phases=[hypothesis.Phase.generate, hypothesis.Phase.target],
            suppress_health_check=list(hypothesis.HealthCheck), verbosity=hypothesis.Verbosity.quiet,
        )  # fmt: skip
        with tempfile.TemporaryDirectory() as home:
            set_hypothesis_home_dir(home)
            try:
                hypothesis.seed(self.seed)(settings(hypothesis.given(plans(self.domain))(look)))()
            finally:
                set_hypothesis_home_dir(None)

    def climb(self, budget: int) -> bool:
        """Try each single choice of the worst case in turn, from the new one where it is worse; True when all were."""
        end = self.tried + budget
        while True:
            assert self.arena.best is not None
            case, seen = self.arena.best
            for plan in neighbours(self.domain, self.plan_of[case]):
                if self.tried >= end:
                    return False
                if self.look(plan).value > seen.value:
                    break
            else:
                return True

"""A witness played again by an engine and judged by the audit: does the rule say what the verifier says?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from policies.evidence import Evidence
from policies.verdicts import DECIDING, Verdict
from scenarios.experiments.prepare import prepare_file
from scenarios.experiments.verdicts import judge_run
from simulator.engine.log import to_arrow
from simulator.engine.run import EngineName, run


@dataclass(frozen=True, slots=True)
class Shown:
    """What a replay showed of a rule: the verdict, and the evidence for it."""

    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()

    def at(self, instant: int) -> Evidence | None:
        """Return the evidence of an instant."""
        return next((item for item in self.evidence if item.at == instant), None)

    def confirms(self, verdict: Verdict, instant: int) -> bool:
        """Say whether the replay came to the same verdict at the same instant."""
        return self.verdict == verdict and self.at(instant) is not None


def replay(scenario: Path, rule: str, engine: EngineName = "reference") -> Shown:
    """Return what the rule says of the witness's scenario when ``engine`` plays it."""
    compiled = prepare_file(scenario).compiled("observe")
    log = to_arrow(run(compiled.model, 0, engine), compiled.model, run="witness", replication=0)
    result = next(result for result in judge_run(compiled, {0: log}) if result.rule.id == rule)
    word = DECIDING.get(result.verdict)
    return Shown(result.verdict, tuple(item for item in result.evidence if item.answer == word))

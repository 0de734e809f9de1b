"""A witness played again by an engine and judged by the audit: does the rule say what the verifier says?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from policies.verdicts import Verdict
from scenarios.experiments.prepare import prepare_file
from scenarios.experiments.verdicts import judge_run
from simulator.engine.log import to_arrow
from simulator.engine.run import EngineName, run

ANSWERS = {Verdict.VIOLATED: "fail", Verdict.REVIEW: "review", Verdict.NEEDS_INPUT: "unknown"}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a replay showed of a rule: the verdict, the instants of its evidence, and its words."""

    verdict: Verdict
    at: tuple[int, ...]
    explanation: str

    def confirms(self, verdict: Verdict, at: int) -> bool:
        """Say whether the replay came to the same verdict at the same instant."""
        return self.verdict == verdict and at in self.at


def replay(scenario: Path, rule: str, engine: EngineName = "reference") -> Shown:
    """Return what the rule says of the witness's scenario when ``engine`` plays it."""
    compiled = prepare_file(scenario).compiled("observe")
    log = to_arrow(run(compiled.model, 0, engine), compiled.model, run="witness", replication=0)
    result = next(result for result in judge_run(compiled, {0: log}) if result.rule.id == rule)
    word = ANSWERS.get(result.verdict)
    evidence = [item for item in result.evidence if item.answer == word]
    at = tuple(item.at for item in evidence if item.at is not None)
    return Shown(result.verdict, at, evidence[0].explanation if evidence else "")

"""A scenario proved or disproved: the plan, the verdicts, and for each finding a witness that an engine has played."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from policies.errors import InputError, Problem
from policies.evidence import Evidence
from policies.verify.plan import Plan
from policies.verify.verify import MOST_STATES, Proof, verify_plan
from policies.verify.witness import Witness, witness_of
from policies.words import suggestion
from scenarios.compile.model import Compiled
from scenarios.experiments.prepare import Prepared
from scenarios.plan.make import make_plan
from scenarios.plan.people import Agreements, agreements_of
from scenarios.plan.replay import Shown, replay
from scenarios.plan.write import Written, write_proof

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Proved:
    """The verdict on a rule; with its witness, the files that play it, and what playing them showed."""

    proof: Proof
    witness: Witness | None = None
    files: Written | None = None
    shown: Shown | None = None

    @property
    def confirmed(self) -> bool:
        """Say whether the engine came to the same finding at the same instant; nothing to confirm counts as yes."""
        if self.witness is None:
            return True
        return self.shown is not None and self.shown.confirms(self.proof.verdict, self.witness.violates_at)

    @property
    def evidence(self) -> Evidence | None:
        """Return the message that the engine and the audit showed when the witness was played."""
        if self.witness is None or self.shown is None or not self.confirmed:
            return None
        return self.shown.at(self.witness.violates_at)


def prove(
    prepared: Prepared, folder: Path, *, delay_s: float | None = None, limit: int = MOST_STATES,
    advance: Advance | None = None, only: Collection[str] = (),
) -> tuple[Compiled, Plan, tuple[Proved, ...]]:  # fmt: skip
    """Return the verdict on every rule, or on those named; witnesses are written to ``folder`` and played.

    Raises InputError for a rule that none of the scenario's packs has on that date.
    """
    compiled = prepared.compiled("observe")
    _check_named(only, [rule.id for rule in compiled.law.rules])
    plan, agreements = make_plan(compiled, delay_s), agreements_of(compiled)
    proofs = verify_plan(plan, limit, advance, only)
    return compiled, plan, tuple(_played(prepared, compiled, plan, agreements, proof, folder) for proof in proofs)


def _check_named(only: Collection[str], known: Collection[str]) -> None:
    problems = [
        Problem("--rule", f"no pack of the scenario has {name!r} in force", suggestion(name, known, what="rules"))
        for name in only
        if name not in known
    ]
    if problems:
        raise InputError(problems)


def _played(
    prepared: Prepared, compiled: Compiled, plan: Plan, agreements: Agreements, proof: Proof, folder: Path
) -> Proved:
    """Return the verdict with its witness; where it leaves the agreement open, the first kind that shows it."""
    if proof.found is None:
        for old in ("yaml", "csv"):
            (folder / f"{proof.rule.id}.{old}").unlink(missing_ok=True)  # of an earlier run
        return Proved(proof)
    witness = witness_of(proof.found)
    last = Proved(proof, witness)
    for kind in _kinds(agreements, witness):
        files = write_proof(prepared, compiled, plan, agreements, witness, proof.rule.id, folder, kind)
        try:
            last = Proved(proof, witness, files, replay(files.scenario, proof.rule.id))
        except InputError:
            last = Proved(proof, witness, files)
        if last.confirmed:
            break
    return last


def _kinds(agreements: Agreements, witness: Witness) -> list[int]:
    """Return the kinds of agreement to try: that of the witness, or where nothing asks all, with consent first."""
    if "agreed" in witness.past or witness.who.agreement:
        return [witness.who.agreement]
    return sorted(range(len(agreements.kinds)), key=lambda kind: agreements.kinds[kind][0] is None)

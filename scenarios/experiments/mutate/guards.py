"""Mutants of own guards: the run is played again under the same draws, and judged by the same rules."""

from __future__ import annotations

import msgspec

from policies.mutation.exercise import gap
from policies.rules import Rule
from policies.tables import compile_rules
from scenarios.compile.guarded import with_guards
from scenarios.compile.law import own_guards
from scenarios.compile.model import Compiled
from scenarios.experiments.mutate.guard_mutants import DEAD_NUMBERS, OPT_OUTS, REMOVED, GuardMutant
from scenarios.experiments.mutate.outcomes import Fate, Outcome, worse
from scenarios.experiments.mutate.played import Base, Played, Tell, judged, play
from simulator.engine.run import EngineName


def play_mutant(
    mutant: GuardMutant, compiled: Compiled, base: Base, replications: int, engine: EngineName, tell: Tell
) -> Outcome:
    """Return what became of one mutant; ``base`` is the play of the scenario as it is."""
    run = with_guards(compiled, mutant.guards)
    logs, found_hash = play(run, replications, engine, tell)
    if found_hash == base.hash:
        return _unexercised(mutant, compiled)
    found = judged(run, compiled, logs)
    through = _let_through(mutant, base.played, found)
    noticed = worse(base.played.results, found.results)
    if noticed:
        aside = "" if set(noticed) & set(_alike(mutant, compiled)) else "; seen only by rules of other kinds"
        return _outcome(mutant, "noticed", _through(through) + aside, noticed_by=noticed)
    if through <= 0:
        more = (
            f"; {base.played.messages} messages become {found.messages}"
            if base.played.messages != found.messages
            else ""
        )
        return _outcome(mutant, "stricter", f"it only holds back more, which no rule forbids{more}")
    return _unminded(mutant, compiled, through)


def before_and_after(mutant: GuardMutant, compiled: Compiled) -> tuple[Rule, Rule]:
    """Return the changed guard as a rule, first as it was; only of a mutant that changes a rule."""
    assert mutant.place is not None
    changed = msgspec.structs.replace(compiled.scenario, guards=mutant.guards)
    return own_guards(compiled.scenario)[mutant.place], own_guards(changed)[mutant.place]


def _outcome(
    mutant: GuardMutant, fate: Fate, sentence: str, remedy: str = "", noticed_by: tuple[str, ...] = ()
) -> Outcome:
    return Outcome("guard", mutant.id, mutant.change, fate, sentence, remedy, noticed_by)


def _let_through(mutant: GuardMutant, base: Played, found: Played) -> int:
    """Return how many messages more the original guard, as a rule, finds at fault; of dead numbers: how many went."""
    if mutant.place is None:
        return found.messages - base.messages
    before, after = base.guards[mutant.place], found.guards[mutant.place]
    return (after.failed + after.unknown + after.review) - (before.failed + before.unknown + before.review)


def _through(through: int) -> str:
    if through <= 0:
        return "the campaign went otherwise"
    return f"{through} message{'s' * (through > 1)} went out that this guard stops"


def _unexercised(mutant: GuardMutant, compiled: Compiled) -> Outcome:
    """Say which message would have been decided otherwise."""
    remedy = "plan a message that it must stop: another hour, one message more, somebody who has opted out"
    if mutant.words == REMOVED or mutant.place is None:
        sentence = "nothing changed without it: it stopped no message of this run"
        if mutant.words != REMOVED:
            sentence = f"no number of this run turns on {mutant.change}"
        return _outcome(mutant, "survived", sentence, _remedies().get(mutant.id, remedy))
    rules = before_and_after(mutant, compiled)
    before, after = (compile_rules([rule], compiled.law.context).rows.tolist() for rule in rules)
    why = gap(mutant.field, mutant.words, before, after, did="was due")
    return _outcome(mutant, "survived", why.sentence, why.remedy)


def _remedies() -> dict[str, str]:
    return {
        OPT_OUTS: "let somebody opt out before a message: audience, or script: with an unsubscription",
        DEAD_NUMBERS: "put numbers in the audience that have failed so often (dead_number, failures_in_a_row)",
    }


def _unminded(mutant: GuardMutant, compiled: Compiled, through: int) -> Outcome:
    """Say that no rule asks for the guard, and which rules are about the same."""
    alike = _alike(mutant, compiled)
    if alike:
        remedy = f"of the same kind and none the worse: {', '.join(alike[:3])}; write the limit as a house rule"
    else:
        remedy = "no rule of the packs is of the same kind: name a pack that has one, or write a house rule"
    return _outcome(mutant, "survived", f"{_through(through)}, and no rule fared worse", remedy)


def _alike(mutant: GuardMutant, compiled: Compiled) -> list[str]:
    """Return the rules of the packs that have a check of the guard's kind."""
    if mutant.place is None:
        return []
    kinds = {check.kind for check in own_guards(compiled.scenario)[mutant.place].checks}
    return [rule.id for rule in compiled.law.rules if any(check.kind in kinds for check in rule.checks)]

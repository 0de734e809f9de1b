"""``prelaunch attack``: look for the worst plausible outcome, and keep it as a scenario."""

from __future__ import annotations

import shlex
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policies.errors import InputError, Problem
from prelaunch import exits
from prelaunch.console import err, json_option, out, progress, write_json

if TYPE_CHECKING:
    from prelaunch.attacking import Attack
    from scenarios.attack.goals import GoalName

FAIL_ON = ("block", "error", "warn", "never")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--goal", type=click.Choice(["violations", "cost", "duplicates"]), default="violations", show_default=True,
    help="What to look for.",
)  # fmt: skip
@click.option(
    "--examples", type=click.IntRange(1, 1_000_000), default=300, show_default=True, help="Cases to begin with."
)
@click.option("--seed", type=click.IntRange(0, 2**62 - 1), default=1, show_default=True, help="Seed of the search.")
@click.option("--people", type=click.IntRange(1, 20), default=2, show_default=True, help="Recipients at most.")
@click.option(
    "--late-h", type=click.FloatRange(0, 720), default=0, show_default=True,
    help="Hours by which a release may be late, beyond its own spread.",
)  # fmt: skip
@click.option(
    "--audience", type=click.Path(path_type=Path), help="CSV or Parquet file to use instead of the scenario's."
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Rules, provider mechanisms and prices of this date.")
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Another value for a field of the file.")
@click.option("--out", "wanted", type=click.Path(path_type=Path), default="attack.yaml", show_default=True,
              help="Scenario file for the worst case; its audience goes beside it.")  # fmt: skip
@click.option("--fail-on", type=click.Choice(FAIL_ON), default="error", show_default=True,
              help="Goal violations: exit 1 from here up.")  # fmt: skip
@click.option("--at-most", metavar="NUMBER", help="Goal cost or duplicates: exit 1 above it.")
@json_option
def command(
    file: Path, goal: GoalName, examples: int, seed: int, people: int, late_h: float, audience: Path | None,
    as_of: datetime | None, settings: tuple[str, ...], wanted: Path, fail_on: str, at_most: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Look for the worst that the scenario FILE allows to happen to one recipient, with the packs only watching.

    Recipients, receipts, outages and releases vary within bounds that are printed. The worst case is shrunk to the
    smallest and saved as a scenario of its own, which prelaunch run plays again: keep it as a test. The same seed finds
    the same case. What is not found may still exist.
    """
    from prelaunch.attacking import Bounds, attack, check_out, save
    from prelaunch.screen_attack import attack_as_dict, show_attack, value_words
    from scenarios.experiments.prepare import prepare_file
    from scenarios.settings import overrides

    check_out(wanted, (file, audience))
    limit = _limit(goal, at_most)
    given = dict(overrides(settings)) | ({"as_of": f"{as_of:%Y-%m-%d}"} if as_of else {})
    with progress("reading", 1):
        prepared = prepare_file(file, audience=audience, overrides=given)
    bounds = Bounds(examples, seed, people, late_h)
    attacked = attack(prepared, goal, bounds, progress)
    replay = ""
    if attacked.witness is not None and attacked.found is not None:
        said = value_words(attacked, attacked.found.seen)
        save(attacked, prepared, wanted, _heading(file, goal, bounds, said, attacked.found.seen.words))
        replay = shlex.join(["prelaunch", "run", str(wanted)])
    if as_json:
        write_json(attack_as_dict(attacked, str(wanted) if replay else "", replay))
    else:
        show_attack(out(), attacked, replay)
    return _exit(attacked, fail_on, limit)


def _heading(file: Path, goal: str, bounds: Any, said: str, words: tuple[str, ...]) -> list[str]:
    from prelaunch.attacking import MARK

    asked = f"--goal {goal} --seed {bounds.seed} --examples {bounds.examples} --people {bounds.people}"
    late = f" --late-h {bounds.later_h:g}" if bounds.later_h else ""
    plain = [said.replace("\u202f", " "), *words]
    return [f"{MARK[2:]} {file.name} {asked}{late}", *plain]


def _limit(goal: str, at_most: str | None) -> Decimal | None:
    """Return the bound of ``--at-most``; raises InputError for what is none."""
    if at_most is None:
        return None
    if goal == "violations":
        raise InputError([Problem("--at-most", "is for the goals cost and duplicates", "use --fail-on")])
    try:
        limit = Decimal(at_most)
    except InvalidOperation:
        limit = Decimal(-1)
    if not limit.is_finite() or limit < 0:
        raise InputError([Problem("--at-most", f"{at_most!r} is no number from 0 up", "write e.g. 12.50")])
    return limit


def _exit(attacked: Attack, fail_on: str, limit: Decimal | None) -> int:
    found = attacked.found
    if found is None or found.interrupted:
        err().print("interrupted: the worst so far is kept" if attacked.witness else "interrupted; nothing was written")
        return exits.INTERRUPTED
    if attacked.goal == "violations" and fail_on != "never":
        grave = FAIL_ON[: FAIL_ON.index(fail_on) + 1]
        return exits.FINDINGS if any(severity in grave for _, severity, _ in found.seen.rules) else exits.DONE
    if limit is not None:
        value = Decimal(found.seen.value).scaleb(-6 if attacked.goal == "cost" else 0)
        return exits.FINDINGS if value > limit else exits.DONE
    return exits.DONE

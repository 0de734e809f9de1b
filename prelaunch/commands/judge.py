"""``prelaunch judge``: a decision on each attempt of a file or of standard input."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from prelaunch import exits
from prelaunch.console import err
from prelaunch.findings.options import Managing, output_options
from prelaunch.findings.output_files import Outputs
from prelaunch.log_options import checked, log_options, mappings_of, pack_names

if TYPE_CHECKING:
    from prelaunch.findings.about import Judged
    from scenarios.foreign.case import Case


@click.command()
@click.argument("file", default="-", metavar="[FILE]")
@log_options
@output_options
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True,
              help="How the decisions are written.")  # fmt: skip
def command(
    file: str, packs: str | None, scenario: Path | None, audience: Path | None, mappings: tuple[str, ...],
    input_format: str, as_of: datetime | None, organisation: str | None, country: str | None, zone: str | None,
    skip_bad_rows: bool, fail_on: str, form: str, outputs: Outputs,
) -> int:  # fmt: skip
    """Decide on each attempt of FILE (Parquet, CSV, JSON lines; - for standard input): allow, hold, unknown or deny.

    One line an attempt goes to standard output, in the order of FILE, with the rule and the reason that decided and
    every answer that is not a pass. Recipients stand there as in FILE. Caps count the attempts of FILE in order of
    time, whatever is decided on them; rules of severity warn and info are reported and do not decide. --junit and the
    like tell rule by rule what the attempts would break.
    """
    from prelaunch.auditing import given_by
    from prelaunch.deciding import decisions, grave, write
    from scenarios.foreign.case import prepare_case
    from scenarios.foreign.read import read_log

    outputs.check("the decisions", reads=(file, *mappings, audience, scenario, *pack_names(packs)))
    day = as_of.date() if as_of else None
    given = given_by(
        pack_names(packs), scenario, audience, as_of=day, zone=zone, organisation=organisation, country=checked(country)
    )
    mapping, others = mappings_of(mappings, zone)
    log = read_log(
        [file], form=input_format, mapping=mapping, others=others, keep_going=skip_bad_rows, country=checked(country)
    )
    case = prepare_case(log, given)
    decided = decisions(case)
    write(case, log, decided, form)
    counts = decided.counts()
    words = ", ".join(f"{number} {name}" for name, number in counts.items())
    console = err()
    console.print(f"{sum(counts.values())} attempts: {words}", markup=False, soft_wrap=True)
    if unspoken := decided.unspoken():
        what = f"{unspoken} of them: no rule of these packs speaks of such a message, so nothing was judged"
        console.print(what, markup=False, soft_wrap=True)
    for notice in case.notices:
        console.print(notice, style="dim", markup=False, soft_wrap=True)
    if outputs.files:
        outputs.write([_judged(case, file, day, fail_on)])
    return exits.FINDINGS if grave(case, decided, fail_on) else exits.DONE


def _judged(case: Case, file: str, day: date | None, fail_on: str) -> Judged:
    """Return the verdict on every rule, people shown as the audit shows them."""
    from prelaunch.findings.about import About
    from prelaunch.recipient_key import showing
    from prelaunch.run_folder import make_parent
    from scenarios.foreign.judge import judge_case

    told = {"as_of": day.isoformat() if day else "", "packs": dict.fromkeys(case.packs, "")}
    about = About("<stdin>", **told) if file == "-" else About(file, file=file, **told)  # type: ignore[arg-type]
    show = showing(make_parent(Path("runs") / "judge"), False)
    return Managing().read(fail_on).judge(about, judge_case(case, show))

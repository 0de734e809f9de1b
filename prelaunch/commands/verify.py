"""``prelaunch verify``: decide each rule for everybody, or show the smallest way to break it."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from prelaunch import exits
from prelaunch.console import err, json_option, progress, write_json
from prelaunch.findings.counting import FAIL_ON
from prelaunch.findings.options import Managing, managing_options, output_options
from prelaunch.findings.output_files import Outputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenarios.plan.besides import Remark


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--audience", type=click.Path(path_type=Path), help="CSV or Parquet file to use instead of the scenario's."
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Rules, provider mechanisms and prices of this date.")
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Another value for a field of the file.")
@click.option(
    "--delay-s",
    type=click.FloatRange(0, 30 * 86400),
    help="Longest time in queues; if not given, that in which the whole audience passes the slowest one.",
)
@click.option(
    "--most-states",
    type=click.IntRange(1, 1_000_000),
    default=1_000_000,
    show_default=True,
    help="States after which a search leaves its rules as not decided.",
)
@click.option("--rule", "rules", multiple=True, metavar="ID", help="Decide this rule only. Several may be given.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for verify.json and the witnesses.")
@click.option("--fail-on", type=click.Choice(FAIL_ON), default="error", show_default=True, help="Exit 1 from here up.")
@managing_options
@output_options
@json_option
def command(
    file: Path, audience: Path | None, as_of: datetime | None, settings: tuple[str, ...], delay_s: float | None,
    most_states: int, rules: tuple[str, ...], out: Path | None, fail_on: str, as_json: bool, managing: Managing,
    outputs: Outputs,
) -> int:  # fmt: skip
    """Decide each rule of the scenario FILE (- for standard input) for all recipients, instants and receipts.

    A rule is proved from the scenario's own guards alone, or violated with a witness: one recipient, few steps, round
    times. Each witness is played by the engine and judged again. Rules about a whole run or a sender are not decided.
    """
    from prelaunch import proof_findings, verifying
    from prelaunch.findings.screen import show_marks
    from prelaunch.screen_verify import show_verified
    from scenarios.experiments.prepare import Choices, prepare_file
    from scenarios.plan.besides import besides
    from scenarios.plan.prove import prove
    from scenarios.settings import overrides

    managed = managing.read(fail_on, (file, audience))
    outputs.check("--json" if as_json else "")
    choices = Choices(as_of=as_of.date() if as_of else None)
    with progress("reading", 1):
        prepared = prepare_file(file, choices, audience, overrides(settings))
    with _witnesses(out) as folder, progress("verifying", most_states) as advance:
        compiled, plan, proved = prove(
            prepared, folder, delay_s=delay_s, limit=most_states, advance=advance, only=rules
        )
    interrupted = any(one.proof.interrupted for one in proved)
    remarks: tuple[Remark, ...] = ()
    if not interrupted:
        with progress("looking besides the rules", most_states) as advance:
            remarks = besides(compiled, plan, most_states, advance)
    found = verifying.Verified(file, prepared, compiled, plan, proved, remarks, out)
    judged = proof_findings.one_place_each(managed.judge(proof_findings.about(found), proof_findings.results_of(found)))
    result = verifying.as_json(found, judged.results)
    if out is not None:
        _write(out / "verify.json", result)
    show_verified(err(), found)
    show_marks(err(), judged)
    if as_json:
        write_json(result)
    outputs.write([judged])
    return exits.INTERRUPTED if interrupted else judged.code


@contextmanager
def _witnesses(out: Path | None) -> Iterator[Path]:
    """Yield the folder of the witnesses; without ``--out`` it is gone afterwards."""
    if out is not None:
        yield out / "witnesses"
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _write(path: Path, result: dict[str, object]) -> None:
    from prelaunch.run_folder import json_text, make_parent
    from prelaunch.whole_file import write_whole

    make_parent(path)
    write_whole(path, json_text(result).encode(), "--out")

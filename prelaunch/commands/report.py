"""``prelaunch report``: the policy report of a run: write it, check it, sign it."""

from __future__ import annotations

from pathlib import Path

import click

from prelaunch.console import err, json_option, progress, write_json

FILE = click.Path(path_type=Path)


@click.group()
def command() -> None:
    """The compliance officer's report: write it from a run, check that it is true, sign it."""


@command.command()
@click.argument("run", type=FILE)
@click.option("--verify", type=FILE, help="verify.json of prelaunch verify, for verdicts by proof beside those seen.")
@click.option("--since", type=FILE, help="An earlier report or run folder: the page says what has changed.")
@click.option("--language", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Of the page.")
@click.option("--out", type=FILE, help="The page; RUN/policy.html if not given.")
@click.option("--pdf", type=FILE, help="Also print it to this PDF by Chromium.")
@json_option
def write(
    run: Path, verify: Path | None, since: Path | None, language: str, out: Path | None, pdf: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Write the policy report of RUN, a run folder of `prelaunch run`, as one HTML page."""
    from prelaunch.policy_report.pdf import print_pdf
    from prelaunch.policy_report.writing import Wanted, compose
    from prelaunch.policy_report.writing import write as write_page

    file = out or run / "policy.html"
    with progress("writing", 1):
        content = compose(run, Wanted(verify, since, language))  # type: ignore[arg-type]
        size = write_page(content, file)
    if pdf is not None:
        with progress("printing", 1):
            print_pdf(file, pdf)
    err().print(f"written: {file}" + (f", {pdf}" if pdf else ""), markup=False, soft_wrap=True)
    if as_json:
        write_json({"report": str(file), "bytes": size, "pdf": str(pdf) if pdf else None})

"""``prelaunch report``: the policy report of a run: write it, check it, sign it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policies.errors import InputError, Problem
from prelaunch import exits
from prelaunch.console import err, json_option, out, progress, write_json

if TYPE_CHECKING:
    from prelaunch.policy_report.checking import Line

FILE = click.Path(path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])
DECISIONS = ("approved", "rejected", "approved-with-conditions")
MOST_LINES = 60
STYLES = {"true": "green", "false": "red", "not checked": "yellow"}


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
    """Write the policy report of RUN as one HTML page.

    RUN is a run folder of `prelaunch run`, or the FILE.json of `prelaunch audit LOG --out FILE.json`.
    """
    from prelaunch.policy_report.pdf import find_browser, print_pdf
    from prelaunch.policy_report.writing import Wanted, compose
    from prelaunch.policy_report.writing import write as write_page

    if pdf is not None:
        find_browser()
    file = out or (run / "policy.html" if run.is_dir() else run.with_suffix(".html"))
    with progress("writing", 1):
        content = compose(run, Wanted(verify, since, language))  # type: ignore[arg-type]
        size = write_page(content, file)
    if pdf is not None:
        with progress("printing", 1):
            print_pdf(file, pdf)
    err().print(f"written: {file}" + (f", {pdf}" if pdf else ""), markup=False, soft_wrap=True)
    if as_json:
        write_json({"report": str(file), "bytes": size, "pdf": str(pdf) if pdf else None})


@command.command()
@click.argument("file", type=FILE)
@click.option("--audience", type=FILE, help="The audience file of the run: a report holds only its hash.")
@click.option("--log", "logs", multiple=True, type=FILE, help="The log of an audit, each file in its order.")
@click.option("--file", "files", multiple=True, metavar="FIELD=FILE", help="Another input that is not in the page.")
@click.option("--public-key", "keys", multiple=True, type=FILE, help="Keys that signatures must be by (NAME.pub.pem).")
@click.option("--require-signature", "signed", is_flag=True, help="A report that nobody has signed is not true.")
@click.option("--verify", type=FILE, help="A fresh verify.json, to compare the verdicts by proof with.")
@click.option(
    "--since", type=FILE, help="The earlier report or run folder, to compare it with what the page says of it."
)
@click.option("--date", "day", type=DAY, help="The day on which decisions must be valid; today if not given.")
@json_option
def check(
    file: Path, audience: Path | None, logs: tuple[Path, ...], files: tuple[str, ...], keys: tuple[Path, ...],
    signed: bool, verify: Path | None, since: Path | None, day: datetime | None, as_json: bool,
) -> int:  # fmt: skip
    """Say whether the report FILE (- for standard input) is true.

    The page is compared with its embedded data, the result is made again from the embedded inputs by engine and audit,
    the signatures are checked. Exit code 1 if anything is false. Without --public-key a signature shows only that
    nothing was changed since, not who signed; a signature that was taken out is missed only by --require-signature or,
    where several have signed, by --public-key.
    """
    from prelaunch.policy_report.checking import Against, is_true, of_itself, of_result
    from prelaunch.policy_report.document import read_document
    from prelaunch.policy_report.keys import public_key
    from prelaunch.policy_report.recompute import recomputed
    from prelaunch.policy_report.verified import read_verified
    from prelaunch.policy_report.writing import before

    document = read_document(file)
    given = _given(document.content.subject.kind, audience, logs, files)
    against = Against(
        _today(day), {path.name: public_key(path) for path in keys},
        read_verified(verify, document.content) if verify else None, before(since) if since else None, signed,
    )  # fmt: skip
    lines = of_itself(document, against)
    lines += of_result(document.content, recomputed(document.content, given, progress))
    _say(lines, file, as_json)
    return exits.DONE if is_true(lines) else exits.FINDINGS


def _given(kind: str, audience: Path | None, logs: tuple[Path, ...], files: tuple[str, ...]) -> dict[str, Path]:
    """Return the files given for inputs that a report does not hold, by field."""
    from prelaunch.policy_report.inputs import AUDIENCE

    found = {"audience.0" if kind == "audit" else AUDIENCE: audience} if audience else {}
    found |= {f"log.{number}": path for number, path in enumerate(logs)}
    for word in files:
        name, sign, path = word.partition("=")
        if not sign or not name or not path:
            raise InputError([Problem(f"--file {word}", "has no =", "write --file FIELD=FILE")])
        found[name] = Path(path)
    return found


def _say(lines: list[Line], file: Path, as_json: bool) -> None:
    """Tell every line: what was looked at, whether it is true, why."""
    from dataclasses import asdict

    from prelaunch.layout import say
    from prelaunch.policy_report.checking import is_true

    if as_json:
        write_json({"report": str(file), "true": is_true(lines), "lines": [asdict(line) for line in lines]})
        return
    console = out()
    for line in lines[:MOST_LINES]:
        say(console, f"{line.state} {line.what}: {line.says}", style=STYLES.get(line.state, ""), word=line.state)
    if len(lines) > MOST_LINES:
        say(console, f"… and {len(lines) - MOST_LINES} more: --json has all")
    left = ", ".join(line.what for line in lines if line.state == "not checked")
    verdict = ("true" + (f", but for what was not checked: {left}" if left else "")) if is_true(lines) else "NOT TRUE"
    say(console, f"{file}: {verdict}", style="bold")


@command.command()
@click.argument("file", type=FILE)
@click.option("--key", "pem", required=True, type=FILE, help="The reviewer's private key (prelaunch report key).")
@click.option("--reviewer", required=True, metavar="NAME", help="Who decides, as the page will show it.")
@click.option("--decision", required=True, type=click.Choice(DECISIONS), help="What is decided.")
@click.option("--until", required=True, type=DAY, help="The last day on which the decision is valid.")
@click.option("--comment", default="", help="Conditions or reasons, shown in the page.")
@click.option("--date", "day", type=DAY, help="The day of the decision; today if not given.")
@click.option("--pdf", type=FILE, help="Also print the signed page to this PDF by Chromium.")
@json_option
def sign(
    file: Path, pem: Path, reviewer: str, decision: str, until: datetime, comment: str, day: datetime | None,
    pdf: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Add a reviewer's decision to the report FILE, signed by a key. Any later change of the page is seen by `check`.

    Several reviewers sign one after the other. The page must be untouched; whether its result is true, ask `check`
    before you sign.
    """
    from prelaunch.policy_report.checking import Against, is_true, of_itself
    from prelaunch.policy_report.document import read_document
    from prelaunch.policy_report.keys import is_locked, private_key
    from prelaunch.policy_report.pdf import find_browser, print_pdf
    from prelaunch.policy_report.signing import Decision, sign
    from prelaunch.policy_report.writing import save

    if str(file) == "-":
        raise InputError([Problem("-", "cannot be signed in place", "name a file")])
    if pdf is not None:
        find_browser()
    document, signed_on = read_document(file), _today(day)
    _check_days(reviewer, signed_on, until.date())
    lines = of_itself(document, Against(signed_on))
    if not is_true(lines):
        raise InputError([Problem(f"{file}: {line.what}", line.says, "write it again before you sign")
                          for line in lines if line.state == "false" and not line.what.endswith(".until")]
                         or [Problem(str(file), "an earlier decision has expired", "write it again")])  # fmt: skip
    passphrase = click.prompt("passphrase", hide_input=True, err=True) if is_locked(pem) else None
    key = private_key(pem, passphrase)
    decided = Decision(reviewer, decision, comment, signed_on.isoformat(), until.date().isoformat())
    save(sign(document, decided, key), file)
    if pdf is not None:
        print_pdf(file, pdf)
    err().print(f"signed: {file}: {decision} by {reviewer}, until {decided.until}", markup=False, soft_wrap=True)
    if as_json:
        write_json({"report": str(file), "decision": decision, "reviewer": reviewer, "until": decided.until})


def _check_days(reviewer: str, day: date, until: date) -> None:
    problems = []
    if not reviewer.strip():
        problems.append(Problem("--reviewer", "is empty", "name who decides"))
    if until < day:
        problems.append(Problem("--until", f"{until} lies before the decision of {day}", "name a later day"))
    if problems:
        raise InputError(problems)


@command.command()
@click.argument("file", type=FILE)
@click.option("--passphrase", is_flag=True, help="Ask for a passphrase to lock the private key with.")
@json_option
def key(file: Path, passphrase: bool, as_json: bool) -> None:
    """Make a key pair to sign with: the private key FILE (NAME.pem), and NAME.pub.pem to hand out."""
    from prelaunch.policy_report.keys import fingerprint, make_pair, public_name

    asked = click.prompt("passphrase", hide_input=True, confirmation_prompt=True, err=True) if passphrase else None
    public = make_pair(file, asked)
    err().print(f"written: {file} (keep it), {public_name(file)} (hand it out)", markup=False, soft_wrap=True)
    err().print(f"fingerprint: {fingerprint(public)}", markup=False)
    if as_json:
        write_json({"private": str(file), "public": str(public_name(file)), "fingerprint": fingerprint(public)})


def _today(day: datetime | None) -> date:
    """Return the day given, else today: the one place where a report looks at the calendar."""
    return day.date() if day else date.today()  # noqa: DTZ011  # the reviewer's own day, by their clock

"""``prelaunch doctor``: check this machine and installation."""

from __future__ import annotations

from dataclasses import asdict

import click

from prelaunch import exits
from prelaunch.console import json_option, write_json
from prelaunch.health import Finding, examine, worst


@click.command()
@json_option
def command(as_json: bool) -> int:
    """Check Python, packages, time zones, holidays, memory, disk and writable folders.

    Exit code 1 when something must be mended before prelaunch can work.
    """
    findings = examine()
    if as_json:
        write_json({"verdict": worst(findings), "checks": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            click.echo(_line(finding))
        click.echo(_closing(findings))
    return exits.FINDINGS if worst(findings) == "fail" else exits.DONE


def _line(finding: Finding) -> str:
    remedy = f"  -> {finding.remedy}" if finding.remedy else ""
    return f"{finding.verdict:<5} {finding.name:<17} {finding.found}{remedy}"


def _closing(findings: list[Finding]) -> str:
    count = {verdict: sum(finding.verdict == verdict for finding in findings) for verdict in ("fail", "warn")}
    return f"{count['fail']} to mend, {count['warn']} to know of" if any(count.values()) else "All is well."

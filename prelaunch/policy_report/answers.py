"""Who answered for findings, as a report embeds it: the file of suppressions, and the day on which they were judged.

A baseline marks what is new; a report shows nothing of that, and embeds none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec

from policies.errors import InputError, Problem
from policies.findings import RuleResult, located
from prelaunch.findings.marks import Marked, suppress
from prelaunch.findings.suppressions import Suppressions, read_suppressions
from prelaunch.policy_report.inputs import LARGEST, bytes_of, embedded
from prelaunch.policy_report.model import Inputs

SUPPRESSIONS = "suppressions"
"""The field of the file among the inputs."""


def with_answers(inputs: Inputs, suppressions: Suppressions | None, day: date) -> Inputs:
    """Return the inputs with the file of suppressions that was taken on ``day``; as they are without one."""
    if suppressions is None:
        return inputs
    data = bytes_of(suppressions.text, suppressions.sha256)
    file = embedded(SUPPRESSIONS, suppressions.name, data)
    if file.size > LARGEST:
        file = msgspec.structs.replace(file, content=None, base64=False)
    return msgspec.structs.replace(inputs, files=(*inputs.files, file), answered_on=day.isoformat())


def answered_on(inputs: Inputs) -> date:
    """Return the day on which the suppressions were judged. Raises ``InputError`` if the report tells none."""
    try:
        return date.fromisoformat(str(inputs.answered_on))
    except ValueError:
        what = f"{inputs.answered_on or 'nothing'!r} is no day on which suppressions were judged"
        raise InputError([Problem("content: inputs.answered_on", what, "write the report again")]) from None


def answered_again(
    findings: Sequence[RuleResult], inputs: Inputs, placed: Mapping[str, Path]
) -> tuple[RuleResult, ...]:
    """Return the findings with the marks of the suppressions that stand at ``placed``, on the day of the report."""
    if SUPPRESSIONS not in placed:
        return tuple(findings)
    read = read_suppressions(placed[SUPPRESSIONS])
    return suppress(Marked(tuple(map(located, findings))), read, answered_on(inputs)).results

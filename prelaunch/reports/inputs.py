"""What a report is made of: the summary, the findings, and what surrounds a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from policies.findings import RuleResult
from prelaunch.summary.model import Summary


@dataclass(frozen=True, slots=True)
class Assumed:
    """A number that no source gives for this case: what it is, its value with unit, where it comes from."""

    what: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """Rows of the audience that were set aside for one reason."""

    reason: str
    rows: int
    example: str = ""


@dataclass(frozen=True, slots=True)
class ReportInputs:
    """Everything a page shows.

    ``obeying`` is the summary of the same run with the gate on, ``observing`` that with the gate off; one of them is
    usually ``summary`` itself. Recipients must be shown by a keyed hash already, unless the user asked otherwise;
    ``recipients`` is what ``recipient_table`` returns. ``manifest`` is shown as it is, nested or flat;
    ``replay`` is the command that makes the run again.
    """

    summary: Summary
    findings: Sequence[RuleResult] = ()
    description: str = ""
    obeying: Summary | None = None
    observing: Summary | None = None
    recipients: pa.Table | None = None
    recipients_file: str = "recipients.csv"
    audience_rows: int | None = None
    rejects: Sequence[Rejected] = ()
    rejects_file: str = "rejects.csv"
    notices: Sequence[str] = ()
    not_modelled: Sequence[str] = ()
    assumed: Sequence[Assumed] = ()
    manifest: Mapping[str, object] = field(default_factory=dict)
    replay: str = ""

"""One remark of the template lint, with the place and the mend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LintSeverity = Literal["error", "warn", "info"]


@dataclass(frozen=True, slots=True)
class LintFinding:
    """``place`` is (start, end) in the text of ``field``; None where the whole field or template is meant.

    ``error``: the provider will refuse the template or the message comes out wrong; ``warn``: it probably will be;
    ``info``: worth knowing. ``source`` says where the limit comes from, or *assumed*.
    """

    code: str
    severity: LintSeverity
    field: str
    message: str
    place: tuple[int, int] | None
    fix: str
    source: str
    template: str = ""

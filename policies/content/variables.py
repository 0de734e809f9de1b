"""Lint of ``{{variables}}``: known to the audience, well written, none forgotten."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from policies.content.findings import LintFinding
from policies.content.text import PLACEHOLDER, TemplateText

FOREIGN_STYLE = re.compile(r"\$\{\w+\}|(?<!\{)\{\w+\}(?!\})|%[A-Za-z_]{3,}%|#[A-Za-z_]{3,}#|\[[A-Z_]{3,}\]|<%=?.*?%>")
"""Placeholders of other systems, which our senders would send as they stand."""
EMPTY_VALUE = re.compile(r"\b(?:null|none|undefined|nan|nil)\b", re.IGNORECASE)
"""What a failed substitution leaves behind."""
_OWN = "how templates are filled"


def variable_faults(text: TemplateText, columns: Collection[str] | None) -> Iterator[LintFinding]:
    """Yield what is wrong with the variables; ``columns`` are the audience's, None when it is not known."""
    yield from _unbalanced(text)
    yield from _foreign(text)
    yield from _left_over(text) if text.final else _unknown(text, columns)
    yield from _unused(text)


def missing_columns(text: TemplateText, columns: Collection[str]) -> tuple[str, ...]:
    """Return the names of the variables that no column of the audience fills, each once, in reading order."""
    return tuple(dict.fromkeys(p.name for p in text.placeholders() if p.column not in columns))


def _unbalanced(text: TemplateText) -> Iterator[LintFinding]:
    for field, written in text.parts():
        blank = PLACEHOLDER.sub(lambda found: " " * len(found[0]), written)
        for found in re.finditer(r"\{\{|\}\}", blank):
            message = f"{found[0]} has no counterpart"
            yield LintFinding(
                "braces-unbalanced", "error", field, message, found.span(), "close the variable: {{name}}", _OWN
            )


def _foreign(text: TemplateText) -> Iterator[LintFinding]:
    for field, written in text.parts():
        for found in FOREIGN_STYLE.finditer(written):
            name = re.sub(r"\W", "", found[0]) or "name"
            message, fix = f"{found[0]} will be sent as it stands", f"write {{{{{name}}}}}"
            yield LintFinding("foreign-placeholder", "warn", field, message, found.span(), fix, _OWN)


def _left_over(text: TemplateText) -> Iterator[LintFinding]:
    for place in text.placeholders():
        span, message = (place.start, place.end), f"{{{{{place.name}}}}} was not filled"
        yield LintFinding("missing-variable", "error", place.field, message, span, "give the variable a value", _OWN)
    for field, written in text.parts():
        for found in EMPTY_VALUE.finditer(written):
            message = f"'{found[0]}' looks like an empty value"
            yield LintFinding("empty-value", "warn", field, message, found.span(), "check how it was filled", _OWN)


def _unknown(text: TemplateText, columns: Collection[str] | None) -> Iterator[LintFinding]:
    if columns is None:
        if text.placeholders():
            message = "whether the variables can be filled was not checked: no audience is given"
            yield LintFinding("variables-unchecked", "info", "body", message, None, "give the audience", _OWN)
        return
    for place in text.placeholders():
        if place.column not in columns:
            message = (
                f"no column of the audience fills {{{{{place.name}}}}}" if place.name else "a variable has no name"
            )
            fix = f"add the column {place.column}, or pair the variable with one of: {', '.join(sorted(columns)[:8])}"
            yield LintFinding("missing-variable", "error", place.field, message, (place.start, place.end), fix, _OWN)


def _unused(text: TemplateText) -> Iterator[LintFinding]:
    used = {place.name for place in text.placeholders()}
    for name, _ in text.variables:
        if name not in used and not text.final:
            message = f"the variable {name} is declared and not used"
            yield LintFinding("unused-variable", "warn", "variables", message, None, "use it or take it out", _OWN)

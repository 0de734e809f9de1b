"""Texts: templates with their distinct texts for the content rules, and the SMS segments each person's text takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.content.segments import count_segments
from policies.content.text import PLACEHOLDER, TemplateText, TextButton
from policies.distinct import distinct_rows
from policies.people import People
from policies.records import NEVER
from scenarios.model import Scenario, Template
from simulator.engine.model import ByRecipient


@dataclass(slots=True)
class Texts:
    """``texts[code]`` are the distinct texts; by template: ``codes`` and ``units``, one number or one a recipient."""

    place: dict[str, int] = field(default_factory=dict)
    texts: list[TemplateText] = field(default_factory=list)
    codes: list[ByRecipient] = field(default_factory=list)
    units: list[ByRecipient] = field(default_factory=list)


def template_text(template: Template, sender: str | None = None) -> TemplateText:
    """Return what the content rules look at; ``sender`` as ``sender_of`` says."""
    return TemplateText(
        channel=template.channel,
        category=template.category,
        body=template.body,
        language=template.language,
        subject=template.subject,
        header=template.header,
        footer=template.footer,
        buttons=tuple(TextButton(button.kind, button.label, button.target) for button in template.buttons),
        variables=tuple(sorted(template.variables.items())),
        sender=sender,
    )


def sender_of(scenario: Scenario, name: str) -> str | None:
    """Return the name under which a template is sent; None where steps differ or the scenario names no sender."""
    channel = scenario.templates[name].channel
    steps = [step for campaign in scenario.campaigns for step in campaign.cascade if step.template == name]
    declared = [sender for sender, given in scenario.senders.items() if given.channel == channel]
    only = declared[0] if len(declared) == 1 else None
    used = {step.sender or only for step in steps} or {only}
    return used.pop() if len(used) == 1 else None


def compile_texts(scenario: Scenario, people: People) -> Texts:
    """Return the texts of all templates, and who gets which."""
    texts = Texts()
    for name, template in scenario.templates.items():
        texts.place[name] = len(texts.place)
        text = template_text(template, sender_of(scenario, name))
        code = len(texts.texts)
        texts.texts.append(text)
        columns = [people.attributes.get(column) for column in used_columns(text)]
        known = [column for column in columns if column is not None]
        if any(column.null_count for column in known):
            texts.texts.append(unfilled(text, people))
            texts.codes.append((code + _any_null(known)).astype(np.int32))
        else:
            texts.codes.append(code)
        texts.units.append(_units(text, people) if template.channel == "sms" else 1)
    return texts


def used_columns(text: TemplateText) -> list[str]:
    """Return the audience columns that fill the text's variables, each once."""
    return list(dict.fromkeys(placeholder.column for placeholder in text.placeholders()))


def unfilled(text: TemplateText, people: People) -> TemplateText:
    """Return the text as it goes out where a value is missing: the variable left open in a final text."""
    lacking = {c for c in used_columns(text) if c in people.attributes and people.attributes[c].null_count}
    body = PLACEHOLDER.sub(lambda found: found[0] if text.column(found[1]) in lacking else "0", text.body)
    return replace(text, body=body, final=True)


def _any_null(columns: Sequence[pa.Array]) -> npt.NDArray[np.bool_]:
    flags: npt.NDArray[np.bool_] = np.zeros(len(columns[0]), bool)
    for column in columns:
        flags |= column.is_null().to_numpy(zero_copy_only=False)
    return flags


def _units(text: TemplateText, people: People) -> ByRecipient:
    """Return the segments of the text: one number, or by recipient where variables change its length."""
    columns = [column for column in used_columns(text) if column in people.attributes]
    if not columns:
        return count_segments(PLACEHOLDER.sub("", text.body)).segments
    rows, codes = distinct_rows([people.attributes[column] for column in columns])
    lengths = []
    for row in rows:
        filled = {name: "" if value is None else str(value) for name, value in zip(columns, row, strict=True)}
        body = PLACEHOLDER.sub(lambda found, f=filled: f.get(text.column(found[1]), ""), text.body)  # type: ignore[misc]
        lengths.append(count_segments(body).segments)
    return lengths[0] if len(set(lengths)) == 1 else np.array(lengths, np.int16)[codes]


def registered_at(template: Template, instant_of: object, start: int) -> int:
    """Return when the template was registered: as given, else before the start if it is approved, else never."""
    if template.registered_at is not None:
        return int(instant_of(template.registered_at))  # type: ignore[operator]
    return start - 1 if template.status in ("approved", "paused", "disabled") else NEVER

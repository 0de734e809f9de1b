"""Templates: they exist where they are named, fit the channel, and their variables and buttons are whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.content.text import PLACEHOLDER
from policies.words import suggestion
from policies.yaml_tree import FieldPath
from scenarios.checks.facts import Facts
from scenarios.model import Template
from scenarios.plain_errors import Fault

LINK = re.compile(r"https?://\S+|\{\{[^{}]+\}\}\S*")


def check(facts: Facts) -> Iterator[Fault]:
    """Yield the faults of templates and of the steps that use them."""
    for path, step in facts.steps():
        yield from _named(facts, (*path, "template"), step.template, step.channel)
    calendar = facts.scenario.calendar
    if calendar is not None:
        for channel, name in calendar.templates.items():
            yield from _named(facts, ("calendar", "templates", channel), name, channel)
    for name, template in facts.scenario.templates.items():
        yield from _variables(("templates", name), template)
        yield from _buttons(("templates", name), template)


def _named(facts: Facts, path: FieldPath, name: str, channel: str) -> Iterator[Fault]:
    known = facts.names("templates")
    if name not in known:
        yield Fault(path, f"there is no template {name!r}", suggestion(name, known, what="templates"))
        return
    template = facts.scenario.templates.get(name)
    if template is not None and template.channel != channel:
        own = sorted(other for other, its in facts.scenario.templates.items() if its.channel == channel)
        remedy = f"templates for {channel}: {', '.join(own)}" if own else f"write a template for {channel}"
        yield Fault(path, f"the template {name!r} is for {template.channel}, not for {channel}", remedy)


def _texts(template: Template) -> Iterator[tuple[FieldPath, str]]:
    for field in ("subject", "header", "body", "footer"):
        text = getattr(template, field)
        if text:
            yield (field,), text
    for index, button in enumerate(template.buttons):
        yield ("buttons", index, "label"), button.label
        yield ("buttons", index, "target"), button.target or ""


def _variables(path: FieldPath, template: Template) -> Iterator[Fault]:
    used: set[str] = set()
    for field, text in _texts(template):
        names = PLACEHOLDER.findall(text)
        used.update(names)
        rest = PLACEHOLDER.sub("", text)
        if "" in names:
            yield Fault((*path, *field), "a variable without a name: {{}}", "name an audience column")
        if "{{" in rest or "}}" in rest:
            yield Fault((*path, *field), "the braces of a variable do not match", "write {{name}}")
    for name in template.variables:
        if name not in used:
            what = f"the variable {name!r} does not occur in the text"
            yield Fault((*path, "variables", name), what, suggestion(name, used, what="variables of the text"))
    if not template.body.strip():
        yield Fault((*path, "body"), "the text is empty", "write what the recipient is to read")


def _buttons(path: FieldPath, template: Template) -> Iterator[Fault]:
    for index, button in enumerate(template.buttons):
        at = (*path, "buttons", index)
        if button.kind in ("url", "phone") and not button.target:
            yield Fault((*at, "target"), f"a button of kind {button.kind!r} needs a target", "add it")
        elif button.kind == "url" and not LINK.fullmatch(button.target or ""):
            yield Fault((*at, "target"), f"{button.target!r} is no link", "begin it with https://")

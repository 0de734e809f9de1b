"""Where in the text of a scenario a finding is to be mended: the line of the step, the template or the campaign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from policies.errors import InputError
from policies.rules import Rule
from policies.sites import Site
from policies.yaml_tree import FieldPath, Lines, parse

OF_TEXTS = ("content", "duplicate", "template")
"""Kinds whose duty is mended in the template; that of all others where the message is sent."""


@dataclass(frozen=True, slots=True)
class Places:
    """The fields of a scenario with their lines; empty where the text is not known."""

    value: Any
    lines: Lines

    def line(self, rule: Rule, site: Site) -> int | None:
        """Return the line, counted from 1, of the narrowest field that the site names; None where it names none."""
        for path in self._paths(rule, site):
            if path in self.lines:
                return self.lines[path]
        return None

    def _paths(self, rule: Rule, site: Site) -> Iterator[FieldPath]:
        template: list[FieldPath] = [("templates", site.template)] if site.template else []
        sending = list(self._sending(site))
        of_text = any(check.kind in OF_TEXTS for check in rule.checks)
        yield from (*template, *sending) if of_text else (*sending, *template)
        if site.campaign:
            yield ("calendar",)

    def _sending(self, site: Site) -> Iterator[FieldPath]:
        """Yield the steps that fit the site, the campaign, then the first step with its channel."""
        campaigns = list(_items(self.value, "campaigns"))
        for number, campaign in campaigns:
            if site.campaign and campaign.get("id") == site.campaign:
                for place, step in _items(campaign, "cascade"):
                    if _fits(step, site):
                        yield ("campaigns", number, "cascade", place)
                yield ("campaigns", number)
        if not site.campaign and site.channel:
            for number, campaign in campaigns:
                for place, step in _items(campaign, "cascade"):
                    if step.get("channel") == site.channel:
                        yield ("campaigns", number, "cascade", place)


def places(text: str) -> Places:
    """Return the places of a scenario's text; none if it is no YAML."""
    try:
        return Places(*parse(text, "scenario")) if text else Places(None, {})
    except InputError:
        return Places(None, {})


def _items(value: Any, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    listed = value.get(name) if isinstance(value, dict) else None
    for number, item in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(item, dict):
            yield number, item


def _fits(step: dict[str, Any], site: Site) -> bool:
    if site.step and step.get("id") == site.step:
        return True
    return bool(site.channel) and (step.get("channel"), step.get("template")) == (site.channel, site.template)

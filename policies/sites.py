"""Sites: where in a campaign the messages come from that a rule objects to, each with a fingerprint that lasts.

A finding is one rule, one answer and one site. Exceptions and baselines speak of findings, never of single messages, so
the sites of a rule add up to all of its counts; evidence shows only the first few messages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from policies.evidence import Evidence
from policies.records import CHANNELS

if TYPE_CHECKING:
    from policies.messages import Messages

MAX_SITES = 500
"""Sites of one rule and answer that are named, the fullest first; the others are summed. *Assumed*: more than anybody
reads, and less than a log in which each message has a template of its own."""

Step = Callable[[str, str, str], str]
"""Returns the id of the one step with this campaign, channel and template; empty where there is none or several."""


Counts = Counter[tuple[str, str, str, str]]
"""How many judgements there are by answer, campaign, channel and template."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Who took responsibility for a finding, why, and until when (ISO date, inclusive); ``where`` is the entry."""

    reason: str
    approver: str
    expires: str
    id: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """One place in a campaign, and how many judgements gave ``answer`` (fail, review or unknown) there.

    Empty names are not known or do not apply. ``others`` above 0: the sum of so many further sites that are not named
    apart. ``baseline`` is new, unchanged or gone, empty without a comparison.
    """

    answer: str
    count: int
    campaign: str = ""
    step: str = ""
    channel: str = ""
    template: str = ""
    others: int = 0
    suppressed: Suppressed | None = None
    baseline: str = ""

    @property
    def names(self) -> tuple[str, str, str, str]:
        """Return campaign, step, channel and template."""
        return self.campaign, self.step, self.channel, self.template

    @property
    def words(self) -> str:
        """Return the site for reading; *the whole run* where nothing narrower is known."""
        if self.others:
            return f"{self.others} further places"
        return " / ".join(dict.fromkeys(name for name in self.names if name)) or "the whole run"


def fingerprint(rule_id: str, site: Site | None = None) -> str:
    """Return 32 hex digits for a rule, or for a finding of it at a site.

    They depend on the rule's id, the answer and the four names alone: not on seed, times, counts, paths or versions.
    """
    parts: tuple[str, ...] = (rule_id,)
    if site is not None:
        parts += (site.answer, "others" if site.others else "", *site.names)
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=16, person=b"finding/1").hexdigest()


@dataclass(slots=True)
class Sites:
    """The sites of judged messages, one code a message, worked out when first asked for."""

    messages: Messages
    _codes: npt.NDArray[np.int64] | None = None
    _names: Sequence[tuple[str, str, str]] = ()

    def count(self, mask: npt.NDArray[np.bool_]) -> Counter[tuple[str, str, str]]:
        """Return how many of the messages in ``mask`` each campaign, channel and template has."""
        if not mask.any():
            return Counter()
        if self._codes is None:
            self._codes, self._names = _coded(self.messages)
        counts = np.bincount(self._codes[mask], minlength=len(self._names))
        return Counter({self._names[code]: int(counts[code]) for code in np.flatnonzero(counts).tolist()})


def _coded(messages: Messages) -> tuple[npt.NDArray[np.int64], list[tuple[str, str, str]]]:
    """Return a code for each message, and what the codes stand for."""
    lists: tuple[Sequence[str], ...] = (messages.campaigns, CHANNELS, messages.templates)
    columns = messages.reaches()
    key = np.zeros(len(messages.answers), np.int64)
    for names, column in zip(lists, columns, strict=True):
        known = np.where((column >= 0) & (column < len(names)), column, len(names))
        key = key * (len(names) + 1) + known
    distinct, codes = np.unique(key, return_inverse=True)
    found = []
    for code in distinct.tolist():
        words: list[str] = []
        for names in reversed(lists):
            code, place = divmod(code, len(names) + 1)  # noqa: PLW2901  # a number is taken apart digit by digit
            words.insert(0, names[place] if place < len(names) else "")
        found.append((words[0], words[1], words[2]))
    return codes.astype(np.int64), found


def sites_of(counts: Counts, others: Mapping[str, int], step: Step) -> tuple[Site, ...]:
    """Return the sites by answer, then the fullest first; ``others`` counts by answer what has no place of its own."""
    sites: list[Site] = []
    for answer in ("fail", "review", "unknown"):
        own = [(names[1:], n) for names, n in counts.items() if names[0] == answer and n]
        own.sort(key=lambda item: (-item[1], item[0]))
        named, rest = own[:MAX_SITES], own[MAX_SITES:]
        sites += [Site(answer, n, names[0], step(*names), names[1], names[2]) for names, n in named]
        more = others.get(answer, 0)
        if rest or more:
            sites.append(Site(answer, sum(n for _, n in rest) + more, others=len(rest) + bool(more)))
    return tuple(sites)


def told_by(evidence: Iterable[Evidence], totals: Mapping[str, int]) -> tuple[Counts, Counter[str]]:
    """Return what evidence tells of sites: counts by answer and names, and by answer what it leaves out.

    ``totals`` counts by answer all that was judged so; evidence shows the first few. Without any, the site is the run.
    """
    where: Counts = Counter()
    shown: Counter[str] = Counter()
    for item in evidence:
        where[item.answer, item.campaign, item.channel, item.template] += 1
        shown[item.answer] += 1
    for answer, total in totals.items():
        if total and not shown[answer]:
            where[answer, "", "", ""] = shown[answer] = total
    return where, Counter({answer: total - shown[answer] for answer, total in totals.items() if shown[answer] < total})


def same_place(sites: Sequence[Site], evidence: Evidence) -> Site | None:
    """Return the site that a piece of evidence belongs to; None where there is none."""
    named = (evidence.answer, evidence.campaign, evidence.channel, evidence.template)
    for site in sites:
        if not site.others and (site.answer, site.campaign, site.channel, site.template) == named:
            return site
    return next((site for site in sites if site.others and site.answer == evidence.answer), None)


def nowhere(campaign: str, channel: str, template: str) -> str:
    """Return no step: what a log from outside is not asked for."""
    del campaign, channel, template
    return ""


def only_steps(steps: Iterable[tuple[Any, ...]]) -> Step:
    """Return a ``Step`` for (campaign, channel, template, id) of all steps."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for campaign, channel, template, name in steps:
        found.setdefault((campaign, channel, template), set()).add(name)
    sole = {where: next(iter(names)) for where, names in found.items() if len(names) == 1}
    return lambda campaign, channel, template: sole.get((campaign, channel, template), "")

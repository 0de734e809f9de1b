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

COUNTED = 1 << 20
"""Sites that are counted by number; beyond, those that occur are looked for first, which takes a sort: for five million
messages 1.4 s of processor time against 0.4 s (measured)."""

Int64s = npt.NDArray[np.int64]
Names = tuple[str, str, str]
"""Campaign, channel, template."""

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
            return f"{self.others} further places" if self.others > 1 else "elsewhere"
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
    _codes: Int64s | None = None
    _numbers: Int64s | None = None

    def count(self, mask: npt.NDArray[np.bool_]) -> Counter[Names]:
        """Return how many of the messages in ``mask`` each campaign, channel and template has."""
        if not mask.any():
            return Counter()
        if self._codes is None:
            self._work_out()
        assert self._codes is not None
        counts = np.bincount(self._codes[mask])
        found = np.flatnonzero(counts)
        numbers = found if self._numbers is None else self._numbers[found]
        return Counter(dict(zip(map(self._names, numbers.tolist()), counts[found].tolist(), strict=True)))

    @property
    def _lists(self) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
        return self.messages.campaigns, CHANNELS, self.messages.templates

    def _work_out(self) -> None:
        """Number the sites; where there could be too many to count by number, only those that there are."""
        number = np.zeros(len(self.messages.answers), np.int64)
        size = 1
        for names, column in zip(self._lists, self.messages.reaches(), strict=True):
            known = (column >= 0) & (column < len(names))
            number = number * (len(names) + 1) + np.where(known, column, len(names))
            size *= len(names) + 1
        if size > COUNTED:
            self._numbers, number = np.unique(number, return_inverse=True)
        self._codes = number

    def _names(self, number: int) -> Names:
        """Return what a number stands for; empty names where nothing is known."""
        found = []
        for names in reversed(self._lists):
            number, place = divmod(number, len(names) + 1)
            found.append(names[place] if place < len(names) else "")
        template, channel, campaign = found
        return campaign, channel, template


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

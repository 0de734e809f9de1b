"""What is known of a whole run, and what a run-scoped kind says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from policies.evidence import Evidence
from policies.rules import Scope

if TYPE_CHECKING:
    import pyarrow as pa

STATE_EVENTS = ("limit_changed", "quality_changed", "template_state", "sender_state", "staff")
"""Events that set a state which lasts; they count also when they happened before a rule came into force."""


@dataclass(frozen=True, slots=True)
class CascadeStep:
    """One step of a campaign's cascade. ``price_micro`` is that of one message, None when no price is known."""

    campaign: str
    step: str
    channel: str
    price_micro: int | None
    stop_on: str
    wait_s: float | None = None


@dataclass(frozen=True, slots=True)
class CampaignFact:
    """A campaign: how many recipients it takes up, and whether it is a pilot of later ones."""

    id: str
    category: str
    size: int
    pilot: bool = False


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run as run-scoped kinds see it.

    ``log`` has the columns of ``policies.records.COLUMNS``, instants in microseconds UTC. ``limits`` gives the
    messaging limit of a sender at the start: None for unlimited, no entry when it is not known. ``portfolios`` gives
    the portfolio of a sender; a sender without one stands alone. ``end`` is the first instant that was not observed.
    ``simulated`` says that a state without a row never changed; in a log from outside it is not known.
    """

    log: pa.Table
    start: int
    end: int
    zone: str = "UTC"
    cascades: tuple[CascadeStep, ...] = ()
    campaigns: tuple[CampaignFact, ...] = ()
    limits: Mapping[str, int | None] = field(default_factory=dict)
    portfolios: Mapping[str, str] = field(default_factory=dict)
    staff_present: bool = False
    simulated: bool = True
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def within(self, scope: Scope) -> RunFacts:
        """Return the facts that fall under ``scope``: rows of its channels, categories and time.

        Rows without channel or category stay; so do states set before the scope begins. Start and end, cascades and
        campaigns are narrowed likewise.
        """
        import pyarrow.compute as pc

        log = self.log
        keep = pc.and_(_among(log["channel"], scope.channels), _among(log["category"], scope.categories))
        at = log["occurred_at"].cast("int64")
        inside = pc.and_(pc.greater_equal(at, scope.start), pc.less(at, scope.end))
        lasting = pc.is_in(log["event"].cast("string"), value_set=_texts(STATE_EVENTS))
        kept = pc.and_(keep, pc.or_(inside, pc.and_(lasting, pc.less(at, scope.end))))
        named = {campaign.id for campaign in self.campaigns if campaign.category in scope.categories}
        return replace(
            self,
            start=max(self.start, scope.start),
            end=min(self.end, scope.end),
            log=log if pc.all(kept).as_py() else log.filter(kept),
            campaigns=tuple(item for item in self.campaigns if item.id in named),
            cascades=tuple(item for item in self.cascades if item.campaign in named or not self.campaigns),
        )


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a kind says of a run: how many things it judged, how many failed, need review, or lack an input.

    ``what`` names the things counted (replies, senders, months); ``missing`` the inputs that nobody gave.
    """

    n: int
    failed: int = 0
    review: int = 0
    unknown: int = 0
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    note: str = ""
    what: str = "messages"


def _texts(words: tuple[str, ...]) -> pa.Array:
    import pyarrow as pa

    return pa.array(words, pa.string())


def _among(column: pa.ChunkedArray, words: tuple[str, ...]) -> pa.ChunkedArray:
    """Return where the column is empty or one of ``words``."""
    import pyarrow.compute as pc

    text = column.cast("string")
    return pc.or_(pc.is_null(text), pc.is_in(text, value_set=_texts(words)))

"""Pilot: a large campaign follows a finished pilot that drew few complaints."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from policies.evidence import MAX_EVIDENCE, Evidence
from policies.runs.columns import Columns
from policies.runs.facts import Assessment, CampaignFact, RunFacts

EVIDENCE = "pilot_done"

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["size_over"],
    "properties": {
        "size_over": {"description": "Larger campaigns need a pilot.", "type": "integer", "minimum": 0},
        "complaint_limit": {
            "description": "A pilot with this share of complaints over deliveries, or more, is no proof.",
            "type": "number",
            "minimum": 0,
            "maximum": 1,
        },
    },
}


def assess(params: Mapping[str, Any], run: RunFacts) -> Assessment:
    """Return one judgement for each campaign larger than ``size_over`` that is not a pilot itself."""
    large = [item for item in run.campaigns if item.size > params["size_over"] and not item.pilot]
    pilots = [item for item in run.campaigns if item.pilot]
    if large and not pilots and not run.simulated and not isinstance(run.evidence.get(EVIDENCE), bool):
        missing = (f"evidence {EVIDENCE}",)  # a log from outside does not tell which campaign was a pilot
        return Assessment(n=len(large), unknown=len(large), missing=missing, what="campaigns")
    columns = Columns(run.log)
    faults = [_fault(params, run, columns, item, pilots) for item in large]
    evidence = tuple(
        Evidence("fail", fault, campaign=item.id) for item, fault in zip(large, faults, strict=True) if fault
    )
    return Assessment(
        n=len(large), failed=len(evidence), evidence=evidence[:MAX_EVIDENCE], what="campaigns"
    )  # fmt: skip


def _fault(
    params: Mapping[str, Any], run: RunFacts, columns: Columns, campaign: CampaignFact, pilots: list[CampaignFact]
) -> str:
    """Return why the campaign lacks a pilot; empty text when it has one or evidence of one."""
    stated = run.evidence.get(EVIDENCE)
    if isinstance(stated, bool):  # a text is no answer: ``no`` is one
        return "" if stated else f"{campaign.size} recipients, and evidence {EVIDENCE} denies a pilot"
    reasons = [_unfit(params, columns, pilot, campaign) for pilot in pilots]
    if "" in reasons:
        return ""
    found = "; ".join(reasons) or "there is no pilot in this run"
    return f"{campaign.size} recipients: {found}"


def _unfit(params: Mapping[str, Any], columns: Columns, pilot: CampaignFact, campaign: CampaignFact) -> str:
    """Return why a pilot is no proof for the campaign; empty text when it is."""
    delivered, complained = (_count(columns, pilot.id, event) for event in ("delivered", "complained"))
    if not delivered:
        return f"nothing of pilot {pilot.id} was delivered"
    if Fraction(complained, delivered) >= Fraction(str(params.get("complaint_limit", 1))):
        return f"pilot {pilot.id} drew {complained} complaints of {delivered} delivered"
    begun, ended = _edge(columns, campaign.id, 0), _edge(columns, pilot.id, -1)
    if begun is not None and ended is not None and ended >= begun:
        return f"pilot {pilot.id} was still going out when the campaign began"
    return ""


def _count(columns: Columns, campaign: str, event: str) -> int:
    return int(columns.is_word("campaign", (campaign,))[columns.rows(event)].sum())


def _edge(columns: Columns, campaign: str, place: int) -> int | None:
    """Return the instant of the first (0) or last (-1) hand-over of a campaign."""
    rows = columns.rows("submitted")
    rows = rows[columns.is_word("campaign", (campaign,))[rows]]
    return int(columns.numbers("occurred_at")[rows[place]]) if len(rows) else None

"""What a verdict is about, in words and figures: everything that was enumerated, and what was not."""

from __future__ import annotations

from collections.abc import Sequence

from policies.people import People
from policies.records import CHANNELS, SECOND
from scenarios.compile.model import Compiled


def in_words(
    compiled: Compiled, people: People, agreements: Sequence[str], queue: int, *, given: bool
) -> dict[str, str]:
    """Return the domain by subject: plain words with the values that were enumerated."""
    model = compiled.model
    zones = sorted({" or ".join(zones) or "unknown" for zones in people.zone_sets})
    said = "as given" if given else "the time in which the whole audience passes the slowest queue"
    return {
        "acts": "the scenario's own guards alone, whatever its gate; packs judge",
        "releases": "; ".join(_release(compiled, number) for number in range(len(model.campaigns))),
        "zones": ", ".join(zones),
        "countries": ", ".join(people.countries),
        "consents": "; ".join(agreements) + "; for or against each channel and category; given at any instant",
        "opt-outs": "none, from all channels or from one of them, at any instant, known to the company at once",
        "orders": "those before the run, the last of them at any instant; purchases within the run are not enumerated",
        "channels": ", ".join(CHANNELS[channel] for channel in sorted(model.channels)) + ": each there or not",
        "receipts": "refused, failed, read or delivered at any instant of the wait, later, or never",
        "queueing": f"0 to {queue / SECOND:g} s between a decision and the hand-over ({said})",
        "texts": "the texts of the templates, with variables filled, or open where the base lacks values",
        "attributes": "the combinations that occur in the base, with lacking values where it lacks them",
        "registers": "absent, or entered long ago in one that a rule asks for; unknown where the base does not tell; "
        "dates of entry are not enumerated",
        "not enumerated": "what people write back; limits, ratings, blocks of senders; outages; reviews of templates",
    }


def _release(compiled: Compiled, number: int) -> str:
    campaign = compiled.model.campaigns[number]
    first, last = compiled.line.local(campaign.release_at), compiled.line.local(campaign.release_at + campaign.spread)
    until = "" if first == last else f" to {last:%Y-%m-%d %H:%M:%S}"
    return f"{campaign.id} at any instant of {first:%Y-%m-%d %H:%M:%S}{until} {compiled.scenario.clock.zone}"

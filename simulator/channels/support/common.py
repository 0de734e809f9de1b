"""Figures that several channels share because nothing better is known: one place to change them."""

from __future__ import annotations

from simulator.channels.base import Feedback, Latency, assumed

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S

ACCEPTED = assumed(0.99, "no published rate; a clean base and valid requests are taken almost always", 0.95, 1.0)
PURCHASED = assumed(
    0.05, "no published rate by channel; the same for all, so that no channel wins by a guess", 0.01, 0.15
)
NOTHING_HIDDEN = assumed(0.0, "no setting known by which people of this channel hide that they read")
RECEIPTS_LOST = assumed(0.01, "no published rate; providers retry a few times and give no guarantee", 0.0, 0.05)
RECEIPTS_REPEATED = assumed(0.01, "no published rate; providers send again when the answer was slow", 0.0, 0.05)
NO_RECEIPTS = assumed(0.0, "this channel sends no receipts, so none is lost or repeated")

WEBHOOK = Latency(1, 10, "no published figure; a call-back follows within seconds", "assumed")
NO_DELAY = Latency(1, 1, "this channel sends no receipts; clicks are seen on the company's own site at once", "assumed")
ACTING = Latency(60, 30 * 60, "no published figure; people act while they read or soon after", "assumed")
MESSENGER_DELIVERY = Latency(
    4, 2 * HOUR_S, "no published figure; seconds for an app on line, hours for one that is off", "assumed"
)
MESSENGER_READING = Latency(
    5 * 60,
    6 * HOUR_S,
    "no published figure; people look into messengers 2-3 times as often as into mail (seed C3)",
    "assumed",
)


def blocking(operator: str, sender: str) -> Feedback:
    """Return how a messenger suspends a sender that many complain of, where its operator publishes no figure."""
    return Feedback(
        kind="block",
        warn_rate=assumed(0.01, f"{operator} publishes no threshold", 0.003, 0.03),
        block_rate=assumed(0.03, f"{operator} publishes no threshold; advertising risks {sender} (seed S6)", 0.01, 0.1),
        block_minimum=assumed(1000, f"{operator} publishes no least sample", 100, 10_000),
        window_s=assumed(DAY_S, f"{operator} publishes no period"),
        block_s=assumed(7 * DAY_S, f"{operator} publishes no duration", DAY_S, 30 * DAY_S),
    )

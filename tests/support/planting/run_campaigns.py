"""Campaigns: pilots before them, the order of their steps, and channels beside the main ones."""

from __future__ import annotations

from datetime import datetime

from policies.runs.facts import CampaignFact, CascadeStep
from tests.support.planting.run_planter import MORNING, RunLimit, RunPlanter, Way
from tests.support.planting.words import DAY, HOUR, LEAST, SECOND

ENDED = MORNING + 2 * DAY
"""When the pilot of a run was last handed over."""


def mass(p: RunPlanter, breaks: bool, begins: datetime, size: int = 10_001) -> None:
    """Add a campaign to so many people."""
    name = p.name("mass")
    p.run.campaigns.append(CampaignFact(name, "promo", size))
    for at in (begins, begins + DAY):
        p.add("submitted", at, campaign=name)
    p.fail("pilot", name, breaks)


def pilot(p: RunPlanter, ended: datetime = ENDED, delivered: int = 101, complained: int = 1) -> None:
    """Add a pilot; the first ones complain, whose messages leave every window first."""
    cells = {word: p.name(word) for word in ("campaign", "sender", "template")}
    p.run.campaigns.append(CampaignFact(cells["campaign"], "promo", 500, pilot=True))
    for number in range(20):
        p.add("submitted", ended - number * SECOND, **cells)
    people = [p.add("delivered", ended + HOUR + n * SECOND, **cells)["recipient"] for n in range(delivered)]
    for person in people[:complained]:
        p.add("complained", ended + 2 * HOUR, recipient=person, **cells)


def ten_thousand(p: RunPlanter, breaks: bool) -> None:
    """To as many people as need no pilot; the only one never arrived."""
    pilot(p, delivered=0)
    mass(p, breaks, ENDED, size=10_001 if breaks else 10_000)


def a_hundredth(p: RunPlanter, breaks: bool) -> None:
    """After a pilot of which fewer than one in a hundred complained."""
    pilot(p, delivered=100 if breaks else 101)
    mass(p, breaks, ENDED + HOUR)


def after_the_pilot(p: RunPlanter, breaks: bool) -> None:
    """After the last message of the pilot, not at its instant."""
    pilot(p)
    mass(p, breaks, ENDED + LEAST * (not breaks))


def pilots(p: RunPlanter, order: list[bool]) -> None:
    """Campaigns of a run that has one good pilot, with a bad one or without; or a bad one, or one that never arrived.

    Pilots serve all campaigns of a run, so that a run has one case of them.
    """
    way = p.random.randrange(4)
    good = way in (0, 1)
    if good:
        pilot(p)
    if way == 1:
        pilot(p, ENDED - DAY, delivered=100)
    elif way == 2:
        pilot(p, delivered=100)
    elif way == 3:
        pilot(p, delivered=0)
    for breaks in order:
        if breaks:
            mass(p, True, p.random.choice([ENDED, ENDED - HOUR]) if good else ENDED + DAY)
        elif good and p.random.random() < 0.7:
            mass(p, False, ENDED + LEAST, p.random.choice([10_001, 2_000_000]))
        else:
            mass(p, False, ENDED - HOUR, 10_000)


def cascade(p: RunPlanter, breaks: bool, price: int = 0, stop: str = "read", wait_s: float = 60.0) -> None:
    """Add three steps; ``price`` is by how much the first or second is dearer than the next one."""
    name, place = p.name("cascade"), p.random.randrange(2)
    prices = [1_000, 1_000, 1_000]
    prices[place] += price
    prices[:place] = [500] * place
    for number, channel in enumerate(("push", "viber", "sms")):
        own = number == place
        if number > place:
            prices[number] = max(prices[number], 1_000)
        step = CascadeStep(name, str(number), channel, prices[number], stop if own else "read", wait_s if own else 60.0)
        p.run.cascades.append(step)
    p.run.campaigns.append(CampaignFact(name, "promo", 100))
    p.fail("cascade_order", name, breaks)


def equal_prices(p: RunPlanter, breaks: bool) -> None:
    """A step as dear as the next one, or dearer by the least amount."""
    cascade(p, breaks, price=int(breaks))


def a_wait(p: RunPlanter, breaks: bool) -> None:
    """A step that waits for the least time, or for none."""
    cascade(p, breaks, wait_s=0.0 if breaks else 1e-6)


def a_stop(p: RunPlanter, breaks: bool) -> None:
    """A step that stops the cascade once it arrived, or never does."""
    cascade(p, breaks, stop="never" if breaks else "delivered")


def another_channel(p: RunPlanter, breaks: bool) -> None:
    """By SMS and Viber alone, or with push among the steps or in the log."""
    name, in_log, push = p.name("lone"), p.random.random() < 0.5, [] if breaks else ["push"]
    planned, used = (["sms"], ["sms", "viber", *push]) if in_log else (["viber", *push, "sms"], ["sms"])
    p.run.cascades += [CascadeStep(name, str(n), word, 5 + n, "read", 60.0) for n, word in enumerate(planned)]
    p.run.campaigns.append(CampaignFact(name, "promo", 100))
    for channel in used:
        p.add("submitted", p.moment(), campaign=name, channel=channel)
    p.fail("other_channel", name, breaks)


LIMITS = (
    RunLimit("pilot", "size_over", ten_thousand),
    RunLimit("pilot", "complaint_limit", a_hundredth),
    RunLimit("pilot", "", after_the_pilot),
    RunLimit("cascade_order", "", equal_prices),
    RunLimit("cascade_order", "", a_wait),
)
OTHER_WAYS: tuple[Way, ...] = (a_stop,)
"""Of the order of steps."""

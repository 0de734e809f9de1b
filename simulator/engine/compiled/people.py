"""What is known of one person and one chain just now: attempts, messages of the week, windows, caps, numbers."""

from __future__ import annotations

from typing import Any

from policies.kernels import inlined, kernel
from policies.records import DAY, WEEK
from simulator.behaviour import FATIGUE_LEVELS
from simulator.engine.compiled.numbers import word
from simulator.engine.outcome import SERVICE_WINDOW

MOST_RECENT = FATIGUE_LEVELS - 1


@inlined
def attempt_of(w: Any, c: int, step: Any) -> int:
    """Return the number of attempts of this chain on the step's channel so far."""
    return word(w.tries[c, step.tries_column]) if step.tries_column >= 0 else 0


@inlined
def count_attempt(w: Any, c: int, step: Any) -> None:
    """Count an attempt on the step's channel; where the campaign uses it once, nobody will ask."""
    if step.tries_column >= 0:
        w.tries[c, step.tries_column] += 1


@inlined
def units_of(w: Any, step: Any, recipient: int) -> int:
    """Return the billable units of the step's text for this recipient."""
    return word(w.by_person[step.units_column, recipient]) if step.units_column >= 0 else word(step.units)


@inlined
def text_of(w: Any, step: Any, recipient: int) -> int:
    """Return the index of the step's text for this recipient."""
    return word(w.by_person[step.text_column, recipient]) if step.text_column >= 0 else word(step.text)


@inlined
def guarded_of(w: Any, step: Any, recipient: int) -> int:
    """Return what the guards of the rules say of the step's message to this recipient (A_WHEN)."""
    return word(w.by_person[step.guarded_column, recipient]) if step.guarded_column >= 0 else word(step.guarded)


@inlined
def recent_messages(w: Any, who: int, at: int) -> int:
    """Return the messages handed over to the person in the 7 days before ``at``, at most 15."""
    now = w.now[0]
    if now.counts_recent:
        return min(word(w.people[who].recent), MOST_RECENT)
    count = 0
    for place in range(now.own_recent + 1, now.own_recent + 1 + MOST_RECENT):
        count += w.own[who, place] > at - WEEK
    return count


@inlined
def remember_message(w: Any, who: int, at: int) -> None:
    """Count a message that the provider accepted; of the last 15 the instants are kept where a week can pass."""
    now = w.now[0]
    if now.counts_recent:
        w.people[who].recent = min(w.people[who].recent + 1, MOST_RECENT)
        return
    place = w.own[who, now.own_recent]
    w.own[who, now.own_recent + 1 + place] = at
    w.own[who, now.own_recent] = (place + 1) % MOST_RECENT


@inlined
def in_window(w: Any, who: int, channel: Any, at: int) -> bool:
    """Return whether the person's last message on this channel keeps the service window open."""
    return channel.own_inbound >= 0 and at < w.own[who, channel.own_inbound] + SERVICE_WINDOW


@inlined
def touch(w: Any, who: int, at: int) -> None:
    """Note that what the rules see of the person has changed at this instant."""
    if w.now[0].own_touched >= 0:
        w.own[who, w.now[0].own_touched] = at


@inlined
def count_sent(w: Any, who: int, step: Any) -> None:
    """Count a message that the step's sender handed over to this person, where a rule asks for it."""
    if w.now[0].own_sent >= 0:
        w.own[who, w.now[0].own_sent + step.sender] += 1


@kernel
def sent_today(w: Any, who: int, step: Any, at: int) -> int:
    """Return the messages of the step's sender to this person on the day of their own clock."""
    return word(w.own[who, step.own_today + 1]) if w.own[who, step.own_today] == today(w, who, at) else 0


@kernel
def today(w: Any, who: int, at: int) -> int:
    """Return the day of the person's own clock, since 1970-01-01."""
    return (at + word(w.places[w.people[who].place].local_offset)) // DAY


@kernel
def count_today(w: Any, who: int, step: Any, at: int) -> None:
    """Count a message towards the provider's daily cap, if it has one."""
    if step.own_today >= 0:
        w.own[who, step.own_today + 1] = sent_today(w, who, step, at) + 1
        w.own[who, step.own_today] = today(w, who, at)


@inlined
def is_suppressed(w: Any, who: int, channel: Any) -> bool:
    """Return whether the company's own list of dead numbers stops the message."""
    now = w.now[0]
    return channel.by_number != 0 and now.suppress_after > 0 and w.own[who, now.own_failures] >= now.suppress_after

"""What differs between two runs in numbers: messages gained and lost, channels, hours, prices, outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from policies.records import CHANNELS, SECOND
from prelaunch.summary.plain import decimal_text
from scenarios.diff.pairs import CHANGES, Pairs
from scenarios.diff.sides import OUTCOMES, Side


@dataclass(frozen=True, slots=True)
class Counts:
    """Messages by what became of them between the two runs; ``people`` have at least one change.

    ``same`` counts messages that are alike but for less than a second, of which ``slightly`` moved at all.
    ``channels`` and ``outcomes`` are (before, after, messages). Messages are later by ``later_us`` in the middle and
    at most, (median, largest); the same for ``sooner_us``. Money is in micro-units: what the gained and the lost
    messages cost, by how much the price of the others moved in sum, costs without a recipient, and of people who are
    in one audience only; all of them add up to the difference of the two totals.
    """

    messages_a: int
    messages_b: int
    same: int
    gained: int
    lost: int
    stopped: int
    people: int
    changed: dict[str, int]
    channels: tuple[tuple[str, str, int], ...]
    outcomes: tuple[tuple[str, str, int], ...]
    sooner: int
    later: int
    sooner_us: tuple[int, int]
    later_us: tuple[int, int]
    slightly: int
    dearer: int
    cheaper: int
    gained_micro: int
    lost_micro: int
    moved_micro: int
    fees_micro: int
    apart_micro: int
    total_a_micro: int
    total_b_micro: int
    apart_a: int
    apart_b: int

    @property
    def total_micro(self) -> int:
        """Return by how much the second run is dearer."""
        return self.total_b_micro - self.total_a_micro

    @property
    def nothing(self) -> bool:
        """Say whether no message, stop or cost differs."""
        messages = self.gained, self.lost, self.stopped, self.slightly, *self.changed.values()
        return not any((*messages, self.total_micro, self.apart_a, self.apart_b))


def count_changes(a: Side, b: Side, pairs: Pairs) -> Counts:
    """Return the numbers of a pairing."""
    both = ~pairs.gained & ~pairs.lost
    left, right = pairs.a[both], pairs.b[both]
    moved = b.at[right] - a.at[left]
    price = b.cost[right] - a.cost[left]
    changed = {name: int(pairs.changed[name].sum()) for name in CHANGES}
    lost, gained = pairs.a[pairs.lost], pairs.b[pairs.gained]
    differing = pairs.differing
    return Counts(
        messages_a=len(a),
        messages_b=len(b),
        same=len(pairs.a) - len(differing),
        gained=len(gained),
        lost=len(lost),
        stopped=len(pairs.stopped_a),
        people=_people(a, b, pairs, differing),
        changed=changed,
        channels=_table(CHANNELS, a.channel[left], b.channel[right]),
        outcomes=_table(OUTCOMES, a.outcome[left], b.outcome[right]),
        sooner=int((moved <= -SECOND).sum()),
        later=int((moved >= SECOND).sum()),
        sooner_us=_spread(-moved[moved <= -SECOND]),
        later_us=_spread(moved[moved >= SECOND]),
        slightly=int(((moved != 0) & (np.abs(moved) < SECOND)).sum()),
        dearer=int((price > 0).sum()),
        cheaper=int((price < 0).sum()),
        gained_micro=int(b.cost[gained].sum()),
        lost_micro=int(a.cost[lost].sum()),
        moved_micro=int(price.sum()),
        fees_micro=b.fees_micro - a.fees_micro,
        apart_micro=b.apart_micro - a.apart_micro,
        total_a_micro=a.total_micro,
        total_b_micro=b.total_micro,
        apart_a=a.apart,
        apart_b=b.apart,
    )


def counts_as_dict(counts: Counts) -> dict[str, Any]:
    """Return the counts as JSON values; money as exact decimal text, spans of time in seconds."""
    money = {
        name.removesuffix("_micro"): decimal_text(getattr(counts, name))
        for name in ("gained_micro", "lost_micro", "moved_micro", "fees_micro", "apart_micro", "total_micro")
    }
    return {
        "messages": {"a": counts.messages_a, "b": counts.messages_b, "same": counts.same},
        "gained": counts.gained,
        "lost": counts.lost,
        "stopped_otherwise": counts.stopped,
        "people": counts.people,
        "changed": dict(counts.changed),
        "channels": [{"from": one, "to": two, "messages": n} for one, two, n in counts.channels],
        "outcomes": [{"from": one, "to": two, "messages": n} for one, two, n in counts.outcomes],
        "hours": {
            "sooner": counts.sooner, "later": counts.later,
            "sooner_median_s": counts.sooner_us[0] / 1e6, "sooner_most_s": counts.sooner_us[1] / 1e6,
            "later_median_s": counts.later_us[0] / 1e6, "later_most_s": counts.later_us[1] / 1e6,
            "within_a_second": counts.slightly,
        },
        "prices": {"dearer": counts.dearer, "cheaper": counts.cheaper},
        "cost": {"a": decimal_text(counts.total_a_micro), "b": decimal_text(counts.total_b_micro), **money},
        "in_one_audience_only": {"a": counts.apart_a, "b": counts.apart_b},
    }  # fmt: skip


def _people(a: Side, b: Side, pairs: Pairs, differing: Any) -> int:
    one, two = pairs.a[differing], pairs.b[differing]
    who = np.concatenate([a.recipient[one[one >= 0]], b.recipient[two[two >= 0]]])
    return len(np.unique(who))


def _table(words: tuple[str, ...], one: Any, two: Any) -> tuple[tuple[str, str, int], ...]:
    """Return (before, after, how many) where the two differ."""
    differs = one != two
    keys, numbers = np.unique(one[differs] * len(words) + two[differs], return_counts=True)
    pairs = zip(keys.tolist(), numbers.tolist(), strict=True)
    return tuple((words[key // len(words)], words[key % len(words)], number) for key, number in pairs)


def _spread(spans: Any) -> tuple[int, int]:
    """Return the median (the lower of two middle ones) and the largest of some spans; zeros of none."""
    if not len(spans):
        return 0, 0
    return int(np.sort(spans)[(len(spans) - 1) // 2]), int(spans.max())

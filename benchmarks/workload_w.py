"""Workload W: a cascade of five channels with quiet hours, a cap, queues and a messaging limit, at any size.

Its figures are *assumed*; they were chosen once, for measuring engines, and are not to be read as figures of a market.
Throughputs, the limit and its sample grow with the size, so that queues and refusals are the same at every size.
W is compiled by the program's own compiler into its own model. Where W as it was first written down is simpler or
other than what that model plays, the model decides:

- an earlier message (20 % of people) is a real one: a first campaign by flash call, on the day before;
- the daily cap holds a message until it may go, and is not a reason to skip the step;
- a message that is not delivered writes a row ``failed``; its report is lost, so that the chain waits as in W;
- the quality rating counts complaints over deliveries, by day and weight, and the limit counts people at delivery;
- a red rating pauses the WhatsApp template (3 h, 6 h, for good) and lowers the limit after a week, W lowers it at once:
  either way nearly every later WhatsApp message is refused and goes to SMS at once;
- the jitter after a hold is halved until the message may go; releases fall on whole milliseconds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from policies.coded import coded, constant
from policies.ids import Numbered
from policies.people import C_WIDTH, EVIDENCE, People, channel_mask, shared
from policies.records import CHANNELS, NEVER
from scenarios.compile.model import Compiled, compile_scenario
from scenarios.model import decode
from simulator.draws import mix_array

Raw = dict[str, Any]
FULL_SIZE = 1_000_000
"""Recipients at which the rates and limits below hold as they stand."""
CHUNK = 1 << 20
"""People made in one go; bounds what their draws take."""
Z95 = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Figures:
    """One channel of W. Latencies are (median in seconds, sigma) of a lognormal; ``price`` is (charge event, price).

    Nobody waits after the last step, whatever its ``wait_s``.
    """

    name: str
    reachable: float
    consent: float
    accepted: float
    delivered: float
    read: float
    complained: float
    throughput_per_s: float
    wait_s: float
    price: tuple[str, float] | None
    delivery: tuple[float, float]
    reading: tuple[float, float]


CASCADE = (
    Figures("push", 0.35, 0.90, 0.99, 0.90, 0.12, 0.0005, 5000, 1800, None, (2, 1.0), (600, 1.5)),
    Figures("email", 0.60, 0.80, 0.98, 0.95, 0.22, 0.002, 500, 21600, ("submit", 0.01), (20, 1.2), (7200, 1.6)),
    Figures("viber", 0.35, 0.80, 0.97, 0.85, 0.45, 0.004, 200, 3600, ("delivered", 1.2), (4, 1.0), (900, 1.5)),
    Figures("whatsapp", 0.75, 0.70, 0.97, 0.92, 0.60, 0.030, 80, 7200, ("delivered", 4.0), (3, 1.0), (600, 1.5)),
    Figures("sms", 0.99, 0.95, 0.985, 0.96, 0.50, 0.001, 100, 0, ("submit", 3.0), (8, 1.5), (180, 1.2)),
)
COMPLAINING = (120.0, 1.0)
EARLIER = 0.20
"""Share of people with a message on the day before."""
ZONES = (
    ("Europe/Kaliningrad", 0.01), ("Europe/Moscow", 0.62), ("Europe/Samara", 0.06), ("Asia/Yekaterinburg", 0.11),
    ("Asia/Omsk", 0.03), ("Asia/Novosibirsk", 0.05), ("Asia/Irkutsk", 0.04), ("Asia/Yakutsk", 0.02),
    ("Asia/Vladivostok", 0.03), ("Asia/Magadan", 0.02), ("Asia/Kamchatka", 0.01),
)  # fmt: skip
"""UTC+2 to UTC+12."""
ODD_US = (419, 1153, 2297, 3613)
"""Microseconds added to the waits of a W without ties."""


def workload(size: int, *, seed: int = 1, ties: bool = True) -> Compiled:
    """Return W for ``size`` recipients, compiled. Without ``ties`` the waits end between whole milliseconds.

    With them, timers and releases may fall on the same microsecond; which goes first is then a matter of the schedule.
    """
    return compile_scenario(decode(scenario(size, seed, ties)), people(size, seed))


def scenario(size: int, seed: int, ties: bool) -> Raw:
    """Return W as a raw scenario: Monday 2021-10-04, 09:00 in Moscow, and the day before for earlier messages."""
    share = size / FULL_SIZE
    names = ["flash_call", *(figures.name for figures in CASCADE)]
    categories = dict.fromkeys(names, "promo") | {"flash_call": "transactional"}
    return {
        "name": "workload W",
        "as_of": "2021-10-01",
        "seed": seed,
        "clock": {"start": "2021-10-03T09:00", "horizon_days": 6},
        "audience": {"synthetic": {"size": size}},
        "senders": {name: _sender(name, share) for name in names},
        "channels": {"flash_call": _earlier_channel()} | {f.name: _channel(f, share) for f in CASCADE},
        "templates": {name: {"channel": name, "body": "W", "category": categories[name]} for name in names},
        "guards": {"rules": _guards()},
        "feedback": _feedback(share),
        "people": {"engagement_sigma": 0, "fatigue_per_message": 0, "activity": "flat"},
        "campaigns": [_earlier(size), _offer(ties)],
    }


def _sender(name: str, share: float) -> Raw:
    if name == "whatsapp":
        return {"channel": name, "limit": max(1, round(100_000 * share))}
    return {"channel": name, "traffic": "advertising"} if name == "viber" else {"channel": name}


def _lognormal(median: float, sigma: float) -> Raw:
    return {"p50_s": median, "p95_s": round(median * math.exp(sigma * Z95), 6)}


def _at_once() -> Raw:
    return {"points": [[0, 0], [1, 0]]}


def _channel(figures: Figures, share: float) -> Raw:
    charged = [] if figures.price is None else [{"event": figures.price[0], "price": figures.price[1]}]
    return {
        **_quiet(),
        "accepted": figures.accepted,
        "delivered": figures.delivered,
        "read": figures.read,
        "complained": figures.complained,
        "throughput_per_s": figures.throughput_per_s * share,
        "prices": charged,
        "delivery": _lognormal(*figures.delivery),
        "reading": _lognormal(*figures.reading),
        "acting": _lognormal(*COMPLAINING),
        "validity_s": 30 * 86400,
    }


def _quiet() -> Raw:
    """What W does not know: clicks, replies, opt-outs, delivery reports; a read is known at once."""
    nothing = dict.fromkeys(("clicked", "replied", "purchased", "unsubscribed"), 0)
    return {**nothing, "receipts": {"lost": 1, "repeated": 0, "read_hidden": 0, "delay": _at_once()}}


def _earlier_channel() -> Raw:
    certain = {"accepted": 1, "delivered": 1, "complained": 0, "throughput_per_s": 1e6, "prices": []}
    return {**_quiet(), **certain, "delivery": _at_once()}


def _guards() -> list[Raw]:
    both = ["promo", "transactional"]
    cap = {"caps": [{"count": 2, "period": "roll_24h"}], "count_categories": both}
    rules = [
        {"id": "agreed", "kind": "consent", "params": {"match": ["channel"]}},
        {"id": "hours", "kind": "time_window", "params": {"workday": ["09:00", "22:00"], "dayoff": None}},
        {"id": "cap", "kind": "frequency_cap", "params": cap},
    ]
    return [{**rule, "categories": ["promo"]} for rule in rules]


def _feedback(share: float) -> Raw:
    never = {"warn_rate": 1, "block_rate": 1}
    rated = {"yellow_rate": 0.005, "red_rate": 0.005, "minimum_sample": 2000, "scale": share}
    return {"email": never, "whatsapp": rated}


def _earlier(size: int) -> Raw:
    cascade = [{"channel": "flash_call", "template": "flash_call", "stop_on": "never"}]
    released = {"release_at": "2021-10-03T09:00", "spread_h": 24, "sample": round(size * EARLIER)}
    return {"id": "earlier", "category": "transactional", "cascade": cascade, **released}


def _offer(ties: bool) -> Raw:
    cascade: list[Raw] = [{"channel": f.name, "template": f.name, "stop_on": "read"} for f in CASCADE]
    for step, figures, odd in zip(cascade[:-1], CASCADE[:-1], ODD_US, strict=True):
        step["wait_s"] = figures.wait_s if ties else figures.wait_s + odd / 1e6
    released = {"release_at": "2021-10-04T09:00", "spread_h": 2, "hold_jitter_s": 600}
    return {"id": "offer", "category": "promo", "cascade": cascade, **released}


def people(size: int, seed: int) -> People:
    """Return the audience of W: addresses, consents and zones drawn apart, each with the shares of its table."""
    rng = np.random.default_rng(seed)
    ids = Numbered("W", 7, size, first=0)
    agreed = coded(_mask(rng, size, [f.consent for f in CASCADE]))
    zone = np.concatenate([rng.choice(len(ZONES), part, p=[share for _, share in ZONES]).astype(np.int16)
                           for part in _chunks(size)])  # fmt: skip
    consents = np.zeros((len(agreed.values), C_WIDTH), dtype=np.int64)
    consents[:] = (63, 0, -1, 0, NEVER, (1 << len(EVIDENCE)) - 1)
    consents[:, 1] = agreed.values
    return People(
        ids=ids,
        key=np.concatenate([mix_array(part + np.uint64(seed * 1_000_003)) for part in _numbers(size, np.uint64)]),
        phone=np.concatenate([79_000_000_000 + part for part in _numbers(size, np.int64)]),
        country=shared(0, size, np.int16),
        zone_set=zone,
        zone_source=shared(0, size, np.uint8),
        present=_mask(rng, size, [f.reachable for f in CASCADE]) | np.uint16(channel_mask("flash_call")),
        feature_phone=shared(False, size, np.bool_),
        failures_in_a_row=constant(0, size),
        orders=constant(0, size),
        last_order_at=constant(-NEVER, size),
        overdue_since=constant(NEVER, size),
        overdue_micro=constant(0, size),
        consent_set=agreed.codes,
        consent_ptr=np.arange(len(consents) + 1, dtype=np.int64),
        consents=consents,
        opt_out_at=constant([NEVER] * len(CHANNELS), size),
        countries=("RU",),
        zone_sets=tuple((zone,) for zone, _ in ZONES),
    )


def _mask(rng: np.random.Generator, size: int, shares: list[float]) -> npt.NDArray[np.uint16]:
    """Return a bit mask of channels by person: each channel of the cascade with its own share."""
    mask = np.zeros(size, dtype=np.uint16)
    for figures, share in zip(CASCADE, shares, strict=True):
        start = 0
        for part in _chunks(size):
            mask[start : start + part] |= np.uint16(channel_mask(figures.name)) * (rng.random(part) < share)
            start += part
    return mask


def _chunks(size: int) -> list[int]:
    """Return the sizes of the chunks that people are made in."""
    return [min(CHUNK, size - start) for start in range(0, size, CHUNK)]


def _numbers(size: int, kind: type[np.generic]) -> Iterator[Any]:
    """Yield the numbers of people, chunk by chunk."""
    return (np.arange(start, min(start + CHUNK, size), dtype=kind) for start in range(0, size, CHUNK))

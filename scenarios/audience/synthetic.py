"""Synthetic audiences: people by a few parameters, for those who have no file yet.

Sources of the defaults: button phones one in five (facts/seeds.md S14, a vendor's figure of 2021); shares of zones, of
addresses and of consents for push, e-mail, Viber, WhatsApp and SMS as in workload W (facts/engine.md section 10), that
for VK 0.4 (facts/channels.md section 1 guesses 0.35-0.5 of a base). Everything else here is *assumed*.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from policies.errors import InputError, Problem
from policies.people import (
    C_BRAND,
    C_CATEGORIES,
    C_CHANNELS,
    C_EVIDENCE,
    C_FROM,
    C_TO,
    C_WIDTH,
    ZONE_SOURCES,
    People,
    channel_mask,
)
from policies.records import CHANNELS, DAY, NEVER
from scenarios.audience.consents import DOCUMENT, METHOD, category_mask
from scenarios.audience.draws import Draws
from scenarios.audience.keys import recipient_keys
from scenarios.audience.synthetic_numbers import numbers
from scenarios.audience.synthetic_traits import traits
from scenarios.audience.zones import country_zones, known_zones
from scenarios.model import Synthetic

Int64s = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

MESSENGERS = ("viber", "vk", "whatsapp", "telegram")
SMARTPHONE = ("push", *MESSENGERS)
PRESENT: Mapping[str, float] = MappingProxyType(
    {"push": 0.35, "email": 0.60, "viber": 0.35, "vk": 0.40, "whatsapp": 0.75, "sms": 0.99, "telegram": 0.50}
)
CONSENT: Mapping[str, float] = MappingProxyType(
    {"push": 0.90, "email": 0.80, "viber": 0.80, "vk": 0.80, "whatsapp": 0.70, "sms": 0.95, "telegram": 0.70}
    | {"flash_call": 0.70, "voice": 0.70}
)
ZONES: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        "Europe/Kaliningrad": ("Калининград", 0.01),
        "Europe/Moscow": ("Москва", 0.62),
        "Europe/Samara": ("Самара", 0.06),
        "Asia/Yekaterinburg": ("Екатеринбург", 0.11),
        "Asia/Omsk": ("Омск", 0.03),
        "Asia/Krasnoyarsk": ("Красноярск", 0.05),
        "Asia/Irkutsk": ("Иркутск", 0.04),
        "Asia/Yakutsk": ("Якутск", 0.02),
        "Asia/Vladivostok": ("Владивосток", 0.03),
        "Asia/Magadan": ("Магадан", 0.02),
        "Asia/Kamchatka": ("Петропавловск-Камчатский", 0.01),
    }
)
"""Zone -> the city that stands for it, and its share of the base."""
NO_ORDERS = 0.3
DEAD_RUN = 5


def synthetic_people(spec: Synthetic, *, now: int, wanted: Collection[str]) -> People:
    """Return the people of ``spec``; dates lie before the day of ``now`` (microseconds UTC), at midnight UTC.

    Attributes given, if wanted: city, full_name, birth_year, segment, orders, language. Person ``i`` does not depend
    on the size. Raises ``InputError`` for shares and zones that cannot be.
    """
    _check(spec)
    present = {**PRESENT, **{str(name): share for name, share in spec.present.items()}}
    draws, today = Draws(spec.seed, spec.size), now // DAY * DAY
    feature = draws.chance("feature phone", spec.feature_phone)
    mobile = draws.chance("sms", present["sms"])
    phone = numbers(spec.country, draws, mobile)
    ids = _ids(spec.size)
    orders, last_order_at = _orders(spec, draws, today)
    consent_ptr, consents = _consents(spec, draws, today)
    zones, cities, zone = _zones(spec, draws)
    sources = [ZONE_SOURCES.index("address" if city else "explicit") for city in cities]
    indebted = draws.chance("overdue", spec.overdue)
    people = People(
        ids=ids,
        key=recipient_keys(ids),
        phone=phone,
        country=np.zeros(spec.size, dtype=np.int64),
        zone_set=zone,
        zone_source=np.array(sources, dtype=np.uint8)[zone],
        present=_present(spec, present, draws, feature, phone > 0, mobile),
        feature_phone=feature,
        failures_in_a_row=DEAD_RUN * draws.chance("dead number", spec.dead_number).astype(np.int64),
        orders=orders,
        last_order_at=last_order_at,
        overdue_since=np.where(indebted, today - (1 + draws.below("overdue since", 200)) * DAY, NEVER),
        overdue_micro=np.where(indebted, (10_000 + draws.below("overdue amount", 3_000_000)) * 10_000, 0),
        consent_ptr=consent_ptr,
        consents=consents,
        opt_out_at=_opt_outs(spec, draws, today),
        countries=(spec.country,),
        zone_sets=tuple((name,) for name in zones),
    )
    people.attributes.update(traits(people, spec, draws, today, cities, wanted))
    return people


def _check(spec: Synthetic) -> None:
    problems = [
        Problem(f"audience.synthetic.zones.{zone}", "is no IANA zone", "such as Europe/Moscow")
        for zone in spec.zones
        if zone not in known_zones()
    ]
    if spec.zones and not sum(spec.zones.values()) > 0:
        problems.append(Problem("audience.synthetic.zones", "the shares are all zero"))
    if spec.segments and not sum(spec.segments.values()) > 0:
        problems.append(Problem("audience.synthetic.segments", "the shares are all zero"))
    if not country_zones(spec.country):
        problems.append(Problem("audience.synthetic.country", f'"{spec.country}" is no country', "such as RU"))
    for name, share in spec.present.items():
        if name in SMARTPHONE and share > 1 - spec.feature_phone + 1e-9:
            what = f"{share} is more than the share of smartphones, {1 - spec.feature_phone:g}"
            problems.append(Problem(f"audience.synthetic.present.{name}", what, "lower it or feature_phone"))
    if problems:
        raise InputError(problems)


def _ids(size: int) -> pa.StringArray:
    digits = pa.array(np.arange(1, size + 1)).cast(pa.string())
    return pc.binary_join_element_wise("S", pc.utf8_lpad(digits, 7, "0"), "")


def _zones(spec: Synthetic, draws: Draws) -> tuple[list[str], list[str], Int64s]:
    """Return the zones in sorted order, the city that stands for each ("": none), and each person's zone."""
    russian = {zone: share for zone, (_, share) in ZONES.items()}
    equal = dict.fromkeys(country_zones(spec.country), 1.0)
    shares = dict(sorted((spec.zones or (russian if spec.country == "RU" else equal)).items()))
    cities = [ZONES[zone][0] if zone in ZONES else "" for zone in shares]
    return list(shares), cities, draws.choice("zone", list(shares.values()))


def _present(
    spec: Synthetic, shares: Mapping[str, float], draws: Draws, feature: Mask, numbered: Mask, mobile: Mask
) -> Int64s:
    """Return the channels with an address. Apps need a smartphone, messengers a number too.

    Calls reach the mobiles, unless given apart.
    """
    present = np.zeros(spec.size, dtype=np.int64)
    smart = 1 - spec.feature_phone
    for name in CHANNELS:
        if name == "sms" or name not in shares:
            has = mobile
        elif name in SMARTPHONE:
            share = min(shares[name], smart)
            has = ~feature & draws.chance(name, share / smart if smart > 0 else 0.0)
        else:
            has = draws.chance(name, shares[name])
        if name in MESSENGERS:
            has &= numbered
        present += channel_mask(name) * has
    return present


def _orders(spec: Synthetic, draws: Draws, today: int) -> tuple[Int64s, Int64s]:
    """Return orders and the last order's day: one-time buyers bought at least two months ago, others in two years."""
    none = min(NO_ORDERS, 1 - spec.one_time_buyer)
    group = draws.choice("orders", [none, spec.one_time_buyer, max(0.0, 1 - none - spec.one_time_buyer)])
    word = draws.words("more orders")
    more = 2 + sum((word >> np.uint64(63 - bit) == 0).astype(np.int64) for bit in range(8))
    orders = np.select([group == 0, group == 1], [0, 1], more).astype(np.int64)
    ago = np.where(orders == 1, 61 + draws.below("last order of one", 669), 1 + draws.below("last order", 729))
    return orders, np.where(orders == 0, -NEVER, today - ago * DAY)


def _consents(spec: Synthetic, draws: Draws, today: int) -> tuple[Int64s, Int64s]:
    """Return pointer and rows, at most one a person. One draw of willingness serves all channels."""
    will = draws.words("consent")
    shares = {**CONSENT, **{str(name): share for name, share in spec.consent.items()}}
    channels = np.zeros(spec.size, dtype=np.int64)
    for name in CHANNELS:
        share = shares[name]
        given = will < np.uint64(int(share * 2.0**64)) if share < 1 else np.ones(spec.size, dtype=np.bool_)
        channels += channel_mask(name) * given
    some = channels != 0
    table = np.empty((int(some.sum()), C_WIDTH), dtype=np.int64)
    table[:, C_CATEGORIES], table[:, C_CHANNELS] = category_mask("promo", "service"), channels[some]
    table[:, C_BRAND], table[:, C_TO], table[:, C_EVIDENCE] = -1, NEVER, METHOD | DOCUMENT
    table[:, C_FROM] = (today - (30 + draws.below("consent since", 1800)) * DAY)[some]
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(some, dtype=np.int64))), table


def _opt_outs(spec: Synthetic, draws: Draws, today: int) -> Int64s:
    """Return when each person opted out of all channels: within the last month, or NEVER."""
    out = draws.chance("opted out", spec.opted_out)
    at = np.where(out, today - (1 + draws.below("opted out since", 29)) * DAY, NEVER)
    return np.repeat(at[:, None], len(CHANNELS), axis=1)

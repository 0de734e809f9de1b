"""Synthetic audiences: people by a few parameters, for those who have no file yet.

Sources of the defaults: button phones one in five (facts/seeds.md S14, a vendor's figure of 2021); shares of zones, of
addresses and of consents for push, e-mail, Viber, WhatsApp and SMS as in workload W (facts/engine.md section 10), that
for VK 0.4 (facts/channels.md section 1 guesses 0.35-0.5 of a base). Everything else here is *assumed*.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from policies.coded import Coded, coded, coded_rows
from policies.errors import InputError, Problem
from policies.ids import Numbered
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
    shared,
)
from policies.records import CHANNELS, DAY, NEVER
from scenarios.audience.consents import DOCUMENT, METHOD, category_mask, sets_of_rows
from scenarios.audience.draws import Draws
from scenarios.audience.joins import Pieces
from scenarios.audience.keys import numbered_keys
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
CHUNK = 1 << 20
"""People made in one go; bounds what the draws take."""


def synthetic_people(spec: Synthetic, *, now: int, wanted: Collection[str]) -> People:
    """Return the people of ``spec``; dates lie before the day of ``now`` (microseconds UTC), at midnight UTC.

    Attributes given, if wanted: city, full_name, birth_year, segment, orders, language. Person ``i`` does not depend
    on the size. Raises ``InputError`` for shares and zones that cannot be.
    """
    _check(spec)
    today = now // DAY * DAY
    zones, cities, shares = _zones(spec)
    ids = Numbered("S", 7, spec.size)
    parts = Pieces()
    fixed = 0
    for first in range(0, spec.size, CHUNK):
        draws = Draws(spec.seed, min(CHUNK, spec.size - first), first)
        mobile = draws.chance("sms", _present_shares(spec)["sms"])
        part = _part(spec, draws, today, numbers(spec.country, draws, mobile, fixed), mobile)
        part["key"] = numbered_keys(ids, first, draws.size)
        part["zone_set"] = draws.choice("zone", shares).astype(np.int16)
        fixed += int((~mobile).sum())
        parts.add(part)
    flat = {name: parts.pop(name) for name in parts.names()}
    consent_set, consent_ptr, consents = sets_of_rows(flat.pop("consent"))
    sources = [ZONE_SOURCES.index("address" if city else "explicit") for city in cities]
    people = People(
        ids=ids,
        country=shared(0, spec.size, np.int16),
        zone_source=np.array(sources, dtype=np.uint8)[flat["zone_set"]],
        consent_set=consent_set,
        consent_ptr=consent_ptr,
        consents=consents,
        countries=(spec.country,),
        zone_sets=tuple((name,) for name in zones),
        **flat,
    )
    people.attributes.update(traits(people, spec, Draws(spec.seed, spec.size), today, cities, wanted))
    return people


def _part(spec: Synthetic, draws: Draws, today: int, phone: Int64s, mobile: Mask) -> dict[str, Any]:
    """Return what the draws of a chunk of people say, by field of ``People``; consents as rows."""
    feature, indebted = draws.chance("feature phone", spec.feature_phone), draws.chance("overdue", spec.overdue)
    orders, last_order_at = _orders(spec, draws, today)
    return {
        "phone": phone,
        "present": _present(spec, draws, feature, phone > 0, mobile),
        "feature_phone": feature,
        "failures_in_a_row": coded(DEAD_RUN * draws.chance("dead number", spec.dead_number).astype(np.int64)),
        "orders": coded(orders),
        "last_order_at": coded(last_order_at),
        "overdue_since": coded(np.where(indebted, today - (1 + draws.below("overdue since", 200)) * DAY, NEVER)),
        "overdue_micro": coded(np.where(indebted, (10_000 + draws.below("overdue amount", 3_000_000)) * 10_000, 0)),
        "consent": _consents(spec, draws, today),
        "opt_out_at": _opt_outs(spec, draws, today),
    }


def _present_shares(spec: Synthetic) -> dict[str, float]:
    return {**PRESENT, **{str(name): share for name, share in spec.present.items()}}


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


def _zones(spec: Synthetic) -> tuple[list[str], list[str], list[float]]:
    """Return the zones in sorted order, the city that stands for each ("": none), and their shares."""
    russian = {zone: share for zone, (_, share) in ZONES.items()}
    equal = dict.fromkeys(country_zones(spec.country), 1.0)
    shares = dict(sorted((spec.zones or (russian if spec.country == "RU" else equal)).items()))
    cities = [ZONES[zone][0] if zone in ZONES else "" for zone in shares]
    return list(shares), cities, list(shares.values())


def _present(spec: Synthetic, draws: Draws, feature: Mask, numbered: Mask, mobile: Mask) -> npt.NDArray[np.uint16]:
    """Return the channels with an address. Apps need a smartphone, messengers a number too.

    Calls reach the mobiles, unless given apart.
    """
    shares = _present_shares(spec)
    present = np.zeros(draws.size, dtype=np.uint16)
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
        present |= np.uint16(channel_mask(name)) * has
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


def _consents(spec: Synthetic, draws: Draws, today: int) -> Coded:
    """Return rows as of ``consents.consent_rows``, at most one consent a person. One draw of willingness serves all."""
    will = draws.words("consent")
    shares = {**CONSENT, **{str(name): share for name, share in spec.consent.items()}}
    channels = np.zeros(draws.size, dtype=np.int64)
    for name in CHANNELS:
        share = shares[name]
        given = will < np.uint64(int(share * 2.0**64)) if share < 1 else np.ones(draws.size, dtype=np.bool_)
        channels += channel_mask(name) * given
    some = channels != 0
    ago = np.where(some, 30 + draws.below("consent since", 1800), 0)
    told = coded_rows(np.stack((some, channels, ago), axis=1).astype(np.int64))
    table = np.zeros((len(told.values), 1 + C_WIDTH), dtype=np.int64)
    row = table[:, 1:]
    row[:, C_CATEGORIES], row[:, C_CHANNELS] = category_mask("promo", "service"), told.values[:, 1]
    row[:, C_BRAND], row[:, C_TO], row[:, C_EVIDENCE] = -1, NEVER, METHOD | DOCUMENT
    row[:, C_FROM] = today - told.values[:, 2] * DAY
    table[:, 0] = told.values[:, 0]
    return Coded(told.codes, table * table[:, :1])


def _opt_outs(spec: Synthetic, draws: Draws, today: int) -> Coded:
    """Return when each person opted out of all channels: within the last month, or NEVER."""
    out = draws.chance("opted out", spec.opted_out)
    at = coded(np.where(out, today - (1 + draws.below("opted out since", 29)) * DAY, NEVER))
    return Coded(at.codes, np.repeat(at.values[:, None], len(CHANNELS), axis=1))

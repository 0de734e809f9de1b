"""The columns an audience file may have, and which column of the file is which of ours."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from policies.errors import InputError, Problem


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``many`` columns hold mostly distinct values; the others are read as dictionaries."""

    name: str
    holds: Literal["text", "flag", "count", "date", "amount", "list"]
    many: bool
    meaning: str


CANONICAL = (
    Column("customer_id", "text", True, "external id; the draws of a recipient depend on it (else on the number)"),
    Column("phone", "text", True, "in any usual notation"),
    Column("email", "text", True, "e-mail address"),
    Column("full_name", "text", False, "name, for templates"),
    Column("city", "text", False, "address: city or region; the most trusted source of the time zone"),
    Column("time_zone", "text", False, "IANA zone, such as Asia/Omsk"),
    Column("birth_year", "count", False, "four digits"),
    Column("segment", "text", False, "the company's own segment"),
    Column("orders", "count", False, "number of orders so far"),
    Column("last_order_at", "date", False, "day or instant of the last order"),
    Column("push_token", "text", True, "token of the app; its presence is what counts"),
    Column("has_viber", "flag", False, "Viber account on this number"),
    Column("has_vk", "flag", False, "VK account on this number"),
    Column("has_whatsapp", "flag", False, "WhatsApp account on this number"),
    Column("has_telegram", "flag", False, "Telegram account on this number"),
    Column("feature_phone", "flag", False, "a button phone: no apps"),
    Column("ads_consent_at", "date", False, "when consent was given"),
    Column("ads_consent_channels", "list", False, "channels separated by |"),
    Column("ads_consent_topics", "list", False, "offers, recommendations, reminders, alerts, separated by |"),
    Column(
        "consent_evidence",
        "text",
        True,
        "method:reference, such as checkbox:777a5bbb; what else is known of it joined by +, such as "
        "soft_opt_in+collected_at_sale+similar_products+refusal_offered:order-777",
    ),
    Column("opted_out_at", "date", False, "when the person opted out"),
    Column("opted_out_channel", "list", False, "channels separated by |, or all"),
    Column("undelivered_sms_in_a_row", "count", False, "newest unbroken run of SMS that were not delivered"),
    Column("language", "text", False, "ISO 639 code"),
    Column("balance_overdue_rub", "amount", False, "amount overdue, in the scenario's currency"),
    Column("overdue_since", "date", False, "since when"),
    Column("subdivision", "text", False, "state or province, such as US-FL; rules of a state are for its people"),
    Column(
        "registers",
        "list",
        False,
        "registers in which the person stands, each with its day of registration, such as uk-tps@2026-01-05|br-sp; "
        "empty: in none",
    ),
)
NAMES = tuple(column.name for column in CANONICAL)
MANY = frozenset(column.name for column in CANONICAL if column.many)


def match_columns(
    header: Sequence[str], mapping: Mapping[str, str], wanted: Collection[str], where: str
) -> dict[str, int]:
    """Return, for each of our columns and each wanted attribute found, its position in ``header``.

    A name is sought as the mapping says, else as it is, else without regard to case and surrounding blanks.
    Raises ``InputError`` with every fault: duplicate headers, a mapping of or to nothing, neither id nor number.
    """
    problems = _header_problems(header, where) + _mapping_problems(header, mapping, wanted, where)
    if problems:
        raise InputError(problems)
    plain = {_fold(name): place for place, name in reversed(list(enumerate(header)))}
    found: dict[str, int] = {}
    for name in dict.fromkeys((*NAMES, *wanted)):
        place = plain.get(_fold(mapping.get(name, name)))
        if place is not None:
            found[name] = place
    if "phone" not in found and "customer_id" not in found:
        raise InputError([_no_key(header, where)])
    return found


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()


def _header_problems(header: Sequence[str], where: str) -> list[Problem]:
    seen: dict[str, int] = {}
    problems = []
    for place, name in enumerate(header, 1):
        if name and (first := seen.setdefault(_fold(name), place)) != place:
            what = f'the header has "{name}" twice, in columns {first} and {place}'
            problems.append(Problem(where, what, "rename or remove one of them"))
    return problems


def _mapping_problems(
    header: Sequence[str], mapping: Mapping[str, str], wanted: Collection[str], where: str
) -> list[Problem]:
    known, present = (*NAMES, *wanted), {_fold(name) for name in header}
    problems = []
    for ours, theirs in mapping.items():
        if ours not in known:
            what = f'audience.file.mapping: "{ours}" is none of our columns'
            problems.append(Problem(where, what, _nearest(ours, known, "the columns are listed in the documentation")))
        if _fold(theirs) not in present:
            what = f'audience.file.mapping: {ours}: the file has no column "{theirs}"'
            problems.append(Problem(where, what, _nearest(theirs, header, f"it has: {_short(header)}")))
    return problems


def _no_key(header: Sequence[str], where: str) -> Problem:
    what = f"neither a customer_id nor a phone column; the first line reads: {_short(header)}"
    return Problem(where, what, "the first line must name the columns; audience.file.mapping says which is which")


def _nearest(word: str, words: Collection[str], otherwise: str) -> str:
    near = difflib.get_close_matches(word, list(words), n=1)
    return f'did you mean "{near[0]}"?' if near else otherwise


def _short(header: Sequence[str]) -> str:
    text = ", ".join(name if name.isprintable() else repr(name) for name in header)
    return text if len(text) <= 200 else text[:200] + "..."

"""What a recipient of the attack may be like: each property as somebody of the audience has it, one apart from another.

Nobody of the audience appears: numbers, ids and addresses are made up, and letters of names are replaced.
"""

from __future__ import annotations

import itertools
import re
import tempfile
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.csv as pacsv

from policies.coded import Int64s
from policies.errors import InputError, Problem
from policies.people import People
from policies.places import nation
from policies.records import NEVER
from scenarios.audience.columns import NAMES
from scenarios.audience.draws import Draws
from scenarios.audience.part import part_of
from scenarios.audience.synthetic_numbers import numbers
from scenarios.audience.write import write_csv

Row = Mapping[str, str]
DONORS = 100_000
"""People of the audience that are looked at."""
MOST = 64
"""Values of a property that are tried, evenly chosen where there are more, the two ends among them."""
TABLE = 16
COUNTRY = "country"
"""In an option: the country of the number, which no column of an audience file names."""

GROUPS: tuple[tuple[str, ...], ...] = (
    (COUNTRY, "subdivision", "time_zone"),
    ("ads_consent_at", "ads_consent_channels", "ads_consent_topics", "consent_evidence"),
    ("opted_out_at", "opted_out_channel"),
    ("phone",), ("email",), ("push_token",),
    ("has_viber",), ("has_vk",), ("has_whatsapp",), ("has_telegram",), ("feature_phone",),
    ("orders", "last_order_at"),
    ("undelivered_sms_in_a_row",),
    ("balance_overdue_rub", "overdue_since"),
    ("registers",),
)  # fmt: skip
"""Columns that belong together; groups vary one apart from another."""


@dataclass(frozen=True, slots=True)
class Property:
    """One group of columns and the values it may take, the most frequent first; ``seen`` counts all there are.

    ``table`` has TABLE places of values, each as often as people have it.
    """

    columns: tuple[str, ...]
    values: tuple[Row, ...]
    seen: int
    table: tuple[int, ...]


def properties(people: People, wanted: Collection[str], conditions: Collection[str]) -> tuple[Property, ...]:
    """Return what may vary of a recipient, properties of one value included.

    ``wanted`` are the further columns that texts and conditions use; of a text's only the shortest and the longest
    values are tried, with their letters replaced, of a condition's (``conditions``) all.
    """
    rows = _rows(people)
    if not rows:
        what = "nobody of the audience can be told by one row: all have several consents, or opt-outs of several days"
        raise InputError([Problem("audience", what, "use an audience file, or a synthetic one")])
    found = [_property(columns, rows) for columns in GROUPS]
    others = sorted(set(wanted) - {column for columns in GROUPS for column in columns})
    texts = (_property((name,), rows) if name in conditions else _text(name, rows) for name in others)
    return (*found, *texts)


def recipient_id(number: int) -> str:
    """Return the external id of the recipient of a number, from 1."""
    return f"attack-{number}"


def person_row(number: int, values: Iterable[Row]) -> Row:
    """Return the audience row of a recipient, given by one value of each property."""
    row = {"customer_id": recipient_id(number)}
    for value in values:
        row.update(value)
    country = row.pop(COUNTRY)
    mobile = numbers(country, Draws(1, 1, number), np.ones(1, np.bool_))[0] if row["phone"] else ""
    made = {"phone": f"+{mobile}", "email": f"attack-{number}@example.com", "push_token": f"token-{number}"}
    return row | {name: value for name, value in made.items() if row.get(name)}


def _rows(people: People) -> list[dict[str, str]]:
    """Return people of the audience as rows of an audience file, those whom a row can say."""
    places = np.arange(min(len(people), DONORS), dtype=np.int64)
    places = places[_can_be_said(people, places)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "people.csv"
        write_csv(part_of(people, places), file)
        options = pacsv.ConvertOptions(
            column_types=dict.fromkeys(NAMES, "string"), strings_can_be_null=False, null_values=[]
        )
        table = pacsv.read_csv(file, convert_options=options)
    extra = [name for name in people.attributes if name not in table.column_names]
    columns = {name: table[name].to_pylist() for name in table.column_names}
    for name in extra:
        columns[name] = [
            "" if value is None else str(value) for value in people.attributes[name].take(places).to_pylist()
        ]
    columns[COUNTRY] = [nation(people.countries[code]) for code in people.country[places].tolist()]
    names = list(columns)
    return [dict(zip(names, map(_plain, names, values), strict=True)) for values in zip(*columns.values(), strict=True)]


def _plain(name: str, value: str | None) -> str:
    """Return a cell without what is of one person: of addresses only that there is one, of a proof only its method."""
    if not value:
        return ""
    if name in ("phone", "email", "push_token"):
        return "yes"
    return re.sub(r":.*", ":form", value) if name == "consent_evidence" else value


def _can_be_said(people: People, places: Int64s) -> np.typing.NDArray[np.bool_]:
    """Say whom one row can describe: not more than one consent, and opt-outs of one day."""
    one_consent = np.diff(people.consent_ptr)[people.consent_set[places]] <= 1
    told = people.opt_out_at.values
    first = told.min(axis=1)
    one_day = ((told == NEVER) | (told == first[:, None])).all(axis=1)
    said: np.typing.NDArray[np.bool_] = one_consent & one_day[people.opt_out_at.codes[places]]
    return said


def _property(columns: tuple[str, ...], rows: Sequence[Row]) -> Property:
    known = tuple(name for name in columns if rows and name in rows[0])
    counted = Counter(tuple(row[name] for name in known) for row in rows)
    ordered = sorted(counted, key=lambda value: (-counted[value], value))
    kept = ordered if len(ordered) <= MOST else [ordered[0], *_spread(sorted(ordered[1:]), MOST - 1)]
    values = tuple(dict(zip(known, value, strict=True)) for value in kept)
    return Property(known, values, len(ordered), _table(_shares(counted, kept)))


def _spread(values: list[tuple[str, ...]], size: int) -> list[tuple[str, ...]]:
    return [values[index * (len(values) - 1) // (size - 1)] for index in range(size)]


def _shares(counted: Counter[tuple[str, ...]], kept: list[tuple[str, ...]]) -> list[int]:
    """Return how many people each kept value stands for; one that is not kept counts with the next kept above it."""
    shares = dict.fromkeys(kept, 0)
    rising = sorted(kept)
    for value, count in counted.items():
        nearest = value if value in shares else rising[min(bisect_left(rising, value), len(rising) - 1)]
        shares[nearest] += count
    return [shares[value] for value in kept]


def _table(shares: Sequence[int]) -> tuple[int, ...]:
    """Return TABLE places of values in proportion to their shares: the i-th is the value at the i-th part of all."""
    ends = list(itertools.accumulate(shares))
    return tuple(bisect_right(ends, (2 * part + 1) * ends[-1] // (2 * TABLE)) for part in range(TABLE))


def _text(name: str, rows: Sequence[Row]) -> Property:
    """Return the shortest and the longest text of a column, and none where somebody has none; letters replaced."""
    values = sorted({row[name] for row in rows if row.get(name)}, key=lambda text: (len(text), text))
    kept = dict.fromkeys(_masked(text) for text in (values[:1] + values[-1:]))
    none = [""] if any(not row.get(name) for row in rows) else []
    found = tuple({name: text} for text in (*kept, *none))
    return Property((name,), found, len(values) + len(none), _table([1] * len(found)))


def _masked(text: str) -> str:
    """Return a text of the same length and alphabet that says nothing."""
    text = re.sub(r"[A-Za-z]", "n", text)
    text = re.sub(r"[А-Яа-яЁё]", "н", text)
    return re.sub(r"\d", "0", text)

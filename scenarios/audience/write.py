"""Writing people as a CSV in the columns that ``load_audience`` reads."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from policies.people import C_CATEGORIES, C_CHANNELS, C_EVIDENCE, C_FROM, EVIDENCE, People, channel_mask
from policies.places import nation
from policies.records import CATEGORIES, CHANNELS, DAY, MISSING, NEVER
from scenarios.audience.columns import NAMES
from scenarios.audience.consents import DOCUMENT, EVIDENCE_WORDS, METHOD
from scenarios.audience.registers import entry_text

Int64s = npt.NDArray[np.int64]

TOPICS = {"promo": "offers", "service": "reminders"}


def write_csv(people: People, path: Path) -> None:
    """Write ``people`` to ``path`` (gzip if it ends in .gz); loading it gives the same people, if nothing was odd.

    A column is left empty where ``people`` does not know it: name, city, segment and the like come from the
    attributes. Tokens, addresses and references of proofs are made up from the id. Raises ``ValueError`` for what one
    row cannot say: two consents of a person, opt-outs of different days.
    """
    columns = dict(zip(NAMES, _columns(people), strict=True))
    if len(people.register_ptr) == 1:  # an empty column would say that nobody stands in a register
        del columns["registers"]
    table = pa.table(columns)
    compression = "gzip" if path.suffix == ".gz" else None
    with pa.output_stream(str(path), compression=compression) as file:
        pacsv.write_csv(table, file, pacsv.WriteOptions(quoting_style="needed"))


def _columns(people: People) -> list[pa.Array]:
    made = _made(people) | _consent_columns(people) | _opt_out_columns(people) | _register_column(people)
    empty = pa.nulls(len(people), pa.string())
    return [made.get(name, _plain(people.attributes.get(name, empty))) for name in NAMES]


def _plain(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _made(people: People) -> dict[str, pa.Array]:
    zones = [zones[0] if len(zones) == 1 else None for zones in people.zone_sets]
    parts = [*(place if place != nation(place) else None for place in people.countries), None]
    number = pa.array(people.phone).cast(pa.string())
    flags = {
        f"has_{name}": pa.array(_bit(people.present, channel_mask(name)).astype(np.int64))
        for name in ("viber", "vk", "whatsapp", "telegram")
    }
    ids = people.ids_of(np.arange(len(people)))
    email = _join(pc.utf8_lower(ids), "@example.com")
    overdue, orders = people.overdue_micro[:], people.orders[:]
    amount = pa.array(overdue).cast(pa.decimal128(25, 0)).cast(pa.string())
    return flags | {
        "customer_id": ids,
        "subdivision": pa.array(parts, pa.string()).take(pa.array(people.country % len(parts))),  # -1: None
        "phone": _where(people.phone > 0, _join("+", number)),
        "email": _where(_bit(people.present, channel_mask("email")), email),
        "time_zone": pa.array(zones, pa.string()).take(pa.array(people.zone_set)),
        "orders": pa.array(orders, mask=orders == MISSING),
        "last_order_at": _dates(people.last_order_at[:]),
        "push_token": _where(_bit(people.present, channel_mask("push")), _join("token-", ids)),
        "feature_phone": pa.array(people.feature_phone.astype(np.int64)),
        "undelivered_sms_in_a_row": pa.array(people.failures_in_a_row[:]),
        "balance_overdue_rub": _where(overdue > 0, _micro(amount)),
        "overdue_since": _dates(people.overdue_since[:]),
    }


def _micro(digits: pa.StringArray) -> pa.StringArray:
    padded = pc.utf8_lpad(digits, 7, "0")
    whole = pc.utf8_slice_codeunits(padded, start=0, stop=-6)
    return _join(whole, ".", pc.utf8_slice_codeunits(padded, start=-6))


def _consent_columns(people: People) -> dict[str, pa.Array]:
    counts = np.diff(people.consent_ptr)
    if (counts > 1).any():
        raise ValueError("a row holds one consent; some people have more")
    if not len(people.consents):
        return {}
    first = people.consents[np.minimum(people.consent_ptr[:-1], len(people.consents) - 1)]
    rows, some = first[people.consent_set], (counts == 1)[people.consent_set]
    proof = np.where(some, rows[:, C_EVIDENCE], 0)
    reference = _where(_bit(proof, DOCUMENT), _join(":", people.ids_of(np.arange(len(people)))))
    topics = tuple(TOPICS.get(name, name) for name in CATEGORIES)
    return {
        "ads_consent_at": _dates(np.where(some, rows[:, C_FROM], MISSING)),
        "ads_consent_channels": _lists(np.where(some, rows[:, C_CHANNELS], 0), CHANNELS),
        "ads_consent_topics": _lists(np.where(some, rows[:, C_CATEGORIES], 0), topics),
        "consent_evidence": _where(_bit(proof, METHOD), _join(_methods(proof), pc.fill_null(reference, ""))),
    }


def _methods(proof: Int64s) -> pa.Array:
    """Return the method of each consent, made up, with the words that are known of it."""
    distinct, place = np.unique(proof, return_inverse=True)
    words = [
        "+".join(["checkbox", *(name for name in EVIDENCE_WORDS if bits >> EVIDENCE.index(name) & 1)])
        for bits in distinct.tolist()
    ]
    return pa.array(words, pa.string()).take(pa.array(place.reshape(-1)))


def _register_column(people: People) -> dict[str, pa.Array]:
    sets = [people.registers[start:end].tolist() for start, end in itertools.pairwise(people.register_ptr.tolist())]
    texts = ["|".join(entry_text(register, since) for register, since in entries) or None for entries in sets]
    return {"registers": pa.array(texts, pa.string()).take(pa.array(people.consent_set))} if sets else {}


def _opt_out_columns(people: People) -> dict[str, pa.Array]:
    told = people.opt_out_at.values
    out, first = told != NEVER, told.min(axis=1)
    if (out & (told != first[:, None])).any():
        raise ValueError("a row holds one opt-out; some people have several of different days")
    masks = out.astype(np.int64) @ (1 << np.arange(len(CHANNELS)))
    of = people.opt_out_at.codes
    return {"opted_out_at": _dates(first[of]), "opted_out_channel": _lists(masks[of], CHANNELS)}


def _bit(masks: npt.NDArray[np.integer[Any]], bit: int) -> npt.NDArray[np.bool_]:
    hit: npt.NDArray[np.bool_] = np.not_equal(masks & bit, 0)
    return hit


def _where(mask: npt.NDArray[np.bool_], column: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(mask), column, None)


def _join(*parts: object) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _lists(masks: Int64s, names: tuple[str, ...]) -> pa.Array:
    """Return each mask as the names of its bits, joined by |; null where there is none."""
    distinct, place = np.unique(masks, return_inverse=True)
    texts = ["|".join(name for bit, name in enumerate(names) if mask >> bit & 1) or None for mask in distinct.tolist()]
    return pa.array(texts, pa.string()).take(pa.array(place.reshape(-1)))


def _dates(instants: Int64s) -> pa.Array:
    """Return days as YYYY-MM-DD, or instants with Z if one of them is not a midnight; null where there is none."""
    known = (instants > MISSING) & (np.abs(instants) < NEVER)
    plain = np.where(known, instants, 0)
    if (plain % DAY == 0).all():
        text = pa.array((plain // DAY).astype(np.int32)).cast(pa.date32()).cast(pa.string())
    else:
        text = _join(pa.array(plain).cast(pa.timestamp("us")).cast(pa.string()), "Z")
    return _where(known, text)

"""One batch of a file as flat arrays: the meaning of each row, its doubts counted, unusable rows turned away.

What happens to a bad cell (the row stays unless said otherwise):

- number that is none, or none of its country's plan: the row is rejected; so is a row without any number, e-mail
  address or push token, and one with neither id nor number. An empty number ("", "нет", "-") leaves the row, if it has
  another address. Letters in a number are never read as digits.
- date that does not exist or is no date: not known (MISSING), a notice. An order in the future: not known, a notice.
- zone that is no IANA name: a notice, then the next source. Address and zone that disagree: the address, a notice.
- consent in the future, without date, channels, topics or evidence, by a minor, after an opt-out: kept, a notice.
- register that is none of ours, or with a bad date: it may be any, a notice.
- minors, unknown languages, missing names: kept, a notice. Bad counts, flags and amounts: not known, a notice.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from policies.coded import Coded, Int64s, coded
from policies.people import Int16s, channel_mask
from policies.records import MISSING, NEVER
from scenarios.audience.batches import Batch
from scenarios.audience.cellblock import Cells, Readers
from scenarios.audience.consents import consent_rows, opt_out_table
from scenarios.audience.keys import recipient_keys
from scenarios.audience.notices import Lines, Reject, Tally
from scenarios.audience.phones import PhoneReader, Phones
from scenarios.audience.refusals import Refusal
from scenarios.audience.registers import RegisterSets
from scenarios.audience.remarks import remark
from scenarios.audience.subdivisions import PlaceFinder
from scenarios.audience.zone_sources import ZoneFinder

Mask = npt.NDArray[np.bool_]

EMAIL = r"^[^@\s,;<>]+@[\p{L}\p{N}]([\p{L}\p{N}\-]*[\p{L}\p{N}])?(\.[\p{L}\p{N}]([\p{L}\p{N}\-]*[\p{L}\p{N}])?)+$"
ID_BYTES = 256
MOBILE_CHANNELS = channel_mask("sms", "flash_call", "voice")
MESSENGERS = ("viber", "vk", "whatsapp", "telegram")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that are good so far; arrays named as in ``People``, with their line numbers."""

    lines: Lines
    ids: pa.StringArray
    key: npt.NDArray[np.uint64]
    phone: Int64s
    country: Int16s
    zone_set: Int16s
    zone_source: npt.NDArray[np.uint8]
    present: npt.NDArray[np.uint16]
    feature_phone: Mask
    failures_in_a_row: Coded
    orders: Coded
    last_order_at: Coded
    overdue_since: Coded
    overdue_micro: Coded
    consent: Coded  # see consents.consent_rows
    entries: Coded  # see registers.RegisterSets
    opt_out_at: Coded
    attributes: dict[str, pa.Array]


@dataclass(slots=True)
class RowReader:
    """Turns batches into rows; keeps what must be remembered from one batch to the next."""

    phones: PhoneReader
    zones: ZoneFinder
    now: int
    brand: int
    wanted: Collection[str]
    tally: Tally = field(default_factory=Tally)
    rejects: list[Reject] = field(default_factory=list)
    places: PlaceFinder = field(default_factory=PlaceFinder)
    readers: Readers = field(default_factory=Readers.new)
    registers: RegisterSets = field(default_factory=RegisterSets)
    blank: int = 0
    first_blank: int = 0

    def __call__(self, batch: Batch) -> Rows:
        """Return the usable rows of ``batch``; the others go to ``rejects``."""
        self.rejects.extend(batch.rejects)
        if len(batch.blank):
            self.first_blank = self.first_blank or int(batch.blank[0])
            self.blank += len(batch.blank)
        cells = Cells(batch, self.readers, self.tally)
        phones = self.phones(cells.text("phone"))
        country = self._countries(phones)
        keep = self._usable(cells, phones)
        if not keep.all():
            columns = {name: column.filter(pa.array(keep)) for name, column in batch.columns.items()}
            cells = Cells(Batch(columns, batch.lines[keep], [], batch.blank), self.readers, self.tally)
        rows = self._rows(cells, phones.number[keep], phones.mobile[keep], country[keep])
        self.tally.next_batch(len(rows.lines))
        return rows

    def _countries(self, phones: Phones) -> Int64s:
        """Return the country of each number, else of the base, as a number of ``places``."""
        country = np.full(len(phones.number), self.places.number(self.phones.country), dtype=np.int64)
        codes = [self.places.number(phone.country or self.phones.country) for phone in phones.answers]
        country[phones.odd] = np.array(codes, dtype=np.int64)[phones.answer]
        return country

    def _usable(self, cells: Cells, phones: Phones) -> Mask:
        """Return which rows stay; says of the others why not."""
        texts = cells.text("phone")
        faulty = np.array([bool(phone.fault) for phone in phones.answers])[phones.answer]
        bad = np.zeros(len(texts), dtype=np.bool_)
        bad[phones.odd[faulty]] = True
        for row, answer in zip(phones.odd[faulty].tolist(), phones.answer[faulty].tolist(), strict=True):
            value = (texts[row].as_py() or "")[:80]
            self.rejects.append(Reject(int(cells.batch.lines[row]), "phone", phones.answers[answer].fault, value))
        named, numbered = ~cells.empty("customer_id"), phones.number > 0
        long = _true(pc.greater(pc.binary_length(cells.text("customer_id")), ID_BYTES))
        reachable = numbered | _email(cells) | ~cells.empty("push_token")
        self._reject(cells, long & ~bad, "customer_id", Refusal.ID_TOO_LONG.format(size=ID_BYTES))
        bad |= long
        self._reject(cells, ~bad & ~reachable, "phone", Refusal.NO_ADDRESS)
        self._reject(cells, ~bad & reachable & ~named & ~numbered, "customer_id", Refusal.NO_NAME)
        return ~bad & reachable & (named | numbered)

    def _reject(self, cells: Cells, mask: Mask, column: str, reason: str) -> None:
        self.rejects.extend(Reject(line, column, reason, "") for line in cells.batch.lines[mask].tolist())

    def _rows(self, cells: Cells, phone: Int64s, mobile: Mask, country: Int64s) -> Rows:
        ids = _ids(cells, phone)
        feature = cells.flag("feature_phone")
        opted_out_at, opt_out_at = opt_out_table(cells, self.now)
        consent = consent_rows(cells, opted_out_at, self.brand, self.now)
        country = self.places(cells, country)
        zone_set, zone_source = self.zones(cells, phone, list(self.places.places), country)
        orders, last_order_at = _orders(cells, self.now)
        overdue_since, overdue_micro = _overdue(cells, self.now)
        remark(cells, self.now)
        return Rows(
            lines=cells.batch.lines.astype(np.uint32),
            ids=ids,
            key=recipient_keys(ids),
            phone=phone,
            country=country.astype(np.int16),
            zone_set=zone_set.astype(np.int16),
            zone_source=zone_source,
            present=_present(cells, phone > 0, mobile, feature).astype(np.uint16),
            feature_phone=feature,
            failures_in_a_row=coded(np.maximum(cells.count("undelivered_sms_in_a_row"), 0)),
            orders=coded(orders),
            last_order_at=coded(last_order_at),
            overdue_since=coded(overdue_since),
            overdue_micro=coded(overdue_micro),
            consent=consent,
            entries=coded(self.registers(cells)),
            opt_out_at=opt_out_at,
            attributes={name: cells.batch.columns[name] for name in self.wanted if name in cells.batch.columns},
        )


def _true(answers: pa.BooleanArray) -> Mask:
    return np.asarray(answers.fill_null(False).to_numpy(zero_copy_only=False), dtype=np.bool_)


def _ids(cells: Cells, phone: Int64s) -> pa.StringArray:
    """Return the external ids; where there is none, the number as +E.164."""
    ids = pc.utf8_trim_whitespace(cells.text("customer_id"))
    empty = cells.empty("customer_id")
    if not empty.any():
        return ids
    numbers = pc.binary_join_element_wise("+", pa.array(phone).cast(pa.string()), "")
    return pc.if_else(pa.array(empty), numbers, ids)


def _email(cells: Cells) -> Mask:
    """True where the e-mail address is plausible."""

    def find() -> Mask:
        return _true(pc.match_substring_regex(pc.utf8_trim_whitespace(cells.text("email")), pattern=EMAIL))

    return cells.remembered("email is plausible", find)


def _present(cells: Cells, numbered: Mask, mobile: Mask, feature: Mask) -> Int64s:
    """Return the mask of channels with an address: messengers need a number and no button phone."""
    email, apps = _email(cells), np.zeros(len(mobile), dtype=np.bool_)
    cells.note("no phone", ~numbered)
    cells.note("number is not a mobile", numbered & ~mobile)
    cells.note("e-mail not plausible", ~email & ~cells.empty("email"))
    present = MOBILE_CHANNELS * mobile.astype(np.int64)
    present += channel_mask("email") * email
    present += channel_mask("push") * ~cells.empty("push_token")
    for name in MESSENGERS:
        has = cells.flag(f"has_{name}")
        apps |= has
        present += channel_mask(name) * (has & ~feature & numbered)
    cells.note("feature phone with apps", feature & apps)
    return present


def _orders(cells: Cells, now: int) -> tuple[Int64s, Int64s]:
    """Return the number of orders and the instant of the last: -NEVER if there was none."""
    orders, last, empty = cells.count("orders"), cells.date("last_order_at"), cells.empty("last_order_at")
    cells.note("order date missing", (orders > 0) & empty)
    cells.note("order in the future", last > now)
    last = np.where(last > now, MISSING, last)
    return orders, np.where((orders == 0) & empty, -NEVER, last)


def _overdue(cells: Cells, now: int) -> tuple[Int64s, Int64s]:
    """Return since when a debt is overdue (NEVER: no debt) and its amount in micro-units.

    A file without both columns tells nothing: MISSING and 0.
    """
    columns = cells.batch.columns
    if "balance_overdue_rub" not in columns and "overdue_since" not in columns:
        return np.full(len(cells.batch), MISSING, dtype=np.int64), np.zeros(len(cells.batch), dtype=np.int64)
    amount, since = cells.amount("balance_overdue_rub"), cells.date("overdue_since")
    dated, written = ~cells.empty("overdue_since"), ~cells.empty("balance_overdue_rub")
    none = ~dated & (~written | (amount == 0))
    cells.note("overdue amount without date", (amount > 0) & ~dated)
    cells.note("overdue date without amount", dated & ((amount == 0) | ~written))
    cells.note("overdue date in the future", since > now)
    return np.where(none, NEVER, since), np.where(written, amount, 0)

"""Phone numbers to E.164: a vectorised path for mobiles of the base's country, ``phonenumbers`` for the rest.

A text with letters is refused, although the library would read "+7 800 ABC DE FG" as a number spelt in words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType, ValidationResult

from scenarios.audience.cells import MEMO_LIMIT, NOTHING, take
from scenarios.audience.refusals import Refusal

Int64s = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

MOBILE_TYPES = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
FAULTS = {
    ValidationResult.TOO_SHORT: Refusal.NUMBER_TOO_SHORT,
    ValidationResult.TOO_LONG: Refusal.NUMBER_TOO_LONG,
    ValidationResult.INVALID_COUNTRY_CODE: Refusal.NO_SUCH_CODE,
}
PARSE_FAULTS = {
    phonenumbers.NumberParseException.TOO_SHORT_NSN: Refusal.NUMBER_TOO_SHORT,
    phonenumbers.NumberParseException.TOO_SHORT_AFTER_IDD: Refusal.NUMBER_TOO_SHORT,
    phonenumbers.NumberParseException.TOO_LONG: Refusal.NUMBER_TOO_LONG,
    phonenumbers.NumberParseException.INVALID_COUNTRY_CODE: Refusal.NO_SUCH_CODE,
}

_EXTENSION = re.compile(r"(?:доб(?:авочный)?|ext(?:ension)?|x|вн)\.?\s*\d{1,6}\s*$", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d[.,]\d+e\+?\d+", re.IGNORECASE)
_SEVERAL = re.compile(r"\d{6}.*[,;/\n].*\d{6}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Phone:
    """One number. ``number`` holds its E.164 digits (0: none); ``fault`` says why there is none, "" if it was empty."""

    number: int
    country: str = ""
    mobile: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Phones:
    """Numbers of a batch. ``odd`` rows went the slow way; ``answers[answer[i]]`` is what came out for ``odd[i]``."""

    number: Int64s
    mobile: Mask
    odd: Int64s
    answer: Int64s
    answers: tuple[Phone, ...]


@dataclass(slots=True)
class PhoneReader:
    """Reads phone columns of a base whose default country is ``country`` (ISO 3166-1 alpha-2)."""

    country: str
    memo: dict[str, Phone] = field(default_factory=dict)

    def __call__(self, column: pa.StringArray) -> Phones:
        """Return the numbers of ``column``."""
        number = np.zeros(len(column), dtype=np.int64)
        left = self._fast(column, number, np.arange(len(column)))
        if len(left):
            plain = pc.replace_substring_regex(column.take(pa.array(left)), pattern=r"[\s\x{00A0}()\-]", replacement="")
            left = self._fast(plain, number, left)
        odd = left
        texts = column.take(pa.array(odd)).dictionary_encode()
        answers = tuple(self._read(text) for text in texts.dictionary.to_pylist())
        answer = take(np.append(np.arange(len(answers)), len(answers)).astype(np.int64), texts)
        answers = (*answers, Phone(0))
        number[odd] = np.array([phone.number for phone in answers], dtype=np.int64)[answer]
        mobile = np.ones(len(column), dtype=np.bool_)
        mobile[odd] = np.array([phone.mobile for phone in answers], dtype=np.bool_)[answer]
        return Phones(number, mobile, odd, answer, answers)

    def _fast(self, texts: pa.StringArray, number: Int64s, rows: Int64s) -> Int64s:
        """Fill in the numbers of ``rows`` whose text is sure to be a mobile; return the other rows."""
        well = pc.match_substring_regex(texts, pattern=fast_pattern(self.country)).fill_null(False)
        fast = well.to_numpy(zero_copy_only=False)
        number[rows[fast]] = _digits(texts.filter(well), self.country)
        others: Int64s = rows[~fast]
        return others

    def _read(self, text: str) -> Phone:
        phone = self.memo.get(text)
        if phone is None:
            if len(self.memo) >= MEMO_LIMIT:
                self.memo.clear()
            phone = self.memo[text] = read_phone(text, self.country)
        return phone


def fast_pattern(country: str) -> str:
    """Return the pattern of texts without blanks and brackets that are sure to be mobiles of ``country``.

    The national part is the library's own pattern. A country code that is shared (+1) has no such texts, but for +7,
    where Russian and Kazakh mobiles begin differently; Russian ones may begin with 8 or 7 too.
    """
    metadata = PhoneMetadata.metadata_for_region(country)
    if metadata is None or metadata.mobile is None or metadata.country_code is None:
        return r"^\z."
    shared = len(phonenumbers.COUNTRY_CODE_TO_REGION_CODE[metadata.country_code]) > 1
    if shared and country not in {"RU", "KZ"}:
        return r"^\z."
    national = re.sub(r"\s", "", metadata.mobile.national_number_pattern or "")
    prefix = r"(?:\+7|8|7)" if country == "RU" else rf"\+{metadata.country_code}"
    return rf"^{prefix}(?:{national})$"


def _digits(plain: pa.StringArray, country: str) -> Int64s:
    """Return the E.164 digits of texts that met ``fast_pattern``."""
    if not len(plain):
        return np.zeros(0, dtype=np.int64)
    if country == "RU":
        national = pc.utf8_slice_codeunits(plain, start=-10).cast(pa.int64())
        return np.asarray(national.to_numpy(zero_copy_only=False), dtype=np.int64) + 70_000_000_000
    number = pc.utf8_slice_codeunits(plain, start=1).cast(pa.int64())
    return np.asarray(number.to_numpy(zero_copy_only=False), dtype=np.int64)


def read_phone(text: str, country: str) -> Phone:
    """Return the number written in ``text``; a number without country code belongs to ``country``."""
    plain = text.strip()
    if plain.lower() in NOTHING:
        return Phone(0)
    if _SCIENTIFIC.fullmatch(plain):
        return Phone(0, fault=Refusal.POWER_OF_TEN)
    if _SEVERAL.search(plain):
        return Phone(0, fault=Refusal.SEVERAL_NUMBERS)
    plain = re.sub(r"\.0$", "", _EXTENSION.sub("", plain)).strip()
    if any(letter.isalpha() for letter in plain) or len(plain) > 60:
        return Phone(0, fault=Refusal.NO_NUMBER)
    try:
        number = phonenumbers.parse(plain, country)
    except phonenumbers.NumberParseException as error:
        return Phone(0, fault=PARSE_FAULTS.get(error.error_type, Refusal.NO_NUMBER))
    if not phonenumbers.is_valid_number(number):
        return Phone(0, fault=FAULTS.get(phonenumbers.is_possible_number_with_reason(number), Refusal.NOT_IN_USE))
    digits = int(phonenumbers.format_number(number, PhoneNumberFormat.E164)[1:])
    region = phonenumbers.region_code_for_number(number) or country
    return Phone(digits, region, phonenumbers.number_type(number) in MOBILE_TYPES)

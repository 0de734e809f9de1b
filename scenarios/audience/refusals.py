"""Why a row of an audience is turned away."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Every reason, with what the row itself fills in between braces."""

    NUMBER_TOO_SHORT = "the number is too short"
    NUMBER_TOO_LONG = "the number is too long"
    NO_SUCH_CODE = "no such country code"
    NOT_IN_USE = "no such number in its country's numbering plan"
    NO_NUMBER = "not a phone number"
    SEVERAL_NUMBERS = "more than one number in the cell"
    POWER_OF_TEN = "a spreadsheet wrote the number as a power of ten: its last digits are lost"
    NO_ADDRESS = "no number, e-mail address or push token"
    NO_NAME = "neither an id nor a number"
    ID_TOO_LONG = "the id is longer than {size} bytes"
    SAME_ID = "the same id as line {line}"
    SAME_NUMBER = "the same number as line {line}"
    WRONG_WIDTH = "the row has {count} cells instead of {width}"
    LINE_TOO_LONG = "the line is longer than {size} MB"
    NOT_CLOSED = "a quotation mark is opened and not closed"
    NUL = "the line holds a NUL byte"
    NOT_UTF8 = "the line is not UTF-8 text"

"""Write docs/log.md: how somebody else's log is given to audit and judge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from scenarios.foreign.fields import ALIASES, COMPULSORY, FURTHER_FIELDS, Field

TARGET = Path(__file__).parent.parent / "docs" / "log.md"

INTRODUCTION = """\
# Logs of others

Written by `make docs` from `scenarios/foreign/fields.py`; change that module, not this page.

`prelaunch audit` and `prelaunch judge` read Parquet, CSV (comma, semicolon, tab) and JSON lines with the columns of
the event log (columns.md). Only {compulsory} are compulsory; `at` may stand for `occurred_at`, and `event` is
`submitted` where it is not given. What a log does not tell is not known: a rule that needs it says *needs input*, or
*unknown* of a single attempt.
"""
OUTSIDE = """\
## What else a row may tell

For messages without an audience file. An empty cell says nothing; the word `none` says what stands in the last column.
"""
MAPPING = """\
## The mapping file

`--mapping FILE` says in YAML how the log is written; every part may be left out.

```yaml
columns: {recipient: phone, occurred_at: sent at, event: status}  # our column: theirs
values:
  event: {SENT: submitted, DELIVRD: delivered, QUEUED: ignore}    # their word: ours; ignore leaves the row out
constants: {channel: sms, category: promo}                        # what the file does not say because it is always so
zone: Europe/Moscow   # of times without one
time: auto            # what a bare number is: unix_s, unix_ms, unix_us; auto goes by its 10, 13 or 16 digits
shows_all: [opt_outs, replies]  # who is not seen in the log to opt out, to reply, did not
```

Rows that cannot be read are reported with line, column and reason, and nothing is judged; `--skip-bad-rows` goes on
without them.

Caps count from the first row of the log on: earlier messages are not known. `judge` counts every attempt of its file at
its time, whatever it decides on it.
"""


def page() -> str:
    """Return the whole page."""
    compulsory = ", ".join(f"`{name}`" for name in COMPULSORY)
    return "\n".join([INTRODUCTION.format(compulsory=compulsory), OUTSIDE, *_further(FURTHER_FIELDS), MAPPING])


def _further(fields: Iterable[Field]) -> Iterator[str]:
    yield "| column | meaning | `none` says |\n|---|---|---|"
    for item in fields:
        also = "".join(f" (or `{name}`)" for name in ALIASES.get(item.name, ()))
        yield f"| `{item.name}`{also} | {item.meaning.replace('|', chr(92) + '|')} | {item.none} |"
    yield ""


def main() -> None:
    """Write the page."""
    TARGET.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()

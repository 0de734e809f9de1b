"""Write docs/log.md: how somebody else's log is given to audit and judge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from scenarios.foreign.fields import ALIASES, COMPULSORY, FURTHER_FIELDS, Field
from scenarios.foreign.mapping import shipped_mappings
from scenarios.foreign.receipts.disagree import KINDS

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
## The mapping

`--mapping NAME` reads an export of a provider ({names}; `prelaunch audit --list-mappings` tells the pages that each
was made from and what is assumed). `--mapping FILE` says in YAML how a log is written; every part may be left out.

```yaml
extends: twilio  # a shipped mapping, or a file; what follows is laid over it
columns: {{recipient: phone, occurred_at: [sent at, date], event: status}}  # ours: theirs, or the first of a list
values:
  event: {{SENT: submitted, DELIVRD: delivered, QUEUED: ignore, "*": told}}  # their word: ours; * is every other word
constants: {{channel: sms, category: promo}}  # what the file does not say because it is always so
zone: Europe/Moscow    # of times without one
time: auto             # what a bare number is: unix_s, unix_ms, unix_us; auto goes by its 10, 13 or 16 digits
amounts: decimal       # of cost: micro (units), decimal, negative (decimals, below zero for what is charged)
recipients: phones     # as_written, or phones: written as +79161234567; whatsapp: before one tells the channel
inbound: swapped       # as_written, or swapped: in a row of direction in, the sender is the person
rows_in: [results]     # JSON: the list that holds the rows; columns within objects are called status.name
shape: rows            # rows, or whatsapp_webhooks
receipts:              # what is usual with this provider
  {{read_implies_delivered: false, failed_alone: false, charged: submit, counts_segments: true}}
shows_all: [opt_outs, replies]  # who is not seen in the log to opt out, to reply, did not
```

As an event, `ignore` leaves the row out, and `told` makes it a row that only tells the status of a message; elsewhere
`ignore` makes the cell empty. Words fit whatever their case. A provider does not know the category of a message nor
who consented: say it in a mapping of your own that extends the shipped one, and by `--audience`.

With `--audience` or `--scenario` a recipient is who has that id there, else the only one who has that phone number,
however it is written. How many are in neither is told.

Several files make one log, in the order given; patterns, `.gz` and `-` (standard input) are read too. For files that
are written in different ways, `--mapping infobip --mapping infobip-inbound=inbox*.json` names a mapping for those that
fit the pattern.

Rows that cannot be read are reported with line, column and reason, and nothing is judged; `--skip-bad-rows` goes on
without them.

Caps count from the first row of the log on: earlier messages are not known. `judge` counts every attempt of its file at
its time, whatever it decides on it.
"""
RECEIPTS = """\
## Receipts

Rows of one recipient with one id (`message`) are of one message. The earliest hand-over is the message; another row
that calls itself one, in the same or another file, tells of it again and is not judged a second time. Receipts are rows
of their own, or the `status` of a message's row. Rules judge what was handed over, so no receipt changes their verdict;
a message that was both delivered and failed counts as delivered. `audit` tells where receipts contradict each other or
the bill:

| in JSON | what it is |
|---|---|
{kinds}

These are faults of the data, not of a rule: they change the exit code only with `--fail-on-receipts`. Without ids only
what stands in one row is compared.
"""


def page() -> str:
    """Return the whole page."""
    compulsory = ", ".join(f"`{name}`" for name in COMPULSORY)
    names = ", ".join(f"`{name}`" for name in shipped_mappings())
    kinds = "\n".join(f"| `{kind}` | {meaning} |" for kind, meaning in KINDS.items())
    return "\n".join([
        INTRODUCTION.format(compulsory=compulsory), OUTSIDE, *_further(FURTHER_FIELDS), MAPPING.format(names=names),
        RECEIPTS.format(kinds=kinds),
    ])  # fmt: skip


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

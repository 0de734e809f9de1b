"""``prelaunch text``: what kind of message each text is, and what stands in it."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from policies.errors import InputError
from prelaunch import exits
from prelaunch.console import err

if TYPE_CHECKING:
    from prelaunch.text_input import Form, Text


@click.command()
@click.argument("sources", nargs=-1)
@click.option(
    "--format",
    "form",
    type=click.Choice(["auto", "jsonl", "lines"]),
    default="auto",
    show_default=True,
    help="JSON lines or one text a line; auto: by a file's ending, or by the first line of standard input.",
)
@click.option("--field", default="text", show_default=True, help="The field of JSON lines that holds the text.")
def command(sources: tuple[str, ...], form: Form, field: str) -> int:
    """Read the texts of SOURCES (files, globs, - for standard input) and say what kind of message each is.

    One JSON object a text goes to standard output as soon as it is known: the fields it came with, and `found` with
    file and line, category (promo, service, authentication, debt), whether a debt is collected or the reader pressed
    or threatened, what else stands there, each with the words that decided and their places; the language, the
    encoding of an SMS and its parts. Disguised words are read through. Bad lines are told at the end, with exit code 2.
    """
    from prelaunch.linting import expand
    from prelaunch.text_input import Bad, texts

    bad, counts = Bad(), Counter[str]()
    given = [str(path) for path in expand(sources or ("-",))]
    interrupted = False
    gc.disable()  # no text leaves a cycle behind, and a search for some would go through every remembered word
    try:
        _write(texts(given, form, field, bad), counts, at_once="-" in given)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        gc.enable()
    _tell(counts, bad.count)
    if interrupted:
        return exits.INTERRUPTED
    if bad.problems:
        raise InputError(bad.problems)
    return exits.DONE


def _write(read: Iterable[Text], counts: Counter[str], at_once: bool) -> None:
    """Write a line for each text; ``at_once`` where somebody may wait for each."""
    import msgspec

    from prelaunch.text_findings import found_in
    from prelaunch.text_input import WRITTEN

    encode, output = msgspec.json.Encoder().encode, sys.stdout.buffer
    for item in read:
        found = {"file": item.file, "line": item.line, **found_in(item.text)}
        counts["texts"] += 1
        counts[found["category"]["answer"]] += 1
        counts["collections"] += found["collections"]["answer"] == "yes"
        output.write(encode({**item.fields, WRITTEN: found}) + b"\n")
        if at_once:
            output.flush()
    output.flush()


def _tell(counts: Counter[str], bad: int) -> None:
    from policies.content.classify import CATEGORIES

    kinds = ", ".join(f"{counts[name]} {name}" for name in CATEGORIES if counts[name])
    said = f"{counts['texts']} text{'' if counts['texts'] == 1 else 's'}: {kinds or 'none'}"
    debts = f"; {counts['collections']} collect a debt" if counts["collections"] else ""
    wrong = f"; {bad} line{'' if bad == 1 else 's'} could not be read" if bad else ""
    err().print(f"{said}{debts}{wrong}", markup=False, soft_wrap=True)

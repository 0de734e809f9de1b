"""Whether a run fits the memory of this machine; said before it starts, with what would fit."""

from __future__ import annotations

from pathlib import Path

from policies.errors import MachineLimit
from scenarios.model import Scenario

BASE = 300_000_000
PERSON = 60
LISTS = 400
RELEASE = 6_000
COMPILED_RELEASE = 4_000
FURTHER = 3_000
"""Bytes: the program itself, a person of the audience, the same in the lists of the scheduler in Python, a recipient
of a campaign with the log of one replication and what is made of it (under SimPy and compiled), and the log of each
further replication. A person is what `tests/policies/test_people.py` allows and the model's own arrays; the others
were measured on five-step-offer (`make bench`) and rounded up."""


def available() -> int | None:
    """Return the bytes of memory that are free to use; None where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    except OSError:
        return None
    found = (line.split() for line in lines if line.startswith("MemAvailable:"))
    return next((int(words[1]) * 1024 for words in found), None)


def needed(people: int, releases: int, replications: int, *, compiled: bool) -> int:
    """Return the bytes a run of this size takes, roughly."""
    person, release = (PERSON, COMPILED_RELEASE) if compiled else (PERSON + LISTS, RELEASE)
    return BASE + people * person + releases * (release + FURTHER * (replications - 1))


def check_audience(scenario: Scenario) -> None:
    """Refuse a synthetic audience that cannot fit. Raises MachineLimit."""
    synthetic = scenario.audience.synthetic
    if synthetic is not None:
        what = f"an audience of {synthetic.size} people"
        _refuse(BASE + synthetic.size * PERSON, what, "audience.synthetic.size", PERSON)


def check_run(people: int, releases: int, replications: int, *, compiled: bool) -> str:
    """Return what a run takes in words. Raises MachineLimit if its logs cannot fit."""
    what = f"{replications} replications of {releases} recipients"
    need = needed(people, releases, replications, compiled=compiled)
    _refuse(need, what, "campaigns[].sample or --replications", COMPILED_RELEASE if compiled else RELEASE)
    return f"about {need / 1e9:.1f} GB of memory"


def check_streamed(state: int, releases: int) -> str:
    """Return what a run takes, in words, that keeps no log in memory, and whose state takes so many bytes.

    The audience is in memory already. Raises MachineLimit if it cannot fit.
    """
    need = BASE + state
    _refuse(need, f"{releases} recipients", "campaigns[].sample", -(-state // max(releases, 1)))
    return f"about {need / 1e9:.1f} GB of memory"


def _refuse(need: int, what: str, where: str, each: int) -> None:
    free = available()
    if free is None or need <= free:
        return
    fits = max(free - BASE, 0) // each
    sizes = f"about {need / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free"
    raise MachineLimit(f"memory: {what} would take {sizes}; lower {where} (about {fits} would fit)")

"""What a policy report says and embeds, as typed records: the page is a function of them and of the signatures."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

FORMAT = 1
"""Version of this form; a report of another form is refused by name."""

Language = Literal["en", "ru"]


class InputFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that the result depends on.

    ``field`` is what of the scenario or of the command names it. ``content`` is its text, or its bytes as base64
    where they are no text; None for personal data and what is too large, of which only the hash is kept.
    """

    field: str
    name: str
    sha256: str
    size: int
    content: str | None = None
    base64: bool = False


class Inputs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What makes the result again: files, and what the command line chose.

    ``settings`` are the fields of ``--set``, ``script`` the forced outcomes of ``--script``, ``given`` the options of
    an audit. ``other_audience``: an audience file was named on the command line in place of the scenario's.
    ``only_one``: one recipient was replayed, of which no report can be made. ``answered_on``: the day on which the
    suppressions among the files were judged.
    """

    files: tuple[InputFile, ...]
    seed: int | None = None
    as_of: str | None = None
    gate: str | None = None
    replications: int = 1
    settings: dict[str, Any] = {}
    script: tuple[dict[str, Any], ...] = ()
    other_audience: bool = False
    only_one: bool = False
    given: dict[str, Any] = {}
    answered_on: str | msgspec.UnsetType = msgspec.UNSET


class Assumed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number that no source gives for this case."""

    what: str
    value: str
    source: str


class Disclosed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was taken for granted, left out, and is doubtful about the inputs."""

    assumed: tuple[Assumed, ...] = ()
    not_modelled: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


class PackUsed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pack of rules by which was judged."""

    name: str
    version: str
    sha256: str


class Subject(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was judged. Instants are ISO 8601 in UTC. ``log_hash`` is that of the event log; of a run only."""

    kind: Literal["run", "audit"]
    name: str
    description: str = ""
    as_of: str | None = None
    zone: str = "UTC"
    gate: str = ""
    first_at: str | None = None
    last_at: str | None = None
    people: int = 0
    rejected: int = 0
    messages: int = 0
    delivered: int | None = None
    log_hash: str | None = None
    packs: tuple[PackUsed, ...] = ()


class Citation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a rule comes from."""

    act: str
    clause: str = ""
    url: str = ""
    read_on: str | None = None


class RuleText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule in words. ``languages`` holds its texts and its source in languages other than English."""

    id: str
    pack: str
    version: int
    title: str
    statement: str
    citation: Citation
    confidence: str
    status: str
    fix: str = ""
    note: str = ""
    effective_from: str | None = None
    effective_to: str | None = None
    languages: dict[str, dict[str, str]] = {}


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One message, sender or campaign that decided; the recipient as a keyed hash."""

    answer: str
    explanation: str
    recipient: str = ""
    campaign: str = ""
    channel: str = ""
    template: str = ""
    sender: str = ""
    at: str | None = None
    local_time: str = ""
    replay: str = ""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a witness: when (ISO, UTC, and on the recipient's clock), and what happened."""

    at: str
    local: str
    what: str
    step: str = ""
    channel: str = ""
    text: str = ""


class Witness(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One recipient's way to a violation. ``recipient`` is a keyed hash, or the columns of a made-up person."""

    recipient: str
    steps: tuple[Step, ...]
    violates_at: str
    release_at: str | None = None
    sentence: str = ""
    scenario: str = ""
    replay: str = ""


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a run folder keeps for a report, in ``inputs.json``; witnesses by id and version of the rule."""

    inputs: Inputs
    disclosed: Disclosed
    description: str = ""
    witnesses: dict[str, Witness] = {}


class Suppressed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A finding that somebody has answered for."""

    reason: str
    approver: str
    expires: str


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The verdict on one rule, as in ``policies.verdicts.RuleResult``."""

    rule: RuleText
    verdict: str
    severity: str
    tested: int
    failed: int
    review: int
    unknown: int
    enforced: int = 0
    upper_bound: float | None = None
    missing: tuple[str, ...] = ()
    note: str = ""
    evidence: tuple[Evidence, ...] = ()
    found: int = 0
    witness: Witness | None = None
    suppressed: Suppressed | None = None


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``prelaunch verify`` says of one rule."""

    rule: str
    verdict: str
    severity: str = ""
    sentence: str = ""
    bound: str = ""
    states: int | None = None
    witness: Witness | None = None


class Beside(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``prelaunch verify`` found besides the rules."""

    about: str
    sentence: str
    fix: str = ""
    witness: Witness | None = None


class Verified(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The outcome of ``prelaunch verify``; ``sha256`` is of its file."""

    sha256: str
    prelaunch: str
    scenario_sha256: str
    as_of: str
    domain: dict[str, Any]
    rules: tuple[Proof, ...]
    besides: tuple[Beside, ...] = ()


class OldVerdict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The verdict that an earlier report gave."""

    rule: str
    verdict: str
    title: str


class Earlier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An earlier report or run: what it was made of, and its verdicts. ``parts`` are the hashes of its inputs."""

    name: str
    sha256: str
    prelaunch: str
    as_of: str | None
    log_hash: str | None
    parts: dict[str, str]
    verdicts: tuple[OldVerdict, ...]


class Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that a report says, but for the signatures."""

    format: int
    prelaunch: str
    language: Language
    subject: Subject
    rules: tuple[Entry, ...]
    disclosed: Disclosed
    inputs: Inputs
    versions: dict[str, str]
    verify: Verified | None = None
    since: Earlier | None = None


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reviewer's decision: ``key`` is the raw public key, ``signature`` Ed25519, both base64; days as YYYY-MM-DD."""

    reviewer: str
    decision: Literal["approved", "rejected", "approved-with-conditions"]
    comment: str
    date: str
    until: str
    key: str
    signature: str

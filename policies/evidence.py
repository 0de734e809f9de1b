"""One piece of evidence for a finding, and how the recipient in it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import blake2b

MAX_EVIDENCE = 20

Showing = Callable[[str], str]
"""How a recipient is shown: a function of the external id."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One message, sender or campaign that decided. Empty text where it does not apply.

    ``answer`` is fail, review or unknown. ``at`` is microseconds UTC or None; ``local_time`` the same on the
    recipient's wall clock; ``recipient`` a keyed hash unless asked otherwise; ``replay`` a command that reproduces
    this finding alone.
    """

    answer: str
    explanation: str
    recipient: str = ""
    campaign: str = ""
    channel: str = ""
    template: str = ""
    sender: str = ""
    at: int | None = None
    local_time: str = ""
    replay: str = ""


def keyed_hash(key: bytes) -> Showing:
    """Return a function that shows a recipient as 16 hex digits of BLAKE2b keyed with ``key``."""
    return lambda recipient: blake2b(recipient.encode(), digest_size=8, key=key[:64]).hexdigest()


def in_clear(recipient: str) -> str:
    """Show the external id itself; only when the user asks for it."""
    return recipient


def shown(evidence: Evidence, showing: Showing) -> Evidence:
    """Return the evidence with its recipient as ``showing`` gives it."""
    return replace(evidence, recipient=showing(evidence.recipient)) if evidence.recipient else evidence

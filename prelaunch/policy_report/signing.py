"""A reviewer's decision on a report: what is signed, and whether a chain of signatures is sound.

A signature covers the page with its signatures left out, the decision itself, and the signatures before it; so neither
the page nor an earlier decision can change unseen. That the last signature was removed cannot be seen from the file.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from prelaunch.policy_report.document import Document
from prelaunch.policy_report.keys import raw_of, sound
from prelaunch.policy_report.model import Signature
from prelaunch.policy_report.page import render

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PURPOSE = "prelaunch policy report, decision, form 1"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer decides; days as YYYY-MM-DD."""

    reviewer: str
    decision: str
    comment: str
    date: str
    until: str


def message(page_digest: str, before: Sequence[Signature], signature: Signature) -> bytes:
    """Return the bytes that a signature signs: names in a fixed order, the signature itself left empty."""
    earlier = sha256(msgspec.json.encode(before)).hexdigest()
    unsigned = msgspec.structs.replace(signature, signature="")
    return msgspec.json.encode([PURPOSE, page_digest, earlier, unsigned])


def sign(document: Document, decision: Decision, key: Ed25519PrivateKey) -> bytes:
    """Return the page with one more signature."""
    draft = Signature(
        decision.reviewer, decision.decision, decision.comment, decision.date, decision.until,  # type: ignore[arg-type]
        raw_of(key.public_key()), "",
    )  # fmt: skip
    signed = key.sign(message(document.digest, document.signatures, draft))
    signature = msgspec.structs.replace(draft, signature=b64encode(signed).decode("ascii"))
    return render(document.content, (*document.signatures, signature))


def soundness(document: Document) -> list[bool]:
    """Return for each signature whether it is sound, in their order."""
    return [
        sound(signature.key, signature.signature, message(document.digest, document.signatures[:place], signature))
        for place, signature in enumerate(document.signatures)
    ]

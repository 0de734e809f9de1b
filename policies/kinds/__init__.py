"""The kinds of duty, one module each; a rule row names its kind by its place in ``KINDS``."""

from __future__ import annotations

from types import ModuleType

from policies.kinds import (
    attestation,
    channel_ban,
    consent,
    content,
    cool_down,
    duplicate,
    first_contact,
    frequency_cap,
    known_zone,
    opt_out,
    registry,
    service_window,
    session_cap,
    template,
    time_window,
    validity,
)

KINDS: tuple[ModuleType, ...] = (
    consent,
    opt_out,
    time_window,
    frequency_cap,
    cool_down,
    template,
    service_window,
    channel_ban,
    validity,
    attestation,
    duplicate,
    known_zone,
    first_contact,
    session_cap,
    registry,
    content,
)
KIND_NAMES = tuple(module.__name__.rpartition(".")[2] for module in KINDS)


def kind_index(name: str) -> int:
    """Return the place of a kind in ``KINDS``; raises ``ValueError`` for an unknown name."""
    return KIND_NAMES.index(name)

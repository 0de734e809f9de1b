"""Draws are a function: a counter-based hash of names and counters, never a stream.

``draw = mix(attempt key, purpose)`` where the attempt key hashes (seed, replication, recipient key, campaign id,
channel, n-th attempt). Inserting a step or another campaign therefore changes nobody's luck. Everything is unsigned
64-bit arithmetic; the functions here are the masked-int form, ``*_array`` their numpy form; a test holds them equal.
The mixer is the finaliser of SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators").
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import numpy.typing as npt

UInt64s = npt.NDArray[np.uint64]

MASK = 2**64 - 1
GOLDEN = 0x9E3779B97F4A7C15
_M1 = 0xBF58476D1CE4E5B9
_M2 = 0x94D049BB133111EB

PURPOSES = (
    # traits of a person, by (recipient, purpose) or (recipient, campaign, purpose)
    "release", "hold_out", "sample", "engagement", "dead_number", "base_purchase", "hold_jitter",
    # one attempt
    "accepted", "delivered", "delivery", "receipt_lost", "receipt_delay", "receipt_repeated", "repeat_delay",
    "read", "reading", "read_hidden", "read_receipt_delay", "clicked", "clicking", "replied", "replying",
    "purchased", "purchasing", "complained", "complaining", "unsubscribed", "unsubscribing", "duration",
    "failure_delay", "answering",
    # templates and senders
    "review", "review_time",
)  # fmt: skip
"""What a draw decides. The position is part of the hash: append, never reorder."""

PURPOSE = {name: GOLDEN * (index + 1) & MASK for index, name in enumerate(PURPOSES)}


def name_key(name: str) -> int:
    """Return the 64-bit key of a name (a seed, a campaign id, a channel)."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


def mix(value: int) -> int:
    """Return ``value`` scrambled: a bijection of 64-bit integers."""
    value = (value ^ (value >> 30)) * _M1 & MASK
    value = (value ^ (value >> 27)) * _M2 & MASK
    return value ^ (value >> 31)


def combine(key: int, *parts: int) -> int:
    """Return the key of ``key`` refined by further 64-bit parts, in order."""
    for part in parts:
        key = mix((key ^ part) + GOLDEN & MASK)
    return key


def run_key(seed: int, replication: int) -> int:
    """Return the key of one replication of one seed."""
    return combine(mix(seed & MASK), replication)


def draw(key: int, purpose: int) -> int:
    """Return a uniform 64-bit draw for ``PURPOSE[name]`` under ``key``."""
    return mix(key + purpose & MASK)


def threshold(probability: float) -> int:
    """Return the 64-bit bound ``b`` such that ``draw < b`` has the probability, exact to 2**-53."""
    return min(int(probability * 2**53) << 11, MASK) if probability < 1 else 2**64


def mix_array(values: UInt64s) -> UInt64s:
    """Return :func:`mix` of each element, shape unchanged."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(_M1)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(_M2)
    return values ^ (values >> np.uint64(31))


def combine_array(key: int | UInt64s, *parts: int | UInt64s) -> UInt64s:
    """Return :func:`combine` element by element; scalars are broadcast."""
    keys = np.atleast_1d(np.asarray(key, dtype=np.uint64))
    for part in parts:
        keys = mix_array((keys ^ np.asarray(part, dtype=np.uint64)) + np.uint64(GOLDEN))
    return keys


def draw_array(keys: UInt64s, purpose: int) -> UInt64s:
    """Return :func:`draw` under each key."""
    return mix_array(keys + np.uint64(purpose))

"""Draws for synthetic people: a word is a function of (seed, purpose, index) and of nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenarios.audience.keys import mix, recipient_key

Int64s = npt.NDArray[np.int64]
UInt64s = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

GOLDEN = 0x9E3779B97F4A7C15


@dataclass(frozen=True, slots=True)
class Draws:
    """Draws of people ``first`` .. ``first + size`` - 1; a person gets the same whatever the size and the first."""

    seed: int
    size: int
    first: int = 0

    def words(self, purpose: str) -> UInt64s:
        """Return one uniform 64-bit word a person."""
        base = np.uint64(recipient_key(f"{self.seed}/{purpose}"))
        return mix(np.arange(self.first + 1, self.first + self.size + 1, dtype=np.uint64) * np.uint64(GOLDEN) + base)

    def chance(self, purpose: str, share: float) -> Mask:
        """True for a ``share`` of the people."""
        words = self.words(purpose)
        if share >= 1:
            return np.ones(self.size, dtype=np.bool_)
        return np.asarray(words < np.uint64(int(max(share, 0.0) * 2.0**64)))

    def below(self, purpose: str, bound: int) -> Int64s:
        """Return a whole number from 0 to ``bound`` - 1 a person; ``bound`` is below 2^31."""
        return (((self.words(purpose) >> np.uint64(32)) * np.uint64(bound)) >> np.uint64(32)).astype(np.int64)

    def choice(self, purpose: str, weights: list[float]) -> Int64s:
        """Return an index a person, with probabilities in proportion to ``weights``."""
        total, upto = sum(weights), np.cumsum(weights)
        edges = np.array(
            [min(int(share / total * 2.0**64), 2**64 - 1) for share in upto[:-1].tolist()], dtype=np.uint64
        )
        return np.searchsorted(edges, self.words(purpose), side="right").astype(np.int64)

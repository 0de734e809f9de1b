"""Who stands behind the recipients of findings, and how a report shows them: never by an external id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from policies.evidence import Showing


@dataclass(frozen=True, slots=True)
class Names:
    """For a recipient as findings name it: the external id in the log, and the keyed hash that a report shows."""

    external: Mapping[str, str]
    hashed: Mapping[str, str]

    def shown(self, name: str) -> str:
        """Return the recipient as a report shows it."""
        return self.hashed.get(name, name)


def names_of(wanted: Iterable[str], log: pa.Table, show: Showing) -> Names:
    """Return who the ``wanted`` recipients are; findings hold keyed hashes, or ids where somebody asked for them."""
    left = set(wanted) - {""}
    ids = log["recipient"].unique().drop_null().cast("string").to_pylist()
    clear = left & set(ids)
    external, hashed = {name: name for name in clear}, {name: show(name) for name in clear}
    left -= clear
    if left:
        external |= {code: name for name in ids if (code := show(name)) in left}
    return Names(external, hashed)


def as_found(wanted: Iterable[str]) -> Names:
    """Return the names of findings that were made in clear and never leave the program."""
    return Names({name: name for name in wanted}, {})

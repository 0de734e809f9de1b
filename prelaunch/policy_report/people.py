"""Who stands behind the recipients of findings, and how a report shows them: never by an external id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from policies.evidence import Showing

_HASH = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Names:
    """For a recipient as findings name it: the external id in the log, and the keyed hash that a report shows."""

    external: Mapping[str, str] = field(default_factory=dict)
    hashed: Mapping[str, str] = field(default_factory=dict)

    def shown(self, name: str) -> str:
        """Return the recipient as a report shows it."""
        return self.hashed.get(name, name)


def names_of(wanted: Iterable[str], log: pa.Table, show: Showing) -> Names:
    """Return who the ``wanted`` recipients are; findings hold keyed hashes, or ids where somebody asked for them."""
    left = set(wanted) - {""}
    if not left:
        return Names()
    ids = log["recipient"].unique().drop_null().cast("string").to_pylist()
    clear = left & set(ids)
    external = {name: name for name in clear}
    left -= clear
    if left:
        external |= {code: name for name in ids if (code := show(name)) in left}
    return Names(external, {name: show(name) for name in clear})


def hashes_of(wanted: Iterable[str], show: Showing) -> Names:
    """Return how to show the ``wanted`` recipients where no log tells who they are: what is no hash is an id."""
    return Names({}, {name: show(name) for name in wanted if name and not _HASH.fullmatch(name)})

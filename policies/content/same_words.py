"""Which texts say the same: same channel and words, whoever sends them, under whatever category or template."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from policies.content.text import TemplateText

Key = tuple[object, ...]


def same_words(texts: Sequence[TemplateText]) -> npt.NDArray[np.int64]:
    """Return for each text the place of the first one that says the same, shape (texts,).

    Capitals and the width of gaps make no difference, nor does anything that a person does not read.
    """
    first: dict[Key, int] = {}
    return np.array([first.setdefault(_key(text), place) for place, text in enumerate(texts)], np.int64)


def _key(text: TemplateText) -> Key:
    """Return what is read, and where; an open variable counts as what fills it."""
    parts = ((field, " ".join(said.split()).casefold()) for field, said in text.parts())
    return text.channel, tuple(parts), tuple((item.name, item.column) for item in text.placeholders())

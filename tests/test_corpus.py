"""The labelled corpus is what it says: large, varied, split by family, without echoes between the halves."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from policies.content.normalise import normalise
from tests.support.corpus import CATEGORIES, LABELS, PARTS, SECOND, VARIANTS, half, half_of, messages

SHARE = 0.2
"""Most of a test text's word 4-grams that training texts of the same author may hold too."""
ONE = 0.5
"""Most of them that any one training text of another author may hold."""
STOCK = 4
"""Authors who use a run of words from which on it is a stock phrase, such as the warning that the law prescribes."""


def test_the_corpus_is_large_and_every_text_and_id_is_its_own() -> None:
    texts = messages()
    assert len(texts) >= 850
    assert len({message.family for message in texts}) >= 220
    assert len({message.text for message in texts}) == len({message.id for message in texts}) == len(texts)
    assert 0.5 <= sum(message.language == "ru" for message in texts) / len(texts) <= 0.75


def test_labels_categories_and_disguises_are_known_ones() -> None:
    for message in messages():
        assert message.labels <= set(LABELS), message
        assert message.category in CATEGORIES, message
        assert message.variant is None or message.variant in VARIANTS, message


def test_collection_is_a_category_of_its_own() -> None:
    odd = [m.id for m in messages() if bool(m.labels & {"collections", "threat"}) != (m.category == "debt")]
    assert odd == []


def test_every_family_lies_in_one_half_and_both_halves_have_every_disguise_and_category() -> None:
    halves = defaultdict(set)
    for message in messages():
        halves[message.family].add(message.half)
        assert not message.listed or message.half in (half_of(message.family), SECOND)
    assert all(len(found) == 1 for found in halves.values())
    for name in ("train", "test"):
        part = half(name)
        assert {m.variant for m in part} == {None, *VARIANTS}
        assert {m.category for m in part} == set(CATEGORIES)
    assert {label for m in half("test") for label in m.labels} == set(LABELS)


@pytest.mark.parametrize("tested", PARTS[1:])
def test_no_test_text_echoes_a_training_text(tested: str) -> None:
    first = {gram for m in half("train") if m.listed for gram in grams(m.text)}
    others = defaultdict(set)
    for m in half("train"):
        if not m.listed:
            for gram in grams(m.text):
                others[gram].add((m.author, m.id))
    stock = {gram for gram, held in others.items() if len({author for author, _ in held}) >= STOCK}
    for message in half(tested):
        own = grams(message.text)
        assert sum(gram in first for gram in own) <= SHARE * len(own), message
        most = Counter(held for gram in own - stock for held in others.get(gram, ())).most_common(1)
        assert not most or most[0][1] <= max(1, ONE * len(own)), (message, most)


def grams(text: str) -> set[tuple[str, ...]]:
    """The runs of four words of a text as it is heard."""
    words = normalise(text).split()
    return {tuple(words[i : i + 4]) for i in range(len(words) - 3)}

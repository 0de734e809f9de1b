"""Word patterns: which of them a token is, and that a long token costs no more than a short one."""

from __future__ import annotations

from policies.content.word_index import WordIndex


class Counted(dict[str, set[int]]):
    """Counts how often it is asked."""

    asked = 0

    def get(self, *key: object) -> object:  # type: ignore[override]
        self.asked += 1
        return super().get(*key)  # type: ignore[call-overload]


def test_a_word_of_a_hundred_thousand_letters_is_looked_up_as_often_as_a_short_one() -> None:
    index = WordIndex()
    number = index.number_of("sale*")
    index.begun = Counted(index.begun)
    assert index.numbers(("sale" + "x" * 100_000,), "word", joined=False) == {number}
    assert index.begun.asked == len("sale") + 1
    assert index.numbers(("sal",), "word", joined=False) == frozenset()
    assert index.numbers(("sale",), "word", joined=False) == {number}

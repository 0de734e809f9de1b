"""Whether what a person wrote in an answer is a wish to get no more messages.

The seven words that 47 CFR 64.1200(a)(10) names are known in any case and with any punctuation, alone and in a short
sentence; Russian ones and other turns are our own list (``lexicons/stop_request.yaml``).
"""

from __future__ import annotations

from typing import Literal

from policies.content.lexicon import level, lexicon
from policies.content.normalise import Token, tokens

Wish = Literal["yes", "perhaps", "no"]
SHORT = 8
"""Words of a short sentence; *assumed*."""
FILLERS = frozenset(
    (
        "a", "all", "and", "any", "from", "getting", "i", "id", "it", "like", "me", "messages", "msgs", "my", "now",
        "of", "please", "pls", "receiving", "sms", "subscription", "texting", "texts", "thank", "thanks", "the", "them",
        "these", "this", "to", "want", "would", "you", "your",
    )
)  # fmt: skip
"""Words beside which *end*, *quit* and *cancel* still mean the messages; *assumed*."""


def stop_request(text: str) -> Wish:
    """Return whether ``text`` asks to stop; ``perhaps``: a word for it stands there, in a longer or other sentence."""
    words = tokens(text)
    matches = lexicon("stop_request").matches(text)
    if not matches:
        return "no"
    if len(words) > SHORT:
        return "perhaps"
    if level(matches) == "enough":
        return "yes"
    said = {place for match in matches for place in match.places}
    rest = [word for word in words if (word.start, word.end) not in said]
    return "yes" if all(map(_fills, rest)) else "perhaps"


def _fills(word: Token) -> bool:
    return any(reading in FILLERS for reading in word.readings)

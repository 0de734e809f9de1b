"""Emoji as people see them: a family, a flag, a keycap or a skin tone is one.

A sign counts when Unicode shows it as a picture by default (Emoji_Presentation, Unicode 16) or when the variation
selector 16 asks for the picture. So the copyright sign and the bare telephone do not count.
"""

from __future__ import annotations

import re

_PICTURES = (
    "\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab"
    "\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e"
    "\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55"
    "\U0001f004\U0001f0cf\U0001f18e\U0001f191-\U0001f19a\U0001f201\U0001f21a\U0001f22f\U0001f232-\U0001f236"
    "\U0001f238-\U0001f23a\U0001f250\U0001f251\U0001f300-\U0001f320\U0001f32d-\U0001f335\U0001f337-\U0001f37c"
    "\U0001f37e-\U0001f393\U0001f3a0-\U0001f3ca\U0001f3cf-\U0001f3d3\U0001f3e0-\U0001f3f0\U0001f3f4"
    "\U0001f3f8-\U0001f43e\U0001f440\U0001f442-\U0001f4fc\U0001f4ff-\U0001f53d\U0001f54b-\U0001f54e"
    "\U0001f550-\U0001f567\U0001f57a\U0001f595\U0001f596\U0001f5a4\U0001f5fb-\U0001f64f\U0001f680-\U0001f6c5"
    "\U0001f6cc\U0001f6d0-\U0001f6d2\U0001f6d5-\U0001f6d7\U0001f6dc-\U0001f6df\U0001f6eb\U0001f6ec"
    "\U0001f6f4-\U0001f6fc\U0001f7e0-\U0001f7eb\U0001f7f0\U0001f90c-\U0001f93a\U0001f93c-\U0001f945"
    "\U0001f947-\U0001f9ff\U0001fa70-\U0001fa7c\U0001fa80-\U0001fa89\U0001fa8f-\U0001fac6\U0001face-\U0001fadc"
    "\U0001fadf-\U0001fae9\U0001faf0-\U0001faf8"
)
_SIGNS = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21ff\u2328\u23cf-\u23fa\u24c2\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55"
    "\u3030\u303d\u3297\u3299\U0001f170-\U0001f19a\U0001f202\U0001f237\U0001f300-\U0001f6ff"
)
_ATOM = rf"(?:[{_PICTURES}](?!\ufe0e)\ufe0f?|[{_SIGNS}]\ufe0f|[{_SIGNS}](?=[\U0001f3fb-\U0001f3ff]))"
_TAIL = r"[\U0001f3fb-\U0001f3ff]?[\U000e0020-\U000e007f]*"
# After a joiner the selector is often left out: woman + joiner + the male or female sign is one picture.
_JOINED = rf"(?:\u200d[{_PICTURES}{_SIGNS}\u2640\u2642]\ufe0f?{_TAIL})*"
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}|[\U0001f1e6-\U0001f1ff]"
EMOJI = re.compile(rf"{_FLAG}|[0-9#*]\ufe0f?\u20e3|{_ATOM}{_TAIL}{_JOINED}")


def find_emoji(text: str) -> tuple[tuple[int, int], ...]:
    """Return the place (start, end) of each emoji; one that is composed of several characters has one place."""
    return tuple(found.span() for found in EMOJI.finditer(text))


def count_emoji(text: str) -> int:
    """Return how many emoji a person sees in ``text``."""
    return len(find_emoji(text))

"""Checks of marks that an advertisement on the Internet carries: the word, the token, the advertiser."""

from __future__ import annotations

import re

from policies.content.checks.base import CheckResult, ContentFacts, Params, doubtful, failed, passed
from policies.content.normalise import normalise
from policies.content.text import TemplateText

_TOKEN = re.compile(r"\berid\s*[:=]?\s*(?P<token>[^\s&#,;]*)", re.IGNORECASE)
_FORM = re.compile(r"[A-Za-z0-9]{8,64}")
"""Letters and digits; the length is *assumed*: tokens seen have 10 to 26."""
_MARK = re.compile(r"(?<!\w)реклама(?!\w)", re.IGNORECASE)
_ADVERTISER = re.compile(r"(?<!\w)(?:ооо|пао|ао|ип)\s+[«\"]?\w|(?<!\w)инн\D{0,3}(?:\d{12}|\d{10})(?!\d)", re.IGNORECASE)


def ad_label(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Pass with the word, a well-formed token and the advertiser; fail where some of them are missing.

    Without any of them it is a review: whether the message is a placement that needs them, the text does not tell.
    """
    targets = [button.target for button in text.buttons if button.target]
    said = " ".join([*(written for _, written in text.parts()), *targets])
    tokens = [found["token"] for found in _TOKEN.finditer(said)]
    has = {
        "the word Реклама": bool(_MARK.search(said)),
        "an erid": bool(tokens),
        "the advertiser": bool(_ADVERTISER.search(said)) or _names(said, facts.organisation),
    }
    if not has["the word Реклама"] and not tokens:
        return doubtful("no mark of advertising stands in the text")
    bad = [token for token in tokens if not _FORM.fullmatch(token)]
    if bad:
        return failed(f"'{bad[0]}' is no erid")
    lacking = [name for name, there in has.items() if not there]
    return failed(f"the mark lacks {' and '.join(lacking)}") if lacking else passed("the mark is whole")


def _names(said: str, organisation: str | None) -> bool:
    return organisation is not None and f" {normalise(organisation)} " in f" {normalise(said)} "

"""Checks of what is said: collection, threat, pressure, state imitation, hidden advertising, other messengers."""

from __future__ import annotations

from policies.content.checks.base import (
    CheckResult,
    ContentFacts,
    Found,
    Params,
    doubtful,
    failed,
    forbidden,
    found,
    in_text,
    passed,
)
from policies.content.lexicon import level
from policies.content.normalise import LINK
from policies.content.text import TemplateText

SERVICE = ("service", "transactional", "authentication")
HOSTS = {
    "whatsapp": ("wa.me", "whatsapp.com", "chat.whatsapp.com", "api.whatsapp.com"),
    "telegram": ("t.me", "telegram.me", "telegram.org"),
    "viber": ("viber.com", "viber.me", "chats.viber.com"),
    "vk": ("vk.com", "vk.me", "vk.ru"),
    "max": ("max.ru",),
}
"""Addresses that lead to a messenger."""
NAMES = {
    "whatsapp": ("whats", "вотс", "ватс", "ваца"),
    "telegram": ("telegr", "телегр"),
    "viber": ("viber", "вайб", "виб"),
}
"""How the words of the lexicon ``messengers`` begin, by messenger; the rest belong to VK or others."""


def threat(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on threats of force or damage; with ``legal: true`` also on threats of court, prosecution or seizure."""
    result = forbidden("threat", text, "a threat")
    if not params.get("legal", False):
        return result
    legal = forbidden("legal_threat", text, "a threat of legal action")
    return max(result, legal, key=lambda r: ("pass", "review", "fail").index(r.answer))


def pressure(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on pressure, shame or insult; single words of urgency are reviewed."""
    return forbidden("pressure", text, "psychological pressure")


def state_imitation(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on words that make the message look like one of a court, bailiffs, police or another state body."""
    return forbidden("state", text, "words of a state body")


def promo_in_service(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on advertising in a template of a service category; mixed content counts as advertising."""
    if text.category not in SERVICE:
        return passed("the template is not a service one")
    return forbidden("promo", text, "advertising in a service template")


def other_messengers(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on a link to another messenger than the message's own, review the mere name."""
    links = _links(text)
    if links:
        return failed("the text links to another messenger", links)
    own = NAMES.get(text.channel, ("вк", "vk") if text.channel == "vk" else ())
    named = [f for f in found(in_text("messengers", text)) if not (own and f.words.casefold().startswith(own))]
    return doubtful("the text names another messenger", named) if named else passed("no other messenger is named")


def _links(text: TemplateText) -> list[Found]:
    strange = {host for name, hosts in HOSTS.items() if name != text.channel for host in hosts}
    targets = [(f"buttons[{i}].target", button.target or "") for i, button in enumerate(text.buttons)]
    return [
        Found(link[0], field, *link.span())
        for field, written in [*text.parts(), *targets]
        for link in LINK.finditer(written)
        if host_of(link[0]) in strange
    ]


def host_of(link: str) -> str:
    """Return the host of a link in lower case, without ``www.``."""
    return link.casefold().split("://")[-1].split("/")[0].removeprefix("www.").rstrip(".,!?)")


def bankruptcy_claims(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail where bankruptcy services promise release from debts or come without the warning of the consequences.

    ``warning``: words of the required warning, all of which must stand in the text; the default is *assumed*.
    """
    matches = in_text("bankruptcy", text)
    if not matches:
        return passed("no bankruptcy services")
    promises = [(field, match) for field, match in matches if len(match.words) > 1]
    if promises:
        return failed("the text promises release from debts", found(promises))
    said = " ".join(written for _, written in text.parts()).casefold()
    if not all(word.casefold() in said for word in params.get("warning", ("последстви", "банкротств"))):
        return failed("the warning of the consequences is missing", found(matches))
    strength = level([match for _, match in matches])
    return passed("the warning stands in the text", found(matches)) if strength != "none" else passed()

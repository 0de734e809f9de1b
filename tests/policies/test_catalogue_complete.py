"""Every rule of the researched catalogue for Russia, the core and the channels stands in a pack.

The catalogue is not part of this repository, so its ids are listed here by hand.
"""

from __future__ import annotations

from policies.packs import PACKS, all_rules, load_packs

CATALOGUE = {
    "core": "CLASS-01 TZ-01 TTL-01 OPT-01 OPT-02 CONS-01 CONS-02 CASC-01 DUP-01 REG-01 ID-01 VER-01",
    "ru-ads": (
        "CONS-01 CONS-02 CONS-03 CONS-04 CONS-05 CONS-06 STOP-01 AUTO-01 SVC-01 RES-01 FIN-01 BKR-01 LANG-01 FINE-00"
    ),
    "ru-sms": "CONS-01 CTR-01 BAN-01 BAN-02 NAME-01 TPL-01 SEG-01",
    "ru-pdn": "SEP-01 SEP-02 MKT-01 LOG-01 MIN-01",
    "ru-debt": (
        "TIME-01 TIME-02 CAP-01 CAP-02 CAP-03 CAP-04 ID-01 ID-02 NUM-01 LANG-01 CONT-01 CONT-02 CONT-03 CONT-04 "
        "STAT-01 REF-01 METH-01 ROBOT-01 MSGR-01 REC-01"
    ),
    "ru-msgr": "ORG-01 DATA-01 LIST-01 REACH-01 OTP-01",
    "ru-voice": "CONS-01 BAN-01 LBL-01 FLASH-01 INTL-01",
    "ru-label": "ERID-01 OWN-01 AGE-01 FEE-01",
    "whatsapp": (
        "OPTIN-01 OPTOUT-01 TPL-01 CAT-01 TPL-02 TPL-03 EMOJI-01 AUTH-01 SPELL-01 THREAT-01 DEBT-01 LIMIT-01 QUAL-01 "
        "FREQ-01 US-01 TTL-01"
    ),
    "viber": "OPTIN-01 FIRST-01 TPL-01 SESS-01 CONT-01",
    "vk": "SVC-01 CAP-01 COMM-01",
    "max": "START-01 PHONE-01",
    "telegram": "GW-01 BOT-01",
    "apple": "UNSOL-01 AGENT-01 DEL-01",
    "rcs": "CASE-01 STOP-01",
    "email": "AUTH-01 1CLICK-01 1CLICK-02 SPAM-01 RU-01",
    "bp-promo": (
        "QUIET-01 CONS-CAT-01 REG-01 CAP-01 UNSUB-01 NEG-01 REL-01 RELV-01 EMOJI-01 GRAM-01 ANS-01 AB-01 RATE-01 "
        "COMPL-01 MIX-01 CASC-01 COOL-01"
    ),
}
PREFIXES = {
    "core": "CORE", "whatsapp": "WA", "viber": "VB", "vk": "VK", "max": "MAX", "telegram": "TG", "apple": "AP",
    "rcs": "RCS", "email": "EM", "bp-promo": "BP",
}  # fmt: skip
"""How the ids of a pack begin where not as the pack is called."""

NOTHING_TO_JUDGE = {
    "CORE-VER-01": "about our own report: the manifest names all versions, and tests hold it to that",
    "RU-ADS-FINE-00": "amounts of fines, for weighing other findings",
    "RU-MSGR-LIST-01": "a list of messengers, which the bans of its pack use",
    "RU-LABEL-FEE-01": "a levy on income, no duty of a message",
    "MAX-PHONE-01": "a place kept: no rules for it were found",
}
"""Rules without a check, each with the reason."""


def test_every_rule_of_the_catalogue_stands_in_its_pack() -> None:
    shipped: dict[str, set[str]] = {name: set() for name in CATALOGUE}
    for rule in all_rules(load_packs(PACKS)):
        shipped.setdefault(rule.pack, set()).add(rule.id)
    for pack, words in CATALOGUE.items():
        ids = {f"{PREFIXES.get(pack, pack.upper())}-{word}" for word in words.split()}
        assert shipped[pack] == ids, pack


def test_only_rules_with_a_reason_have_no_check() -> None:
    bare = {rule.id for rule in all_rules(load_packs(PACKS)) if not rule.checks and rule.pack in CATALOGUE}
    assert bare == set(NOTHING_TO_JUDGE)

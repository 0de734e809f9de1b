"""Sites: they add up to what was judged, and their fingerprints tell findings apart and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pytest

from policies.evidence import Evidence
from policies.messages import Messages
from policies.records import CHANNELS
from policies.sites import MAX_SITES, Site, Sites, fingerprint, nowhere, only_steps, same_place, sites_of, told_by
from tests.support.crowd import crowd

SITE = Site("fail", 3, "spring", "sms-step", "sms", "offer")


@dataclass
class Fixed:
    campaign: list[int]
    channel: list[int]
    template: list[int]

    def reaches(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return np.array(self.campaign), np.array(self.channel), np.array(self.template)


@pytest.mark.parametrize("counted", [1 << 20, 1])
def test_messages_are_counted_by_campaign_channel_and_template(counted: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policies.sites.COUNTED", counted)
    rng = np.random.default_rng(5)
    seen = Fixed(*(rng.integers(-1, high, 200).tolist() for high in (3, 9, 7)))
    names = [("a", "b", "c"), CHANNELS, ("t", "u", "v", "w")]  # the last templates have no name
    mask = rng.random(200) < 0.7
    sites = Sites(Messages(np.zeros((200, 1), np.int8), seen, crowd(1), names[0], names[2], ()))
    word = [lambda i, own=own: own[i] if 0 <= i < len(own) else "" for own in names]
    rows = zip(seen.campaign, seen.channel, seen.template, mask.tolist(), strict=True)
    assert sites.count(mask) == Counter((word[0](a), word[1](b), word[2](c)) for a, b, c, taken in rows if taken)
    assert sites.count(np.zeros(200, np.bool_)) == Counter()


@pytest.mark.parametrize("change", [
    {"answer": "review"}, {"campaign": "autumn"}, {"step": "sms-2"}, {"channel": "viber"}, {"template": "other"},
    {"others": 4},
])  # fmt: skip
def test_another_place_or_answer_has_another_fingerprint(change: dict[str, object]) -> None:
    assert fingerprint("A-1", replace(SITE, **change)) != fingerprint("A-1", SITE)


def test_a_fingerprint_depends_on_nothing_else() -> None:
    marked = replace(SITE, count=9, baseline="new")
    assert fingerprint("A-1", marked) == fingerprint("A-1", SITE) == "d2024ad902b3c799d8d88085d58c90e4"
    assert fingerprint("A-2", SITE) != fingerprint("A-1", SITE)
    assert fingerprint("A-1") != fingerprint("A-1", Site("fail", 1))


def test_names_do_not_run_into_each_other() -> None:
    assert fingerprint("A-1", Site("fail", 1, "ab", "c")) != fingerprint("A-1", Site("fail", 1, "a", "bc"))


def test_sites_beyond_the_limit_are_summed_and_none_is_lost() -> None:
    counts = Counter({("fail", "c", "sms", f"t{n:04}"): 1 for n in range(MAX_SITES + 7)})
    counts["fail", "c", "sms", "full"] = 5
    sites = sites_of(counts, {"fail": 2}, nowhere)
    assert sites[0] == Site("fail", 5, "c", "", "sms", "full")
    assert len(sites) == MAX_SITES + 1
    assert sites[-1] == Site("fail", 8 + 2, others=9)
    assert sum(site.count for site in sites) == counts.total() + 2


def test_what_evidence_leaves_out_has_a_site_of_its_own() -> None:
    shown = [Evidence("fail", "late", campaign="c", channel="sms"), Evidence("fail", "late", campaign="c")]
    where, elsewhere = told_by(shown, {"fail": 5, "unknown": 1, "review": 0})
    assert where == {("fail", "c", "sms", ""): 1, ("fail", "c", "", ""): 1, ("unknown", "", "", ""): 1}
    assert elsewhere == {"fail": 3}


def test_a_step_is_named_only_where_no_other_has_the_same_campaign_channel_and_template() -> None:
    step = only_steps([("c", "sms", "t", "first"), ("c", "sms", "t", "again"), ("c", "push", "t", "push")])
    assert [step("c", "sms", "t"), step("c", "push", "t"), step("d", "push", "t")] == ["", "push", ""]


def test_evidence_belongs_to_its_site_or_to_the_rest() -> None:
    rest = Site("fail", 9, others=2)
    assert same_place((SITE, rest), Evidence("fail", "", "x", "spring", "sms", "offer")) == SITE
    assert same_place((SITE, rest), Evidence("fail", "", "x", "spring", "push", "offer")) == rest
    assert same_place((SITE, rest), Evidence("review", "", "x", "spring", "sms", "offer")) is None

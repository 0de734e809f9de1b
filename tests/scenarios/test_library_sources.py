"""The arithmetic of the sources comes out of the engine: each sum is read from a log, none is computed beside it."""

from __future__ import annotations

import math

import pytest

from prelaunch.reports.recipients import recipient_table
from simulator.engine.log import FIELDS
from tests.support.library import RUB, TODAY, play, small

AT, UNTIL, COST, UNITS = (FIELDS.index(name) for name in ("occurred_at", "until", "cost", "units"))
WHO, CAMPAIGN, RULE = (FIELDS.index(name) for name in ("recipient", "campaign", "rule"))
HOUR = 3_600_000_000
SURE_SMS = {"channels.sms.accepted": 1, "channels.sms.delivered": 1}


def test_ten_thousand_codes_by_flash_call_save_12_000_roubles() -> None:
    calls, sms = play("idigital-flash-call"), play("idigital-sms-codes")
    assert len(calls.rows("submitted", "flash_call")) == len(sms.rows("submitted", "sms")) == 10_000
    assert (calls.cost(), sms.cost()) == (8_000 * RUB, 20_000 * RUB)
    assert sms.cost() - calls.cost() == 12_000 * RUB
    assert sms.cost() / calls.cost() == 2.5


def test_a_call_that_does_not_come_through_costs_the_call_and_an_sms() -> None:
    some = play("idigital-flash-call", {"channels.flash_call.delivered": 0.9}, size=1000)
    failed = some.who("failed", "flash_call") | some.who("lapsed", "flash_call")
    assert failed == some.who("submitted", "sms")
    assert 60 < len(failed) < 140
    assert some.cost() == (8 * 1000 * RUB + 20 * len(failed) * RUB) // 10


def test_a_chain_of_three_costs_4_roubles_50_by_whatsapp_and_12_by_sms() -> None:
    chain, sms = small("idigital-whatsapp-chain"), small("idigital-sms-chain")
    reached = chain.who("delivered")
    assert {chain.cost_by_recipient()[who] for who in reached} == {4_500_000}
    assert set(sms.cost_by_recipient().values()) == {12 * RUB}
    assert set(sms.rows("submitted")[:, UNITS].tolist()) == {2}
    assert (sms.cost() / len(sms.who("submitted"))) / (chain.cost() / len(reached)) == pytest.approx(12 / 4.5)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.25, 1.0])
def test_the_chain_pays_off_when_more_than_one_in_six_answers(share: float) -> None:
    overrides = {"channels.whatsapp.replied": share, "channels.whatsapp.delivered": 1}
    chain = play("idigital-whatsapp-chain", overrides, size=400)
    expected = 4.5 * (3 - 2 * share)
    each = chain.cost() / RUB / 400
    # answers to the second message free the third: at most share * (1 - share) of 4.5
    assert expected - 4.5 * share * (1 - share) - 0.45 <= each <= expected + 0.45
    assert (each < 12) == (share > 1 / 6)


@pytest.mark.parametrize(("letters", "segments", "cheaper"), [(70, 1, "sms"), (134, 2, "sms"), (135, 3, "whatsapp")])
def test_one_whatsapp_message_breaks_even_at_two_and_a_quarter_segments(
    letters: int, segments: int, cheaper: str
) -> None:
    first = {"campaigns.0.cascade": [{"channel": "sms", "template": "processing", "stop_on": "never"}]}
    sms = play("idigital-sms-chain", first | {"templates.processing.body": "а" * letters}, size=50)
    first = {"campaigns.0.cascade": [{"channel": "whatsapp", "template": "processing", "stop_on": "never"}]}
    whatsapp = play("idigital-whatsapp-chain", first | {"channels.whatsapp.delivered": 1}, size=50)
    assert sms.cost() == 50 * segments * 2 * RUB
    assert whatsapp.cost() == 50 * 4_500_000
    assert ("sms" if sms.cost() < whatsapp.cost() else "whatsapp") == cheaper


def test_today_messages_inside_the_24_hours_cost_too() -> None:
    now = small("idigital-whatsapp-chain", TODAY)
    costs = {now.cost_by_recipient()[who] for who in now.who("delivered")}
    assert costs == {3_200_000, 6_400_000, 9_600_000}  # 0.04 dollars at 80 roubles: one, two or three delivered


def test_a_service_message_goes_on_when_absent_or_not_read_and_stops_when_read() -> None:
    cascade = small("smartadv-service")
    read = cascade.who("ended", reason="read")
    assert read
    assert not read & cascade.who("submitted", "sms")
    assert cascade.who("absent", "vk") & cascade.who("submitted", "viber")
    assert cascade.who("absent", "vk") & cascade.who("absent", "viber") <= cascade.who("submitted", "sms")


def test_one_in_five_has_a_button_phone_and_gets_the_service_message_by_sms_alone() -> None:
    cascade = small("smartadv-service")
    people = cascade.compiled.people
    button = {who for who in range(len(people)) if people.feature_phone[who]}
    assert len(button) / len(people) == pytest.approx(0.2, abs=0.06)
    assert button <= cascade.who("absent", "vk") & cascade.who("absent", "viber")
    assert button <= cascade.who("submitted", "sms")


def test_the_service_report_says_who_got_it_by_which_channel() -> None:
    cascade = small("smartadv-service")
    rows = recipient_table(cascade.table, str).to_pylist()
    assert len(rows) == len(cascade.who("released"))
    told = {name: {row["recipient"] for row in rows if row["channel"] == name} for name in ("vk", "viber", "sms", "")}
    first = {figures.channel: figures.reached_first for figures in cascade.figures.channels}
    assert {name: len(people) for name, people in told.items() if name} == first
    assert sum(len(people) for people in told.values()) == len(rows)
    assert sum(row["messages_submitted"] for row in rows) == len(cascade.rows("submitted"))


def test_vk_and_viber_are_paid_when_delivered_and_sms_when_handed_over() -> None:
    cascade = small("smartadv-service")
    for channel in ("vk", "viber"):
        assert cascade.cost(channel) == len(cascade.rows("delivered", channel)) * 150_000
    assert cascade.cost("sms") == int(cascade.rows("submitted", "sms")[:, UNITS].sum()) * 2 * RUB


@pytest.mark.parametrize("channel", ["vk", "viber"])
def test_a_single_channel_reaches_fewer_than_the_cascade(channel: str) -> None:
    step = {"channel": channel, "template": f"{channel}-service", "sender": f"mayak-{channel}"}
    alone = play("smartadv-service", {"campaigns.0.cascade": [step]}, size=300)
    assert len(alone.who("delivered")) < 0.6 * len(small("smartadv-service").who("delivered"))


def test_before_the_sender_names_are_registered_only_vk_sends() -> None:
    late = {"submitted": "2021-10-01T10:00", "working_days": 12}
    overrides = {f"senders.{name}.registration": late for name in ("mayak-viber", "MAYAK")}
    early = play("smartadv-service", overrides, size=200)
    assert early.who("delivered") == early.who("delivered", "vk") != set()
    assert early.who("rejected", "sms", reason="sender_not_registered")


def test_the_win_back_goes_from_the_free_channel_to_the_dear_one() -> None:
    cascade = small("manzana-cascade")
    names = ("push", "email", "viber", "sms")
    costs = [cascade.cost(name) / max(len(cascade.rows("submitted", name)), 1) for name in names]
    assert costs == sorted(costs)
    everyone = [{"channel": "sms", "template": "sms-back", "sender": "LAVKA", "stop_on": "delivered"}]
    by_sms = play("manzana-cascade", {"campaigns.0.cascade": everyone}, size=300)
    first_offer = cascade.rows("submitted", step="sms")
    assert len(first_offer) < 0.75 * len(by_sms.rows("submitted", "sms"))


def test_two_weeks_later_whoever_has_bought_meanwhile_is_let_alone() -> None:
    cascade = small("manzana-cascade")
    released = {row[WHO]: row[AT] for row in cascade.rows("released").tolist()}
    looked = {row[WHO]: row[AT] for row in cascade.rows("skipped", reason="guard", step="mail-again").tolist()}
    bought = [(row[WHO], row[AT]) for row in cascade.rows("purchased").tolist()]
    buyers = {who for who, at in looked.items() if any(b == who and released[who] <= t <= at for b, t in bought)}
    assert buyers == set(looked) != set()
    assert all(at - released[who] >= 14 * 24 * HOUR for who, at in looked.items())
    assert not set(looked) & cascade.who("submitted", step="sms-again")


def test_whoever_has_not_bought_by_the_re_check_goes_on() -> None:
    cascade = small("manzana-cascade")
    first = {row[WHO]: row[AT] for row in cascade.rows("purchased").tolist()[::-1]}
    for row in cascade.rows("submitted", step="mail-again").tolist():
        assert first.get(row[WHO], math.inf) > row[AT] - 24 * HOUR  # at most a night of quiet hours after the look


def test_people_buy_without_messages_at_the_rate_of_the_scenario() -> None:
    none = [{"channel": "push", "template": "push-back", "sender": "lavka-app", "stop_on": "never"}]
    quiet = play("manzana-cascade", {"campaigns.0.hold_out": 0.999, "campaigns.0.cascade": none}, size=1500)
    bought = quiet.rows("purchased", reason="without_message")
    assert len(bought) / len(quiet.who("released")) == pytest.approx(0.3 * 25 / 30, rel=0.15)


def test_only_people_who_have_not_bought_for_90_days_are_won_back() -> None:
    cascade = small("manzana-cascade")
    people, model = cascade.compiled.people, cascade.compiled.model
    release = model.campaigns[0].release_at
    last = people.last_order_at[:].tolist()
    churn = {who for who in range(len(people)) if 0 < last[who] <= release - 90 * 24 * HOUR}
    assert cascade.who("released") == churn


def test_an_answered_call_costs_at_least_five_seconds() -> None:
    short = {"channels.voice.duration_s": {"p50_s": 3, "p95_s": 3}}
    called = play("voice-fallback", short, size=200)
    answered = called.rows("delivered", "voice")
    assert set(answered[:, UNITS].tolist()) == {5}
    assert called.cost("voice") == len(answered) * 187_500
    longer = small("voice-fallback").rows("delivered", "voice")
    assert (longer[:, UNITS] >= 5).all()
    assert (longer[:, COST] == longer[:, UNITS] * 37_500).all()
    assert len(set(longer[:, UNITS].tolist())) > 10


def test_whom_the_bot_does_not_reach_gets_the_reserve_and_who_agreed_the_date() -> None:
    called = small("voice-fallback")
    agreed, reserve = called.who("submitted", step="settled"), called.who("submitted", step="reserve")
    assert agreed | reserve == called.who("released")
    assert not agreed & reserve
    assert 0.1 < len(agreed) / len(reserve) < 0.5  # 45 % answer, half of them listen to the end
    assert agreed <= called.who("read", "voice")
    assert called.who("failed", "voice") | called.who("lapsed", "voice") <= reserve


def test_a_call_that_nobody_answers_is_free_and_costs_its_sms() -> None:
    never = play("voice-fallback", {"channels.voice.delivered": 0} | SURE_SMS, size=100)
    assert never.cost("voice") == 0
    assert never.cost() == never.cost("sms") == 100 * 2 * RUB
    assert len(never.who("delivered", "sms")) > 90  # dead numbers get nothing


def test_complaints_lower_the_limit_after_a_week_of_red() -> None:
    offers = play("edna-promo", {"campaigns.1.sample": 420}, size=3500)
    red = next(row[AT] for row in offers.rows("quality_changed", reason="red").tolist())
    (fell,) = offers.rows("limit_changed", reason="quality").tolist()
    assert fell[UNITS] == 1000
    assert fell[AT] == red + 7 * 24 * HOUR
    refused = offers.rows("rejected", reason="limit")
    assert set(refused[:, CAMPAIGN].tolist()) == {2}
    assert len(refused) > 300


def test_few_complaints_lower_no_limit() -> None:
    few = {"channels.whatsapp.complained": 0.002, "campaigns.1.sample": 300}
    offers = play("edna-promo", few, size=2500)
    assert not len(offers.rows("limit_changed", reason="quality"))
    assert not len(offers.rows("rejected", reason="limit"))


def test_today_the_limit_belongs_to_the_portfolio_and_stays() -> None:
    overrides = {"campaigns.1.sample": 300, "channels.whatsapp.available": True}
    offers = play("edna-promo", overrides, size=2500, as_of=TODAY)
    assert len(offers.rows("quality_changed", reason="red"))
    assert not len(offers.rows("limit_changed", reason="quality"))


def test_an_observed_notice_of_debt_goes_out_and_is_reported() -> None:
    notice = small("debt-notice")
    found = notice.findings()
    assert found["WA-DEBT-01"].verdict == "violated"
    assert found["WA-DEBT-01"].failed == len(notice.rows("submitted", "whatsapp")) > 0
    assert found["RU-DEBT-TIME-01"].verdict == "violated"
    assert not len(notice.rows("held"))


def test_an_enforced_notice_of_debt_is_denied_on_whatsapp_and_waits_for_eight_in_the_morning() -> None:
    notice = play("debt-notice", size=300, gate="enforce")
    rules = notice.compiled.model.rule_names
    assert not len(notice.rows("submitted", "whatsapp"))
    assert {rules[row[RULE]] for row in notice.rows("denied", "whatsapp").tolist()} == {"WA-DEBT-01"}
    people, release = notice.compiled.people, notice.compiled.model.campaigns[0].release_at
    east = {"Europe/Kaliningrad": 1, "Europe/Moscow": 0, "Asia/Yekaterinburg": -2}
    zones = [zones[0] for zones in people.zone_sets]
    for row in notice.rows("held", "sms").tolist():
        assert rules[row[RULE]] == "RU-DEBT-TIME-01"
        zone = zones[people.zone_set[row[WHO]]]
        assert (row[AT], row[UNTIL]) == (release, release + (10 + east[zone]) * HOUR)
    sent = {row[WHO]: row[AT] for row in notice.rows("submitted", "sms").tolist()}
    held = notice.who("held", "sms")
    early = notice.who("submitted", "sms") - held
    assert {zones[people.zone_set[who]] for who in held} == {"Europe/Moscow", "Asia/Yekaterinburg"}
    assert {zones[people.zone_set[who]] for who in early} == {"Europe/Kaliningrad"}  # nine in the evening there
    assert all(sent[who] >= release + 8 * HOUR for who in held)


def test_obeying_leaves_nothing_of_the_debt_pack_violated() -> None:
    found = play("debt-notice", size=300, gate="enforce").findings()
    assert not [rule for rule, result in found.items() if result.verdict == "violated"]
    assert found["WA-DEBT-01"].enforced > 0


def test_a_bank_may_not_use_a_foreign_messenger_for_debts_today() -> None:
    assert "RU-DEBT-MSGR-01" not in small("debt-notice").findings()
    assert small("debt-notice", TODAY).findings()["RU-DEBT-MSGR-01"].verdict == "violated"


def test_only_debtors_get_the_notice() -> None:
    notice = small("debt-notice")
    people = notice.compiled.people
    owing = {who for who in range(len(people)) if people.overdue_micro[who] > 0}
    assert notice.who("released") == owing

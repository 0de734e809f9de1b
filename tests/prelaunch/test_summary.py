"""The summary of a run: hand-computed figures, exact money, independence of the order of rows, the schema."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import jsonschema
import numpy as np
import pytest

from policies.errors import InputError
from policies.records import MINUTE, NEVER
from prelaunch.summary.figures import _difference, divided
from prelaunch.summary.model import Summary
from prelaunch.summary.plain import decimal_text, schema_text
from prelaunch.summary.reach import POINTS, nearest_rank
from prelaunch.summary.summarise import summarise
from tests.prelaunch.fake_logs import FACTS, RANDOM_FACTS, RUB, START, hand_made, random_log, row, table


@pytest.fixture(scope="module")
def hand() -> Summary:
    return summarise(table(hand_made()), FACTS)


@pytest.fixture(scope="module")
def large() -> Summary:
    return summarise(random_log(2000), RANDOM_FACTS)


def test_recipients_are_counted_apart_from_the_hold_out_group(hand):
    assert (hand.in_all.released, hand.in_all.held_out, hand.in_all.people) == (4, 1, 4)


def test_a_person_in_two_campaigns_is_two_recipients(large):
    assert (large.in_all.released, large.in_all.people) == (4000, 2000)
    assert [c.figures.released for c in large.campaigns] == [2000, 2000]


def test_reach_by_fate_and_by_report_differ_where_a_report_is_lost(hand):
    lost = [
        r for r in hand_made() if not (r["event"] == "delivered" and r["recipient"] == "bob" and "received_at" in r)
    ]
    reach = summarise(table(lost), FACTS).in_all.reach
    assert (reach.delivered_fate, reach.delivered_report) == (3, 2)
    assert (hand.in_all.reach.delivered_fate, hand.in_all.reach.delivered_report) == (3, 3)
    assert (hand.in_all.reach.read_fate, hand.in_all.reach.read_report) == (1, 1)


def test_a_report_of_reading_proves_delivery():
    log = [row("released", "ann"), row("delivered", "ann", 1, 1), row("read", "ann", 2, 1, heard=3)]
    result = summarise(table(log), FACTS).in_all
    assert result.reach.delivered_report == 1
    assert result.time_to_reach.delivered_report.p50_us == 3 * MINUTE


def test_time_to_reach_runs_from_release_to_the_first_delivery(hand):
    took = hand.in_all.time_to_reach
    assert (took.delivered_fate.n, took.delivered_fate.p50_us) == (3, 2 * MINUTE)
    assert took.delivered_fate.p95_us == (24 * 60 + 1) * MINUTE
    assert took.delivered_report.p50_us == 62 * MINUTE  # bob's first report is that of his SMS
    assert took.read_report.p90_us == 5 * MINUTE


@pytest.mark.parametrize(("n", "percent", "expected"), [(1, 50, 1), (2, 50, 1), (3, 50, 2), (10, 90, 9), (11, 90, 10),
                                                        (20, 95, 19), (21, 95, 20), (0, 50, None)])  # fmt: skip
def test_nearest_rank(n, percent, expected):
    assert nearest_rank(np.arange(1, n + 1), percent) == expected


def test_cost_is_split_by_channel_and_charge_and_fees_stay_apart(hand):
    split = {(c.channel, c.charge): (c.rows, c.units, c.cost_micro) for c in hand.in_all.charges}
    assert split == {("viber", "delivered"): (2, 2, 2 * RUB), ("sms", "submit"): (3, 4, 10 * RUB)}
    assert [(f.sender, f.reason, f.cost_micro) for f in hand.fees] == [("brand", "name", 100 * RUB)]
    assert (hand.in_all.cost_micro, hand.in_all.fees_micro) == (112 * RUB, 100 * RUB)
    assert hand.in_all.cost_micro == hand.in_all.fees_micro + sum(c.cost_micro for c in hand.in_all.charges)
    assert hand.campaigns[0].figures.cost_micro == 12 * RUB


def test_cost_per_reached_is_rounded_half_to_even(hand):
    assert hand.in_all.cost_per_delivered_micro == 37_333_333
    assert [divided(5, 2), divided(7, 2), divided(-5, 2), divided(2, 3), divided(1, 0)] == [2, 4, -2, 1, None]


def test_purchases_with_and_without_a_message_and_the_hold_out_group(hand):
    bought = hand.in_all.purchases
    assert (bought.by_message, bought.without_message) == (1, 2)
    assert (bought.messaged, bought.messaged_buyers, bought.held_out, bought.held_out_buyers) == (4, 2, 1, 1)
    assert bought.difference == pytest.approx(-0.5)
    assert bought.difference_high - bought.difference == pytest.approx(1.959964 * 0.25)


def test_the_interval_of_a_difference_uses_the_size_of_each_group():
    difference, low, high = _difference(30, 100, 10, 50)
    assert difference == pytest.approx(0.1)
    assert high - difference == pytest.approx(difference - low) == pytest.approx(1.959964 * (0.0021 + 0.0032) ** 0.5)


def test_a_purchase_outside_any_campaign_counts_once_the_recipient_was_taken_up():
    log = [row("released", "ann", 10), row("released", "bob", 10)]
    log += [{"event": "purchased", "recipient": who, "occurred_at": START + at * MINUTE, "reason": "without_message"}
            for who, at in (("ann", 10), ("bob", 9), ("stranger", 20))]  # fmt: skip
    bought = summarise(table(log), FACTS).in_all.purchases
    assert (bought.messaged_buyers, bought.without_message) == (1, 3)


def test_without_a_hold_out_group_there_is_no_difference(large):
    assert large.in_all.purchases.difference is None


def test_duplicates_are_recipients_with_more_than_one_message(hand):
    assert hand.in_all.duplicates.recipients == 1
    assert (hand.in_all.duplicates.extra_messages, hand.in_all.duplicates.most) == (1, 2)


def test_the_funnel_follows_the_scenario_and_keeps_unused_steps():
    steps = summarise(table([row("submitted", "ann", 0, 2), row("delivered", "ann", 1, 2)]), FACTS).campaigns[0].steps
    assert [(s.step, s.channel, s.arrived, s.reached) for s in steps] == [("1-viber", "viber", 0, 0),
                                                                          ("2-sms", "sms", 1, 1)]  # fmt: skip


def test_each_step_tells_whom_it_came_to_and_whom_it_reached_first(hand):
    viber, sms = hand.campaigns[0].steps
    assert (viber.arrived, viber.reached, viber.reached_first, viber.cost_micro) == (4, 2, 2, 2 * RUB)
    assert (sms.arrived, sms.reached, sms.reached_first, sms.cost_micro) == (3, 2, 1, 10 * RUB)
    assert (viber.tally.denied, viber.tally.absent, sms.tally.held, sms.tally.failed) == (1, 1, 1, 1)


def test_channels_stand_in_the_order_of_the_records_and_only_those_that_carried_messages(hand):
    found = [(c.channel, c.reached_first, c.tally.submitted) for c in hand.in_all.channels]
    assert found == [("viber", 2, 2), ("sms", 1, 3)]


def test_stops_are_counted_by_event_rule_reason_and_channel(hand):
    found = {(s.event, s.rule, s.reason, s.channel): (s.attempts, s.recipients) for s in hand.stops}
    assert found == {("absent", None, "no_address", "viber"): (1, 1), ("denied", "BP-1", "denied", "viber"): (1, 1),
                     ("held", "BP-2", None, "sms"): (1, 1), ("failed", None, "dead", "sms"): (1, 1)}  # fmt: skip


def test_a_recipient_held_twice_is_two_attempts_of_one_recipient():
    log = [row("held", "ann", m, 1, rule="R", until=START) for m in (0, 5)] + [row("held", "bob", 0, 1, rule="R")]
    (stop,) = summarise(table(log), FACTS).stops
    assert (stop.attempts, stop.recipients) == (3, 2)


def test_holds_fall_into_the_hours_of_the_scenario_zone(hand):
    assert {h.hour: (h.held, h.until) for h in hand.hold_hours if h.held or h.until} == {9: (1, 1)}


def test_the_hour_of_holding_and_the_hour_of_letting_go_are_counted_apart():
    held = summarise(table([row("held", "ann", 0, 1, until=START + 120 * MINUTE)]), FACTS).hold_hours
    assert {h.hour: (h.held, h.until) for h in held if h.held or h.until} == {9: (1, 0), 11: (0, 1)}


def test_of_two_deliveries_at_one_instant_the_channel_first_by_name_counts_whatever_the_order_of_rows():
    rows = [row("delivered", "ann", 1, 1), row("delivered", "ann", 1, 2)]
    for order in (rows, rows[::-1]):
        channels = summarise(table(order), FACTS).in_all.channels
        assert {c.channel: c.reached_first for c in channels} == {"viber": 0, "sms": 1}


def test_an_hour_of_an_odd_offset_and_a_change_of_clocks_are_right():
    before = 1_635_640_200_000_000  # 2021-10-31 00:30 UTC: 02:30 in Berlin, an hour before clocks go back
    log = [row("held", "ann", occurred_at=at) for at in (before, before + 60 * MINUTE)]
    for zone, hour in (("Europe/Berlin", 2), ("Asia/Kathmandu", 6)):
        held = summarise(table(log), replace(FACTS, zone=zone)).hold_hours
        assert held[hour].held == (2 if zone == "Europe/Berlin" else 1)


def test_states_are_listed_in_order_of_time(hand):
    assert [(s.event, s.value, s.reason) for s in hand.states] == [("quality_changed", None, "red"),
                                                                   ("limit_changed", 1000, "flagged")]  # fmt: skip


def test_a_limit_that_is_lifted_has_no_value():
    (state,) = summarise(table([row("limit_changed", units=NEVER)]), FACTS).states
    assert (state.value, state.unlimited) == (None, True)


def test_the_reach_curve_ends_at_the_reach_and_never_falls(large):
    points, reach = large.reach_over_time, large.in_all.reach
    assert len(points) <= POINTS + 2
    assert (points[-1].delivered_fate, points[-1].read_report) == (reach.delivered_fate, reach.read_report)
    assert all(a.at < b.at and a.delivered_fate <= b.delivered_fate for a, b in pairwise(points))


def test_the_order_of_rows_and_the_coding_of_texts_do_not_matter(large):
    log = random_log(2000)
    mixed = log.take(np.random.default_rng(0).permutation(len(log)))
    assert summarise(mixed, RANDOM_FACTS) == large
    assert summarise(table(hand_made(), encode=False), FACTS) == summarise(table(hand_made()[::-1]), FACTS)


def test_parts_of_campaigns_add_up_to_the_whole(large):
    for name in ("released", "cost_micro", "held_out"):
        assert sum(getattr(c.figures, name) for c in large.campaigns) == getattr(large.in_all, name)
    assert sum(s.reached_first for c in large.campaigns for s in c.steps) == large.in_all.reach.delivered_fate
    assert sum(c.reached_first for c in large.in_all.channels) == large.in_all.reach.delivered_fate


def test_several_replications_give_intervals_and_the_tables_of_the_first(large):
    import pyarrow as pa

    both = summarise(pa.concat_tables([random_log(2000, replication=r) for r in (1, 0)]), RANDOM_FACTS)
    assert (both.shown, both.in_all, len(both.replications)) == (0, large.in_all, 2)
    cost = next(e for e in both.estimates if e.name == "cost")
    assert cost.low < cost.mean < cost.high
    assert cost.mean == pytest.approx(sum(m.cost_micro for m in both.replications) / 2e6)


def test_an_empty_log_has_a_summary_without_reach():
    result = summarise(table([]), FACTS)
    assert (result.rows, result.in_all.released, result.in_all.cost_per_delivered_micro) == (0, 0, None)
    assert result.first_at is None
    assert (result.reach_over_time, result.hold_hours, result.states) == ((), (), ())


def test_a_missing_column_and_an_unknown_event_are_input_errors():
    with pytest.raises(InputError, match="occurred_at: the column is missing"):
        summarise(table(hand_made()).drop_columns(["occurred_at"]), FACTS)
    with pytest.raises(InputError, match="unknown event 'sent'"):
        summarise(table([row("sent", "ann")]), FACTS)


@pytest.mark.parametrize("name", ["cost", "until", "rule", "step", "received_at", "channel", "campaign", "reason"])
def test_a_log_without_a_nullable_column_is_summarised_all_the_same(name):
    assert summarise(table(hand_made()).drop_columns([name]), FACTS).rows == len(hand_made())


AS_TEXT = {0: "0.00", 1: "0.000001", 1_500_000: "1.50", -2_345_678: "-2.345678", 10**18: "1000000000000.00"}


@pytest.mark.parametrize(("micro", "text"), AS_TEXT.items())
def test_money_is_exact_decimal_text(micro, text):
    assert decimal_text(micro) == text


@pytest.mark.parametrize("rows", [hand_made(), []], ids=["hand-made", "empty"])
def test_the_json_meets_the_published_schema(rows, repository):
    schema = json.loads((repository / "docs/summary.schema.json").read_text("utf-8"))
    value = json.loads(json.dumps(summarise(table(rows), FACTS).to_json()))
    jsonschema.Draft202012Validator(schema).validate(value)


def test_the_published_schema_is_fresh(repository):
    published = (repository / "docs/summary.schema.json").read_text("utf-8")
    assert published == schema_text(Summary, "Summary of a run")

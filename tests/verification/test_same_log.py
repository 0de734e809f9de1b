"""The log's hash: the same on every run, in every order of rows, under both schedulers, on any number of cores."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa
import pytest

from policies.people import Coded, People
from scenarios.experiments.simulate import simulate
from simulator import draws
from simulator.engine.log import Matrix, log_hash
from tests.support.crowd import crowd
from tests.support.small import Raw, campaign, compiled, ran, rehearse, scenario, step, sure

LIVELY = {"delivered": 0.9, "read": 0.6, "clicked": 0.5, "replied": 0.2, "complained": 0.1, "purchased": 0.2}
SLOW = {"p50_s": 40, "p95_s": 4000}


def lively(*more: Raw, **changes: object) -> Raw:
    channels = {name: sure(**LIVELY, delivery=SLOW, throughput_per_s=0.2) for name in ("viber", "whatsapp", "sms")}
    channels["sms"]["prices"] = [{"event": "submit", "price": 3}]
    first = campaign(
        step("viber", stop_on="clicked", wait_s=3600), step("whatsapp", stop_on="read", wait_s=600), step("sms")
    )
    rule = {"id": "cap", "kind": "frequency_cap", "params": {"caps": [{"count": 2, "period": "cal_day"}]}}
    return scenario(
        first, *more, channels=channels, staff={"people": 1}, guards={"rules": [rule]},
        people={"engagement_sigma": 0.7, "fatigue_per_message": 0.1, "activity": "waking", "purchases_per_30_days": 5},
        **changes,
    )  # fmt: skip


def shuffled(people: People, seed: int = 3) -> People:
    """The same people in another order of rows."""
    order = np.random.default_rng(seed).permutation(len(people))
    changed: dict[str, object] = {}
    for field in dataclasses.fields(people):
        value = getattr(people, field.name)
        if isinstance(value, Coded):
            changed[field.name] = value.take(order)
        elif isinstance(value, np.ndarray) and len(value) == len(people) and field.name != "consents":
            changed[field.name] = value[order]
    changed["ids"] = people.ids_of(order)
    changed["attributes"] = {name: column.take(pa.array(order)) for name, column in people.attributes.items()}
    return dataclasses.replace(people, **changed)  # type: ignore[arg-type]


PEOPLE = crowd(80, zones=(("Europe/Moscow",), ("Asia/Omsk",)))


@pytest.fixture(scope="module")
def base() -> int:
    return rehearse(lively(), PEOPLE).hash


def test_two_runs_have_the_same_hash(base: int) -> None:
    assert rehearse(lively(), PEOPLE).hash == base


def test_compiled_code_has_the_hash_of_the_reference(base: int) -> None:
    assert rehearse(lively(), PEOPLE, engine="compiled").hash == base


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_the_order_of_the_bases_rows_does_not_matter(base: int, engine: str) -> None:
    other = shuffled(PEOPLE)
    assert other.ids.to_pylist() != PEOPLE.ids.to_pylist()
    assert rehearse(lively(), other, engine=engine).hash == base  # type: ignore[arg-type]


def test_the_order_of_the_logs_rows_does_not_matter(base: int) -> None:
    done = rehearse(lively(), PEOPLE)
    assert log_hash(Matrix(done.matrix[::-1]), done.compiled.model, 0) == base


def test_another_seed_and_another_replication_have_other_hashes(base: int) -> None:
    other_seed = rehearse(lively(seed=2), PEOPLE).hash
    replication = rehearse(lively(), PEOPLE, replication=1).hash
    assert len({base, other_seed, replication}) == 3


def test_one_forced_draw_changes_the_hash(base: int) -> None:
    done = rehearse(lively(), PEOPLE)
    who = done.all("delivered")[0].recipient
    script = [{"recipient": f"P{who:05d}", "channel": "viber", "purpose": "delivered", "value": 0.999999}]
    assert rehearse(lively(script=script), PEOPLE).hash != base


@pytest.mark.parametrize("column", range(18))
def test_every_column_enters_the_hash(column: int) -> None:
    done = rehearse(lively(), PEOPLE)
    changed = done.matrix.copy()
    row = next(n for n, line in enumerate(changed) if line[column] >= 0)
    changed[row, column] += 1 if changed[row, column] == 0 else -1
    assert log_hash(Matrix(changed), done.compiled.model, 0) != done.hash


def test_the_number_of_cores_does_not_matter() -> None:
    model = compiled(lively(), PEOPLE)
    one, two = (simulate([model], 3, jobs=jobs)[0].hash(model) for jobs in (1, 2))
    assert one == two
    whole = sum(ran(model, replication=n).hash for n in range(3)) % 2**128
    assert one == f"{whole:032x}"


def own_rows(raw: Raw, name: str) -> list[tuple[object, ...]]:
    done = rehearse(raw, PEOPLE)
    rows = [dataclasses.astuple(row) for row in done.rows if row.campaign == name]
    assert len(rows) > 100
    return rows


def test_a_campaign_with_other_people_and_senders_changes_no_row_of_ours() -> None:
    ours = [{"attribute": "segment", "one_of": ["new", "loyal"]}]
    theirs = [{"attribute": "segment", "equals": "churn"}]
    alone = lively()
    alone["campaigns"][0]["only"] = ours
    other = campaign(step("push", wait_s=60), step("email", wait_s=60), id="another", only=theirs)
    both = lively(other)
    both["campaigns"][0]["only"] = ours
    assert own_rows(alone, "offer") == own_rows(both, "offer")
    both["campaigns"].reverse()
    assert own_rows(alone, "offer") == own_rows(both, "offer")


def test_a_step_put_before_changes_nobodys_luck_on_the_next_channel() -> None:
    """Whether and how fast an SMS arrives does not depend on a push that stops nobody."""
    sms = sure(delivered=0.5, delivery=SLOW)
    alone = rehearse(scenario(campaign(step("sms")), channels={"sms": sms}), PEOPLE)
    after = rehearse(scenario(campaign(step("push", wait_s=0), step("sms")), channels={"sms": sms}), PEOPLE)
    fates = [
        [
            (row.event, row.at, row.recipient)
            for row in done.all("delivered", "failed", where=lambda row: row.channel == "sms")
        ]
        for done in (alone, after)
    ]
    assert fates[0] == fates[1]


def test_a_retry_draws_anew() -> None:
    steps = [step("sms", wait_s=7200) for _ in range(2)]
    done = rehearse(scenario(campaign(*steps), channels={"sms": sure(delivered=0.5)}), PEOPLE)
    first, second = ({row.recipient for row in done.all("delivered") if row.attempt == n} for n in (0, 1))
    assert first - second
    assert second - first


def test_a_trait_is_the_same_in_every_campaign_and_another_in_every_replication() -> None:
    key = draws.combine_array(draws.run_key(1, 0), PEOPLE.key)
    again = draws.combine_array(draws.run_key(1, 1), PEOPLE.key)
    purpose = draws.PURPOSE["engagement"]
    assert (draws.draw_array(key, purpose) != draws.draw_array(again, purpose)).all()

"""``--set FIELD=VALUE``: a value is what it would be in the scenario file."""

from __future__ import annotations

import pytest

from policies.errors import InputError
from scenarios.settings import overrides


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[10:00,20:00]", ["10:00", "20:00"]),
        ("{workday: [10:00, 20:00]}", {"workday": ["10:00", "20:00"]}),
        ("12:30", "12:30"),
        ("2026-03-02", "2026-03-02"),
        ("no", "no"),
        ("3", 3),
        ("0.5", 0.5),
        ("true", True),
        ("a=b", "a=b"),
        ("", None),
        ("Скидка", "Скидка"),
    ],
)
def test_a_value_is_read_as_in_a_scenario_file(text: str, value: object) -> None:
    assert overrides([f"clock.x={text}"]) == {"clock.x": value}


def test_all_faults_are_told_each_with_its_option_and_what_to_do() -> None:
    with pytest.raises(InputError) as error:
        overrides(["seed", "=3", "a=[10:00,20:00)", "b=!!python/object:x {}", "seed=4"])
    first, second, third, fourth = map(str, error.value.problems)
    assert first.startswith("--set seed: has no =")
    assert second.startswith("--set =3: has no =")
    assert third.startswith("--set a=[10:00,20:00): this is not YAML")
    assert "close the brackets" in third
    assert "is not supported" in fourth

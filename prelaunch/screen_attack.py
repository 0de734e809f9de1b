"""What ``prelaunch attack`` says: where it looked, the worst it found, and how to see it again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from policies.records import CHANNELS
from prelaunch.attacking import Attack
from prelaunch.layout import say
from prelaunch.reports.numbers import count, money
from prelaunch.summary.plain import decimal_text
from scenarios.attack.goals import Seen
from scenarios.model import Forced

if TYPE_CHECKING:
    from rich.console import Console


def show_attack(console: Console, attacked: Attack, replay: str) -> None:
    """Print the result; it never says that a scenario is safe."""
    say(console, "looked within these bounds:", style="bold")
    for line in attacked.domain:
        say(console, line.lstrip(), first=2 + len(line) - len(line.lstrip()), indent=6)
    found = attacked.found
    if found is None:
        return
    end = "no single change of the worst case makes it worse" if found.settled else "more examples may find worse"
    looked = (
        f"{count(found.tried)} cases looked at, {count(found.played)} plays, those of cutting the worst down included"
    )
    say(console, f"{looked}; {end}")
    if attacked.witness is None:
        say(console, f"{nothing(attacked.goal)} among them; that proves nothing of the others", style="bold")
        return
    say(console, f"worst: {value_words(attacked, found.seen)}", style="bold red", word="worst")
    for line in found.seen.words:
        say(console, line, first=2)
    for line in how(attacked):
        say(console, line, first=2, style="dim")
    if replay:
        say(console, f"replay: {replay}")


def nothing(goal: str) -> str:
    """Return the result of an attack that found nothing."""
    return {"violations": "no rule was broken", "cost": "nothing was charged", "duplicates": "nothing arrived"}[goal]


def value_words(attacked: Attack, seen: Seen) -> str:
    """Return the worst value in words."""
    if attacked.goal == "cost":
        return f"{money(seen.value, attacked.currency)} for one recipient"
    if attacked.goal == "duplicates":
        once = "arrives once" if seen.value == 1 else f"arrives {count(seen.value)} times"
        return f"the same content {once} at one recipient"
    rules = "1 rule" if len(seen.rules) == 1 else f"{count(len(seen.rules))} rules"
    return f"{rules} broken by the messages to one recipient"


def how(attacked: Attack) -> Iterator[str]:
    """Yield how it comes about: the recipient, the forced outcomes, releases, outages."""
    assert attacked.found is not None
    assert attacked.witness is not None
    case, scenario = attacked.found.case, attacked.witness.scenario
    for row in attacked.witness.people:
        told = ", ".join(f"{name} {value}" for name, value in row.items() if value and name in _TOLD)
        yield f"recipient {row['customer_id']}: {told}"
    for forced in case.script:
        yield f"forced: {forced_words(forced)}"
    if not case.script:
        yield "no forced outcome: the seed draws it so"
    for campaign, minutes in zip(scenario.campaigns, case.releases, strict=True):
        if len(case.releases) > 1 and not minutes:
            continue
        yield f"{campaign.id} released at {campaign.release_at}" + (f", {count(minutes)} min later" if minutes else "")
    for outage in case.outages:
        yield f"outage of {outage.channel} from {outage.start} to {outage.end} ({outage.then})"


_TOLD = (
    "time_zone", "subdivision", "phone", "email", "push_token", *(f"has_{name}" for name in CHANNELS),
    "feature_phone", "ads_consent_at", "ads_consent_channels", "opted_out_at", "orders", "overdue_since", "registers",
)  # fmt: skip


def forced_words(forced: Forced) -> str:
    """Return one forced outcome in words."""
    where = f"{forced.campaign}, {forced.channel}, attempt {forced.attempt}"
    return f"{where}: {forced.purpose.replace('_', ' ')} {forced.value:g}"


def attack_as_dict(attacked: Attack, file: str, replay: str) -> dict[str, Any]:
    """Return the result as JSON values; money as exact decimal text, the weight of broken rules as a number."""
    import msgspec

    found = attacked.found
    result: dict[str, Any] = {"goal": attacked.goal, "domain": list(attacked.domain), "worst": None, "file": file,
                              "replay": replay}  # fmt: skip
    if found is None:
        return result
    result |= {
        "examples": found.tried, "played": found.played, "settled": found.settled, "interrupted": found.interrupted
    }  # fmt: skip
    if attacked.witness is None:
        return result
    seen = found.seen
    worst = {
        "value": decimal_text(seen.value) if attacked.goal == "cost" else seen.value,
        "currency": attacked.currency if attacked.goal == "cost" else None,
        "recipient": seen.recipient,
        "words": list(seen.words),
        "rules": [{"id": rule, "severity": severity, "title": title} for rule, severity, title in seen.rules],
        "people": [dict(row) for row in attacked.witness.people],
        "script": [msgspec.to_builtins(forced) for forced in found.case.script],
        "releases_later_min": list(found.case.releases),
        "outages": [msgspec.to_builtins(outage) for outage in found.case.outages],
    }
    return {**result, "worst": worst}

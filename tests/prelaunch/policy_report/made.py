"""A report made by hand, so that a test says in a line what it changes; and a real one of the tiny scenario."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from prelaunch.policy_report.model import (
    Citation,
    Content,
    Disclosed,
    Entry,
    Evidence,
    InputFile,
    Inputs,
    RuleText,
    Step,
    Subject,
    Witness,
)
from prelaunch.policy_report.page import render
from tests.prelaunch.tiny import call, rehearse, write

AT = "2026-03-02T19:30:00Z"


def rule(name: str = "AB-01", **given: Any) -> RuleText:
    """A rule whose words can be told apart."""
    fields: dict[str, Any] = {
        "id": name,
        "pack": "house",
        "version": 1,
        "title": f"Title of {name}",
        "statement": f"Statement of {name}",
        "citation": Citation("Act 7", "art. 3", "https://example.org/7", "2026-11-22"),
        "confidence": "documented",
        "status": "in_force",
        "fix": f"Fix of {name}",
    }
    return RuleText(**{**fields, **given})


def witness(**given: Any) -> Witness:
    """A push that arrives, then an e-mail too late."""
    steps = (
        Step("2026-03-02T17:00:00Z", "2026-03-02 20:00:00 Europe/Moscow", "submitted", "push", "push"),
        Step("2026-03-02T17:00:02Z", "2026-03-02 20:00:02 Europe/Moscow", "delivered", "push", "push"),
        Step(AT, "2026-03-02 22:30:00 Europe/Moscow", "submitted", "mail", "email"),
    )
    return Witness(**{"recipient": "0123456789abcdef", "steps": steps, "violates_at": AT, **given})


def entry(verdict: str = "violated", name: str = "AB-01", **given: Any) -> Entry:
    """A verdict with one piece of evidence if it is a violation."""
    broken = verdict == "violated"
    evidence = (
        Evidence(
            "fail",
            "too late",
            "0123456789abcdef",
            "offer",
            "email",
            "mail-text",
            "news",
            AT,
            "2026-03-02 22:30:00 Europe/Moscow",
            "prelaunch run x.yaml --only 0123456789abcdef",
        ),
    )
    fields: dict[str, Any] = {
        "rule": rule(name),
        "verdict": verdict,
        "severity": "error",
        "tested": 0 if verdict == "not tested" else 40,
        "failed": 3 * broken,
        "review": 0,
        "unknown": 0,
        "evidence": evidence * broken,
        "found": int(broken),
        "witness": witness() if broken else None,
    }
    return Entry(**{**fields, **given})


def content(*entries: Entry, **given: Any) -> Content:
    """A report on a run with these entries."""
    file = InputFile("scenario", "x.yaml", sha256(b"a: 1").hexdigest(), 4, "a: 1")
    fields: dict[str, Any] = {
        "format": 1,
        "prelaunch": "0.1.0",
        "language": "en",
        "subject": Subject("run", "Spring", as_of="2026-03-02", gate="observe", people=9, messages=40, log_hash="ab"),
        "rules": entries or (entry(),),
        "disclosed": Disclosed(),
        "inputs": Inputs((file,), seed=1),
        "versions": {"python": "3.11"},
    }
    return Content(**{**fields, **given})


def page(*entries: Entry, **given: Any) -> str:
    """The page of such a report, unsigned."""
    return render(content(*entries, **given), ()).decode()


def with_rule(report: Content, number: int, **given: Any) -> Content:
    """The report with some fields of one entry replaced."""
    rules = list(report.rules)
    rules[number] = msgspec.structs.replace(rules[number], **given)
    return msgspec.structs.replace(report, rules=tuple(rules))


def tiny_report(folder: Path, *words: object) -> Path:
    """Run the tiny scenario and write its report."""
    run = folder / "run"
    if not run.exists():
        assert rehearse(write(folder), run).code in (0, 1)
    assert call("report", "write", run, "--out", folder / "report.html", *words).code == 0
    return folder / "report.html"

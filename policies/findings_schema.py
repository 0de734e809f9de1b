"""The JSON Schema of findings.json, made from the code's own word lists; published as ``docs/findings.schema.json``."""

from __future__ import annotations

from typing import Any, get_args

from policies.rules import SEVERITY_ORDER, Confidence, Status
from policies.verdicts import Verdict

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
EXPRESSION: Schema = {**TEXT, "description": "an expression; empty where there is none"}
COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": 2**53}  # what JSON and spreadsheets hold exactly
DAY: Schema = {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}-\d{2}$"}
PRINT: Schema = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
ANSWERS = ("fail", "review", "unknown")
LATER = ("when", "unless", "languages")
"""Fields that findings of earlier runs lack."""
BASELINE = ("new", "unchanged", "gone", None)


def findings_schema() -> Schema:
    """Return the schema (2020-12) of the list of findings that a run folder keeps, one item a rule."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Findings of a run",
        "description": "Generated from the code by scripts/findings_schema.py; do not edit.",
        "type": "array",
        "items": {"$ref": "#/$defs/result"},
        "$defs": {
            "result": _result(), "rule": _rule(), "check": _check(), "site": _site(), "evidence": _evidence(),
            "suppressed": _suppressed(),
        },
    }  # fmt: skip


def _record(fields: Schema, optional: tuple[str, ...] = ()) -> Schema:
    required = [name for name in fields if name not in optional]
    return {"type": "object", "properties": fields, "required": required, "additionalProperties": False}


def _list(name: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}


def _marks() -> Schema:
    return {
        "fingerprint": {**PRINT, "description": "the same in every run, whatever its seed, dates and paths"},
        "suppressed": {
            "anyOf": [{"$ref": "#/$defs/suppressed"}, {"type": "null"}],
            "description": "who took responsibility; the finding stays and does not count for the exit code",
        },
        "baseline": {"enum": list(BASELINE), "description": "beside the run it was compared with; null: with none"},
    }


def _result() -> Schema:
    fields = {
        "rule": {"$ref": "#/$defs/rule"},
        "verdict": {"enum": [verdict.value for verdict in Verdict]},
        "severity": {"enum": list(SEVERITY_ORDER), "description": "that of the gravest check that decided"},
        "tested": COUNT,
        "failed": COUNT,
        "review": COUNT,
        "unknown": COUNT,
        "enforced": COUNT,
        "upper_bound": {"type": ["number", "null"], "description": "of the failure rate, 95 %, one-sided"},
        "missing": {**TEXTS, "description": "the inputs that nobody gave"},
        "note": TEXT,
        **_marks(),
        "sites": {**_list("site"), "description": "where all that failed, needs review or lacks an input comes from"},
        "gone": {**_list("site"), "description": "sites of the baseline that are no more"},
        "evidence": {**_list("evidence"), "description": "the first few messages, senders or campaigns that decided"},
    }
    return _record(fields, optional=("fingerprint", "suppressed", "baseline", "sites", "gone"))


def _rule() -> Schema:
    words = dict.fromkeys(("id", "pack", "title", "statement", "rationale", "fix", "note"), TEXT)
    cited = {"act": TEXT, "clause": TEXT, "url": TEXT, "read_on": DAY}
    return _record({
        **words,
        "version": {"type": "integer", "minimum": 1},
        "citation": _record(cited),
        "confidence": {"enum": list(get_args(Confidence))},
        "status": {"enum": list(get_args(Status))},
        **_reach(),
        "checks": _list("check"),
        "examples": _record({"passes": TEXT, "fails": TEXT}),
        "languages": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": TEXT}},
    }, LATER)  # fmt: skip


def _reach() -> Schema:
    places = dict.fromkeys(("channels", "categories", "countries"), TEXTS)
    guards = dict.fromkeys(("when", "unless"), EXPRESSION)
    return {"severity": {"enum": list(SEVERITY_ORDER)}, "effective_from": DAY, "effective_to": DAY, **places, **guards}


def _check() -> Schema:
    return _record({"kind": TEXT, "params": {"type": "object"}, **_reach()}, LATER)


def _site() -> Schema:
    return _record({
        **_marks(),
        "answer": {"enum": list(ANSWERS)},
        "count": COUNT,
        "campaign": TEXT,
        "step": {**TEXT, "description": "empty where several steps share campaign, channel and template"},
        "channel": TEXT,
        "template": TEXT,
        "others": {**COUNT, "description": "above 0: the sum of so many further sites"},
    })  # fmt: skip


def _evidence() -> Schema:
    places = ("recipient", "campaign", "channel", "template", "sender")
    words = dict.fromkeys(("explanation", *places, "local_time", "replay"), TEXT)
    at = {"type": ["string", "null"], "description": "instant, ISO 8601 in UTC", "pattern": r"^\d{4}-.*Z$"}
    return _record({"answer": {"enum": list(ANSWERS)}, **words, "at": at})


def _suppressed() -> Schema:
    return _record({
        "reason": TEXT,
        "approver": TEXT,
        "expires": {"type": "string", "pattern": DAY["pattern"], "description": "the last day on which it holds"},
        "id": TEXT,
        "where": {**TEXT, "description": "file and line of the entry"},
    })  # fmt: skip

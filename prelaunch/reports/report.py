"""The report of a run: one page that needs nothing else, the same bytes for the same run."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from markupsafe import Markup

from policies.findings import Verdict
from prelaunch.reports import verdicts
from prelaunch.reports.charts.cost import cost_chart
from prelaunch.reports.charts.funnel import funnel_chart
from prelaunch.reports.charts.holds import holds_chart
from prelaunch.reports.charts.limits import limits_chart
from prelaunch.reports.charts.reach import reach_chart
from prelaunch.reports.figures import key_figures, obeying_rows
from prelaunch.reports.inputs import ReportInputs
from prelaunch.reports.pages import environment, flat
from prelaunch.reports.recipients import recipients_csv
from prelaunch.summary.model import Figures, Spread, StepFigures, Summary

FUNNELS = 6
"""The most campaigns whose funnel is drawn: the largest ones; all stand in a table."""
MOST_ROWS, MOST_STOPS, MOST_CAMPAIGNS, HEAD = 200, 60, 300, 12
EMBEDDED_BYTES = 300_000
"""Up to this size the list of recipients is also kept inside the page."""
SECTIONS = (
    ("obey", "Cost of obeying"), ("rules", "Rules"), ("funnel", "Funnel"), ("reach", "Reach"), ("cost", "Cost"),
    ("channels", "Channels"), ("limits", "Limits"), ("holds", "Holds"), ("audience", "Audience"),
    ("limits-of-this-report", "Assumed"), ("replay", "Replay"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Funnel:
    """A campaign's funnel with its picture."""

    campaign: str
    category: str | None
    figures: Figures
    steps: tuple[StepFigures, ...]
    chart: Markup


def _svg(text: str) -> Markup:
    """Return a chart's text as it is: its module escapes the names in it."""
    return Markup(text)  # noqa: S704  # written by matplotlib or by style.sentence, both of which escape


def _funnels(summary: Summary) -> list[Funnel]:
    """Return the largest campaigns in the order of the summary."""
    largest = sorted(summary.campaigns, key=lambda c: -c.figures.released)[:FUNNELS]
    chosen = [campaign for campaign in summary.campaigns if campaign in largest]
    return [Funnel(c.campaign, c.category, c.figures, c.steps, _svg(funnel_chart(f"funnel{i}", c.steps)))
            for i, c in enumerate(chosen)]  # fmt: skip


def _reach_rows(figures: Figures) -> list[tuple[str, int, Spread]]:
    names = ("delivered_fate", "delivered_report", "read_fate", "read_report")
    labels = ("delivered, in truth", "delivered, as reported", "read, in truth", "read, as reported")
    return [(label, getattr(figures.reach, name), getattr(figures.time_to_reach, name))
            for label, name in zip(labels, names, strict=True)]  # fmt: skip


def _to_the_minute(row: dict[str, object]) -> dict[str, object]:
    """Return a row of recipients for reading: instants to the minute, their column says UTC."""
    return {f"{name} (UTC)" if name.endswith("_at") else name: str(cell)[:16].replace("T", " ")
            if name.endswith("_at") else cell for name, cell in row.items()}  # fmt: skip


def _recipients(inputs: ReportInputs) -> dict[str, object]:
    """Return the head of the list of recipients, and the list itself as a link when it is small."""
    table = inputs.recipients
    if table is None:
        return {"recipients": [], "recipient_count": 0, "recipients_uri": ""}
    csv = recipients_csv(table) if table.nbytes <= 2 * EMBEDDED_BYTES else b""
    uri = "data:text/csv;charset=utf-8;base64," + b64encode(csv).decode() if 0 < len(csv) <= EMBEDDED_BYTES else ""
    head = [_to_the_minute(row) for row in table.slice(0, HEAD).to_pylist()]
    return {"recipients": head, "recipient_count": len(table), "recipients_uri": uri}


def _charts(summary: Summary) -> dict[str, object]:
    zone = summary.zone
    return {
        "funnels": _funnels(summary),
        "reach_chart": _svg(reach_chart("reach", summary.reach_over_time, summary.in_all.released, zone)),
        "cost_chart": _svg(cost_chart("cost", summary.in_all.charges, summary.currency)),
        "limits_chart": _svg(limits_chart("limits", summary.states, summary.last_at, zone)),
        "holds_chart": _svg(holds_chart("holds", summary.hold_hours, zone)),
    }


def _obeying(inputs: ReportInputs) -> list[tuple[str, str, str]]:
    if inputs.obeying is None and inputs.observing is None:
        return []
    return obeying_rows(inputs.observing or inputs.summary, inputs.obeying or inputs.summary)


def render_report(inputs: ReportInputs) -> str:
    """Return the page as HTML: no scripts, no requests; texts of the audience and of packs are escaped."""
    summary, findings, obeying = inputs.summary, verdicts.in_order(inputs.findings), _obeying(inputs)
    return (
        environment()
        .get_template("report.html")
        .render(
            r=inputs,
            s=summary,
            all=summary.in_all,
            findings=findings,
            anchors={result.rule.id: verdicts.anchor(result) for result in reversed(findings)},
            headline=verdicts.headline(findings),
            broken=any(result.verdict == Verdict.VIOLATED for result in findings),
            verdicts=verdicts.counts(findings),
            meaning=verdicts.MEANING,
            key_figures=key_figures(summary),
            obeying=obeying,
            reach_rows=_reach_rows(summary.in_all),
            rejected=sum(reject.rows for reject in inputs.rejects),
            manifest=flat(inputs.manifest),
            sections=[section for section in SECTIONS if section[0] != "obey" or obeying],
            most_rows=MOST_ROWS,
            most_stops=MOST_STOPS,
            most_campaigns=MOST_CAMPAIGNS,
            **_charts(summary),
            **_recipients(inputs),
        )
    )
